"""From the list of customers to those who are likely the same person."""

from typing import ClassVar

from tui.commands import Command, customers
from tui.screens.found_customers import FoundCustomers


class FindsDuplicates(FoundCustomers):
    """Opens the screen of likely duplicates."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (customers.FindDuplicates,)

    def do_find_duplicates(self) -> None:
        """Show customers who are likely the same person."""
        from tui.screens.likely_same import LikelySameScreen

        self.app.push_screen(LikelySameScreen())

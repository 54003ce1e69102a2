"""What can be made of the customers that were found."""

from typing import ClassVar

from tui.commands import Command, customers
from tui.screens.found_customers import FoundCustomers


class MakesLists(FoundCustomers):
    """Makes a marketing list of what is searched for and filtered by."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (customers.MarketingList,)

    def do_marketing_list(self) -> None:
        """Have a channel picked, and show whom of those found it may be used for."""
        from tui.screens.audience import make_list

        make_list(self.keeptabs, self.search.question, self.names())

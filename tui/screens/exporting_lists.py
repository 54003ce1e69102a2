"""Exporting from the list of customers, those marked or all that are found; and importing into it."""

from typing import TYPE_CHECKING, ClassVar

from textual import work

from tui.commands import Command, customers
from tui.screens.found_customers import FoundCustomers
from tui.terminal.asking_driver import keys_held

if TYPE_CHECKING:
    from client.models import ExportRequest


class ExportsCustomers(FoundCustomers):
    """Exports the customers of the list, and imports others."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (customers.ExportCustomers, customers.ImportCustomers)

    @work(exclusive=True, group="export")
    async def do_export_customers(self) -> None:
        """Ask how, and export the marked customers, or all that are found, into a file."""
        from tui.screens.exporting import export_customers

        whom: ExportRequest | None = None
        with keys_held(self.app):
            async with self.asking("Counting…"):
                whom = await self._exported()
        told = None if whom is None else await export_customers(self.keeptabs, whom)
        if told is not None:
            self.remark(*told)

    async def _exported(self) -> "ExportRequest":
        from client.models import ExportRequest

        marks = self.marks
        if (marks.rows and marks.everyone is None) or marks.excepted:
            rows = await marks.collect(lambda _have, _whole: None)
            return ExportRequest(format="csv", ids=list(rows))
        return ExportRequest(format="csv", search=self.search.question)

    @work(exclusive=True, group="import")
    async def do_import_customers(self) -> None:
        """Ask for a table, and import the customers in it."""
        from tui.screens.importing import import_customers

        told = await import_customers(self.keeptabs)
        if told is not None:
            # Said for good: the rows that are asked for now would take back a remark.
            self.say(*told)
            self.customers_changed()

"""Marking customers in a list, and having one thing done to all that are marked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import work

from client.errors import CustomerApiError
from tui.commands import Command, marking
from tui.screens.base import AppScreen
from tui.services.marks import Everyone, Marks

if TYPE_CHECKING:
    from client.models import CustomerRow
    from tui.screens.pick import Option
    from tui.widgets.customer_list import CustomerList

_LABELLED = ("label", "unlabel")


class MarksCustomers(AppScreen[None]):
    """The part of a screen with a list of customers in which several can be marked."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (
        marking.MarkCustomer,
        marking.MarkAll,
        marking.WorkOnMarked,
    )

    def __init__(self) -> None:
        super().__init__()
        self.marks = Marks()

    @property
    def marked_list(self) -> "CustomerList":
        """The list in which customers are marked."""
        raise NotImplementedError

    def everyone(self) -> Everyone | None:
        """Give all that are found; None while that is not known, or nobody is."""
        raise NotImplementedError

    def marks_changed(self) -> None:
        """Show the marks and how many there are."""
        raise NotImplementedError

    def customers_changed(self) -> None:
        """Fetch again what is shown: customers are other than before."""
        raise NotImplementedError

    def can(self, name: str) -> bool:
        """Say what works now."""
        if name == "mark_customer":
            return self.marked_list.customer is not None
        if name == "mark_all":
            return bool(self.marks) or self.everyone() is not None
        if name == "work_on_marked":
            return bool(self.marks)
        return super().can(name)

    def do_mark_customer(self) -> None:
        """Mark the customer at the marker, or take the mark off, and go on to the next."""
        customer = self.marked_list.customer
        if customer is not None:
            self.marks.toggle(customer)
            self._tell_marks()
            self.marked_list.do_next()

    def do_mark_all(self) -> None:
        """Mark all that are found; with all marked, take all marks off."""
        everyone = self.everyone()
        if self.marks.everyone is not None or everyone is None:
            self.marks.clear()
        else:
            self.marks.mark_all(everyone)
        self._tell_marks()

    def _tell_marks(self) -> None:
        self.marks_changed()
        self.refresh_bindings()

    @work(exclusive=True, group="bulk")
    async def do_work_on_marked(self) -> None:
        """Ask what is to be done, do it, and say what became of it."""
        from tui.screens.bulk import BulkScreen
        from tui.screens.pick import Option, PickScreen

        whom = self.marks.words(self.keeptabs.desk.formats.number)
        options = [
            Option("label", "Give a label", "pick which"),
            Option("unlabel", "Take a label off", "pick which"),
            Option("archive", "Archive", "nothing is lost; they leave the lists"),
            Option("unarchive", "Take back from the archive"),
            *([Option("export", "Export", "a table, cards, or for programs")] if self._may_export else []),
            Option("clear", "Take all marks off"),
        ]
        taken = await self.app.push_screen_wait(PickScreen(f"{whom} · do what?", options))
        if not taken:
            return
        label = ""
        if taken[0] in _LABELLED:
            label = await self._label(f"{dict(_named(options))[taken[0]]} · {whom}")
            if not label:
                return
        if taken[0] == "clear":
            self.marks.clear()
        elif taken[0] == "export":
            await self._export()
        else:
            done = await self.app.push_screen_wait(BulkScreen(self.marks, taken[0], label))
            self.marks.keep(_rows(done))
            self.customers_changed()
        self._tell_marks()

    @property
    def _may_export(self) -> bool:
        return self.keeptabs.desk.may("customers:export")

    async def _export(self) -> None:
        """Export the marked customers by their ids, as many as one export may name."""
        from client.models import ExportRequest
        from client.models.exporting import MOST_MARKED
        from tui.screens.exporting import export_customers
        from tui.screens.transfer import TransferScreen

        box = TransferScreen("Finding all of them", self.marks.collect, unit="customers")
        rows = await self.app.push_screen_wait(box)
        if not rows:
            self.say(box.trouble or "Nobody is marked.", "warn")
        elif len(rows) > MOST_MARKED:
            most = self.keeptabs.desk.formats.number(MOST_MARKED)
            self.say(f"More than {most} cannot be named one by one. Export the search or the report.", "warn")
        else:
            told = await export_customers(self.keeptabs, ExportRequest(format="csv", ids=list(rows)))
            if told is not None:
                self.say(*told)

    async def _label(self, title: str) -> str:
        """Have a label picked; empty where none is."""
        from tui.screens.pick import Option, PickScreen

        try:
            labels = await self.keeptabs.desk.reference("labels")
        except CustomerApiError as error:
            self.failed(error)
            return ""
        options = [Option(label.name, label.name, label.description) for label in labels]
        taken = await self.app.push_screen_wait(PickScreen(title, options))
        return str(taken[0]) if taken else ""


def _named(options: "Sequence[Option[str]]") -> list[tuple[str, str]]:
    return [(option.key, option.name) for option in options]


def _rows(done: "Sequence[CustomerRow] | None") -> "Sequence[CustomerRow]":
    return done or ()

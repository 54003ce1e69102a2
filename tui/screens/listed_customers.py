"""Customers that somebody asked for in another way than by typing: a heading, the rows, what can be done."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from client.models import Audience, CustomerRow
from tui.commands import Command
from tui.commands.customers import OpenCustomer
from tui.screens.marking import MarksCustomers
from tui.services.frugal import rows_ahead, rows_at_once
from tui.services.marks import Everyone
from tui.widgets.customer_columns import Look
from tui.widgets.customer_list import ColumnHeads, CustomerList, Section
from tui.widgets.lines import LineList, Lines, Row, Span, within

ROWS = 50
"""Customers of one page."""
_MOST = 200
"""Customers of one page where all are fetched."""


class Leave(Command):
    """Go back."""

    keys = "escape"
    footer = "back"


class ListHead(Lines):
    """What the list is of, how many are on it and who is not, and a blank line."""

    DEFAULT_CSS = "ListHead { height: 3; }"

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[Sequence[Span]] = ((), ())

    def show(self, title: Sequence[Span], counts: Sequence[Span]) -> None:
        """Show both lines."""
        self._lines = title, counts
        self.redraw()

    def build(self, width: int) -> list[Row]:
        """Give both lines and a blank one."""
        return [*(Row(within([Span(" "), *line], width)) for line in self._lines), Row()]


class _Rows(CustomerList):
    takes_letters = False
    enter_word = "open"


class ListedCustomers(MarksCustomers):
    """A list of customers, page by page as the marker moves down, in which several can be marked."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (Leave, OpenCustomer)

    DEFAULT_CSS = "ListedCustomers CustomerList { height: 1fr; }"

    order = "recent"
    """What the list is sorted by, in the server's words."""
    nobody = "Nobody is on this list."

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[CustomerRow] = []
        self._first = Audience(items=[])
        self._next = ""
        self._fetching = False

    async def fetch(self, cursor: str, limit: int) -> Audience:
        """Give a page of the list. Raises CustomerApiError."""
        raise NotImplementedError

    def heading(self) -> list[Span]:
        """Say what the list is of."""
        raise NotImplementedError

    def compose_body(self) -> ComposeResult:
        """Lay out what is left out, the headings and the rows."""
        yield ListHead()
        yield ColumnHeads()
        yield _Rows()

    def on_mount(self) -> None:
        """Ask for the list."""
        self.marked_list.focus()
        self.begin()

    @property
    def marked_list(self) -> CustomerList:
        """The rows."""
        return self.query_one(CustomerList)

    def can(self, name: str) -> bool:
        """Open only whom there is."""
        return self.marked_list.customer is not None if name == "open_customer" else super().can(name)

    def everyone(self) -> Everyone | None:
        """Give all on the list."""
        return Everyone(lambda cursor: self.fetch(cursor, _MOST), self._first.total) if self._rows else None

    def do_leave(self) -> None:
        """Go back to where it came from."""
        self.dismiss(None)

    def do_open_customer(self) -> None:
        """Open the marked customer."""
        customer = self.marked_list.customer
        if customer is not None:
            self.keeptabs.open_customer(customer.id, customer)

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.do_open_customer()

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        event.stop()
        self.refresh_bindings()
        enough = rows_ahead(self.keeptabs.desk.meter, self.marked_list.size.height)
        if self._next and not self._fetching and self.marked_list.below < enough:
            self._more()

    def begin(self) -> None:
        """Ask for the list anew."""
        self._rows, self._next = [], ""
        if self.marks.everyone is not None:
            self.marks.clear()
        self.query_one(ListHead).show(self.heading(), [Span("Counting…", "muted")])
        self._load()

    def customers_changed(self) -> None:
        """Ask anew: somebody may be on the list who was not, or the other way round."""
        self.begin()

    @work(exclusive=True, group="list")
    async def _load(self) -> None:
        async with self.asking("Counting…"):
            self._first = await self.fetch("", rows_at_once(self.keeptabs.desk.meter, ROWS))
            self._rows, self._next = list(self._first.items), self._first.next_cursor or ""
            self._show(keep_place=False)
            self.refresh_bindings()

    @work(exclusive=True, group="list")
    async def _more(self) -> None:
        self._fetching = True
        try:
            async with self.asking("Fetching more…"):
                found = await self.fetch(self._next, rows_at_once(self.keeptabs.desk.meter, ROWS))
                shown = {row.id for row in self._rows}
                self._rows += [row for row in found.items if row.id not in shown]
                self._next = found.next_cursor or ""
                self._show(keep_place=True)
        finally:
            self._fetching = False

    def marks_changed(self) -> None:
        """Show the marks."""
        self._show(keep_place=True)

    def _show(self, *, keep_place: bool) -> None:
        digits = len(str(max((row.number for row in self._rows), default=0)))
        look = Look(
            phone=self.keeptabs.desk.formats.phone,
            digits=max(4, digits),
            marked=self.marks.among(self._rows),
        )
        self.query_one(ColumnHeads).show(self.order, look.digits)
        self.marked_list.show(
            [Section(tuple(self._rows))], look, keep_place=keep_place, note=["", self.nobody]
        )
        self.query_one(ListHead).show(self.heading(), self._counts())

    def _counts(self) -> list[Span]:
        write, found = self.keeptabs.desk.formats.number, self._first
        total = found.total or 0
        spans = [Span(f"{write(total)} {'customer' if total == 1 else 'customers'}", "text")]
        spans += self.left_out(found)
        marked = self.marks.words(write)
        return [*spans, Span(f" · {marked}", "accent")] if marked else spans

    def left_out(self, found: Audience) -> list[Span]:
        """Say who is not on the list."""
        del found
        return []

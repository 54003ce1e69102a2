"""The list of customers: one line each, in columns, with what was searched for highlighted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.message import Message

from client.models import CustomerRow
from tui.widgets.customer_columns import Look, cells, headings, layout
from tui.widgets.lines import LineList, Lines, Row, Span, within

_MARKER_CELLS = 2


@dataclass(frozen=True, slots=True)
class Section:
    """Customers under a heading; without a title, under none."""

    rows: tuple[CustomerRow, ...]
    title: str = ""


class ColumnHeads(Lines):
    """The line of column titles above the list."""

    DEFAULT_CSS = "ColumnHeads { height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._sort = ""
        self._digits = Look().digits

    def show(self, sort: str, digits: int) -> None:
        """Mark the column that the list is sorted by; `sort` is the server's word for it."""
        self._sort, self._digits = sort, digits
        self.redraw()

    def build(self, width: int) -> Sequence[Row]:
        """Give the titles over their columns."""
        titles = headings(layout(width - _MARKER_CELLS, self._digits), self._sort)
        return [Row(within([Span(" " * _MARKER_CELLS), *titles], width))]


class CustomerList(LineList):
    """Customers, of which the marker picks one. The key of a line is the customer's id."""

    takes_letters: ClassVar[bool] = True
    """Whether letters belong to a search; elsewhere they are commands."""

    @dataclass
    class Typed(Message):
        """A letter was typed on the list; it belongs to the search."""

        character: str

    def __init__(self) -> None:
        super().__init__()
        self.look = Look()
        self._sections: Sequence[Section] = ()
        self._note: Sequence[str] = ()
        self._customers: dict[str, CustomerRow] = {}
        self._built: dict[str, tuple[CustomerRow, Row]] = {}
        self._built_for: tuple[int, Look] | None = None

    @property
    def customer(self) -> CustomerRow | None:
        """The marked customer."""
        return self._customers.get(str(self.key)) if self.key is not None else None

    @property
    def below(self) -> int:
        """How many lines there are below the marker."""
        return len(self.rows) - 1 - self.cursor

    def show(
        self, sections: Sequence[Section], look: Look, *, keep_place: bool, note: Sequence[str] = ()
    ) -> None:
        """Show customers, or the lines of `note` where there are none.

        The marker stays with its customer where `keep_place` is set; else it goes to the first.
        """
        self._sections = [section for section in sections if section.rows]
        self._note = note
        self.look = look
        self._customers = {row.id: row for section in self._sections for row in section.rows}
        if not keep_place:
            self._leave_place()
        self.redraw()

    def build(self, width: int) -> Sequence[Row]:
        """Give the lines; those of customers already drawn at this width are taken as they were."""
        if self._built_for != (width, self.look):
            self._built_for = (width, self.look)
            self._built = {}
        if not self._customers:
            return [Row((Span(line, "muted"),)) for line in self._note]
        shown = layout(width - _MARKER_CELLS, self.look.digits)
        lines: list[Row] = []
        for section in self._sections:
            if section.title:
                lines.append(Row((Span(section.title, "accent"),)))
            for customer in section.rows:
                known = self._built.get(customer.id)
                if known is None or known[0] is not customer:
                    known = customer, Row(tuple(cells(customer, shown, self.look)), customer.id)
                    self._built[customer.id] = known
                lines.append(known[1])
        return lines

    def on_key(self, event: events.Key) -> None:
        """Hand letters on: typing searches wherever the focus is."""
        takes = self.takes_letters and not self.jumping
        if takes and event.is_printable and event.character and event.character not in " ?*":
            event.stop()
            self.post_message(self.Typed(event.character))

    def _leave_place(self) -> None:
        """Take the marker off its line and go to the top; the next redraw puts it on the first customer."""
        if self.top:
            self.top = 0
            self.refresh()
        elif self.cursor >= 0:
            self._paint([self.cursor])
        self.cursor = -1

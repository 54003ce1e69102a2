"""The columns of the list of customers: which have room, and what a customer's cell in each says.

Pure: a width and a row go in, pieces of text in exactly that many cells come out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from client.models import CustomerRow
from client.models.customer_choices import STATUSES
from tui.services.marks import SIGN
from tui.services.matching import Mark, Needles, marks, phone_marks
from tui.text import cut, one_line, width_of
from tui.widgets.lines import Span, within

GAP: Final = 2
"""Blank cells between columns."""


@dataclass(frozen=True, slots=True)
class Look:
    """What rows are drawn with, beside themselves."""

    needles: Needles = field(default_factory=Needles)
    """What to highlight."""
    pinned: frozenset[str] = frozenset()
    """Ids of pinned customers."""
    phone: Callable[[str], str] = str
    """Writes an E.164 number as people here do."""
    digits: int = 4
    """How long the longest customer number is."""
    marked: frozenset[str] = frozenset()
    """Ids of customers that are marked for work on several."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the room it needs, and the room it can use."""

    name: str
    """The server's word for sorting by it; a column that cannot be sorted by has its own."""
    title: str
    least: int
    most: int
    leaves: int = 0
    """The order in which columns go where there is no room, the lowest first; 0 stays."""


_USUAL: Final = ("active", "inactive")
"""What most customers are: not what the eye should meet."""
_USUAL_NAME: Final = 28
"""Cells in which few names are cut."""

NUMBER: Final = Column("number", "No.", 4, 6, 5)
NAME: Final = Column("name", "Name", 20, 36)
PHONE: Final = Column("phone", "Phone", 17, 20)
EMAIL: Final = Column("email", "E-mail", 24, 36, 1)
CITY: Final = Column("city", "City", 10, 22, 3)
STATUS: Final = Column("status", "Status", 9, 22, 4)
LABELS: Final = Column("labels", "Labels", 8, 40, 2)
COLUMNS: Final = (NUMBER, NAME, PHONE, EMAIL, CITY, STATUS, LABELS)

Layout = Sequence[tuple[Column, int]]


def layout(width: int, digits: int = 4) -> Layout:
    """Give the columns that have room in `width` cells, each with its own width; numbers are never cut."""
    shown = [replace(NUMBER, least=digits, most=digits + 2), *COLUMNS[1:]]
    while _taken(shown) > width and any(column.leaves for column in shown):
        shown.remove(min((column for column in shown if column.leaves), key=lambda column: column.leaves))
    room = {column: column.least for column in shown}
    left = width - _taken(shown)
    if left < 0:
        room[NAME] = max(1, room[NAME] + left)
    while left > 0:
        growing = [column for column in shown if room[column] < column.most]
        if not growing:
            break
        # Names go first; then the column that is furthest from what it could use gets the next cell.
        given = {column: (room[column] - column.least) / (column.most - column.least) for column in growing}
        room[NAME if room[NAME] < _USUAL_NAME else min(growing, key=lambda column: given[column])] += 1
        left -= 1
    return [(column, room[column]) for column in shown]


def _taken(columns: Sequence[Column]) -> int:
    return sum(column.least for column in columns) + GAP * (len(columns) - 1)


def headings(shown: Layout, sort: str) -> list[Span]:
    """Give the titles of the columns, the sorted one with an arrow."""
    spans = []
    for column, width in shown:
        sorted_here = sort.lstrip("-") == column.name
        arrow = ("↓" if sort.startswith("-") else "↑") if sorted_here else ""
        apart = " " if width_of(column.title) + 2 <= width else ""
        text = f"{column.title}{apart}{arrow}".rstrip()
        spans += [*within([Span(text, "title" if sorted_here else "label")], width), Span(" " * GAP)]
    return spans


def cells(row: CustomerRow, shown: Layout, look: Look) -> list[Span]:
    """Give a customer's line, column by column."""
    flags_elsewhere = all(column is not STATUS for column, _ in shown)
    spans: list[Span] = []
    for column, width in shown:
        if column is NAME:
            spans += _name(row, width, look, flags_elsewhere)
        else:
            spans += within(_CELLS[column.name](row, width, look), width)
        spans.append(Span(" " * GAP))
    return spans[:-1]


def flags(row: CustomerRow) -> list[Span]:
    """Give a customer's status and warnings in words, the gravest first."""
    known = row.status.capitalize() if row.status in STATUSES else one_line(row.status)
    said = [
        (row.archived, "Archived", "muted"),
        (row.status == "blocked", "Blocked !", "bad"),
        (row.access == "blocked" and row.status != "blocked", "No entry !", "bad"),
        (row.access == "waitlist_only", "Wait list", "warn"),
        (row.status != "blocked", known, "muted" if row.status in _USUAL else "text"),
    ]
    return [Span(word, role) for shown, word, role in said if shown and word]


def highlighted(text: str, found: Iterable[Mark], role: str) -> list[Span]:
    """Cut `text` into spans, the marked ones with the role of a match."""
    spans: list[Span] = []
    at = 0
    for start, end in found:
        spans += [Span(text[at:start], role), Span(text[start:end], "match")]
        at = end
    return [span for span in [*spans, Span(text[at:], role)] if span.text]


def _name(row: CustomerRow, width: int, look: Look, flags_elsewhere: bool) -> list[Span]:
    """Give the name, cut so that the star and a warning sign after it are always seen."""
    name = one_line(row.display_name)
    role = "muted" if row.archived or not name else "text"
    signs = [Span(" ★", "accent")] if row.id in look.pinned else []
    if flags_elsewhere and flags(row)[:1] and flags(row)[0].role in ("bad", "warn"):
        signs.append(Span(" !", "bad"))
    before = [Span(f"{SIGN} ", "accent")] if row.id in look.marked else []
    room = width - sum(width_of(sign.text) for sign in (*before, *signs))
    shown = cut(name or "No name", room)
    spans = highlighted(shown, marks(shown, look.needles), role)
    return list(within([*before, *spans, *signs], width))


def _number(row: CustomerRow, width: int, look: Look) -> list[Span]:
    return _plain(str(row.number) if row.number else "", width, look)


def _phone(row: CustomerRow, width: int, look: Look) -> list[Span]:
    """Give the number; where it is too long as it is usually written, without blanks: no digit is cut."""
    shown = look.phone(row.phone) if row.phone else ""
    shown = cut(shown if width_of(shown) <= width else row.phone, width)
    role = "muted" if row.archived else "text"
    return highlighted(shown, phone_marks(shown, look.needles, row.phone), role)


def _email(row: CustomerRow, width: int, look: Look) -> list[Span]:
    return _plain(row.email, width, look, anywhere=True)


def _city(row: CustomerRow, width: int, look: Look) -> list[Span]:
    return _plain(row.city, width, look)


def _status(row: CustomerRow, width: int, look: Look) -> list[Span]:
    """Give as many flags as fit, at least the gravest."""
    del look
    first, *others = flags(row) or [Span("")]
    spans, taken = [first], width_of(first.text)
    for flag in others:
        taken += 2 + width_of(flag.text)
        if taken > width:
            break
        spans += [Span(", ", "muted"), flag]
    return spans


def _labels(row: CustomerRow, width: int, look: Look) -> list[Span]:
    """Give the labels that fit, those that were searched for first, and how many more there are."""
    labels = sorted(row.labels, key=lambda label: not marks(label, look.needles))
    if width_of(_joined(labels, 0)) <= width:
        return _plain(", ".join(labels), width, look)
    shown: list[str] = []
    for label in labels:
        if width_of(_joined([*shown, label], len(labels) - len(shown) - 1)) <= width:
            shown.append(label)
    hidden = len(labels) - (len(shown) or 1)
    more = f" +{hidden}" if hidden else ""
    return [*_plain(", ".join(shown or labels[:1]), width - len(more), look), Span(more, "muted")]


def _joined(labels: Sequence[str], hidden: int) -> str:
    return one_line(", ".join(labels)) + (f" +{hidden}" if hidden else "")


def _plain(text: str, width: int, look: Look, *, anywhere: bool = False) -> list[Span]:
    shown = cut(text, width)
    return highlighted(shown, marks(shown, look.needles, anywhere=anywhere), "muted")


_CELLS: Final[dict[str, Callable[[CustomerRow, int, Look], list[Span]]]] = {
    NUMBER.name: _number,
    PHONE.name: _phone,
    EMAIL.name: _email,
    CITY.name: _city,
    STATUS.name: _status,
    LABELS.name: _labels,
}

"""A list of records as part of a page: drawn, marked, and told to the screen when something is to be done."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from textual.message import Message

from client.models.base import Record
from tui.forms.part import FieldsPart, Part
from tui.forms.state import FormState
from tui.services.frugal import meter_of, rows_ahead
from tui.services.unsent import UNSENT
from tui.tabs.records import Records, Rights
from tui.widgets.lines import Row, Span

if TYPE_CHECKING:
    from tui.services.desk import Desk

T = TypeVar("T", bound=Record)

_NEAR_END: Final = 10
"""So many records before the end of what has come, more are asked for."""
NO_RECORD = ""
"""The key of the row that stands for a list that is empty or has not come yet."""


@dataclass
class MoreWanted(Message):
    """The marker is near the end of a list of which there is more."""

    part: "RecordsPart[Any]"


@dataclass
class Wanted(Message):
    """A person wants something done with a record, or a new one; `verb` is the name of the command."""

    records: Records[Any]
    verb: str
    record: Any = None


class RecordsPart(Part, Generic[T]):
    """The records of one kind. What a person wants done goes to the screen as `Wanted`."""

    def __init__(self, records: Records[T], desk: "Desk", *, heading: bool = True) -> None:
        self.records = records
        self.formats = desk.formats
        self.rights = Rights.of(records, desk)
        self.heading = records.title if heading else ""
        self.items: list[T] | None = None
        self.next_cursor: str | None = None
        self._first: set[str] = set()

    def show(self, items: Sequence[T], next_cursor: str | None = None) -> None:
        """Show these records; `next_cursor` where there are more to ask for."""
        self.next_cursor = next_cursor
        self.items = sorted(items, key=self.records.order)
        self.page.redraw()
        self.page.screen.refresh_bindings()

    def renew(self, first: Sequence[T], next_cursor: str | None) -> None:
        """Show the first page as it is now; what came of later pages stays."""
        known, before = {item.id for item in first}, self._first
        later = [
            item
            for item in self.items or ()
            if item.id not in known | before and not item.id.startswith(UNSENT)
        ]
        self._first = known
        self.show([*first, *later], self.next_cursor if later else next_cursor)

    def extend(self, items: Sequence[T], next_cursor: str | None) -> None:
        """Show a later page too."""
        known = {item.id for item in items}
        self.show([*(kept for kept in self.items or () if kept.id not in known), *items], next_cursor)

    def put(self, item: T) -> None:
        """Show one record that was made or changed."""
        self.show([*(kept for kept in self.items or () if kept.id != item.id), item], self.next_cursor)
        self.page.mark_item(self, item.id)

    def drop(self, item: T) -> None:
        """Show the list without one record."""
        self.show([kept for kept in self.items or () if kept.id != item.id], self.next_cursor)

    def near_end(self, item: Hashable) -> bool:
        """Say whether an item is among the last of those that have come, while there are more."""
        enough = rows_ahead(meter_of(self.page.app), _NEAR_END)
        last = [known.id for known in (self.items or ())[-enough:]]
        return self.next_cursor is not None and item in last

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give the rows of every record, or what to say where there are none."""
        del label_width
        if self.items is None:
            return [] if self.records.hidden_when_empty else [replace(self.awaited, key=NO_RECORD)]
        if not self.items:
            if self.records.hidden_when_empty:
                return []
            add = f" Press a to add {one_of(self.records.one)}." if self.can("add", NO_RECORD) else ""
            return [Row((Span(f" {self.records.empty}{add}", "muted"),), NO_RECORD)]
        rows: list[Row] = []
        heading = ""
        for item in self.items:
            group = "" if self.records.group is None else self.records.group(item)
            if group != heading:
                heading = group
                rows.append(Row((Span(f" {group}", "label"),)))
            rows += [
                Row(_indented(drawn.spans), item.id if drawn.key is not None else None)
                for drawn in self.records.rows(item, self.formats, width - 1)
            ]
        if self.next_cursor is not None:
            rows.append(Row((Span("   … more", "muted"),)))
        return rows

    def can(self, command: str, item: Hashable) -> bool:
        """Offer only what the role allows and what there is something to do it to."""
        if command == "add":
            makes = bool(self.records.fields) or self.records.adds is not None
            return self.rights.write and makes and self.items is not None
        record = self.record(item)
        if record is None:
            return False
        if command == "open_record":
            return self.records.opens is not None
        return command == "copy_field" or self.rights.allow(self.records, command, record)

    def may(self, command: str) -> bool:
        """Say whether the role allows a command."""
        if command == "open_record":
            return self.records.opens is not None
        if command == "add":
            return self.rights.write and (bool(self.records.fields) or self.records.adds is not None)
        return command == "copy_field" or self.rights.may(self.records, command)

    def choose(self, item: Hashable) -> str:
        """Enter opens a record, or edits it; where there is none, it adds one."""
        if self.record(item) is None:
            return "add"
        if self.records.enters is not None:
            return self.records.enters.name()
        return "open_record" if self.records.opens is not None else "edit"

    def act(self, command: str, item: Hashable) -> object:
        """Ask for what the person wants done."""
        self.page.post_message(Wanted(self.records, command, self.record(item) if command != "add" else None))
        return None

    def record(self, item: Hashable) -> T | None:
        """Give the record of an item."""
        return next((record for record in self.items or () if record.id == item), None)


def _indented(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Give spans a blank before them where they begin with none: all lists stand alike below a heading."""
    return spans if spans and spans[0].text.startswith(" ") else (Span(" "), *spans)


class RecordFacts(FieldsPart, Generic[T]):
    """The fields of one record that is open, to read and copy, with all that can be done to it.

    To add means to add to the list `adds_to` below it.
    """

    def __init__(
        self,
        records: Records[T],
        record: T,
        desk: "Desk",
        names: Sequence[str],
        *,
        adds_to: RecordsPart[Any] | None = None,
    ) -> None:
        super().__init__("", FormState(type(record), record.to_json(), desk.formats, read_only=True), names)
        self.records = records
        self.shown = record
        self.rights = Rights.of(records, desk)
        self._adds_to = adds_to

    def can(self, command: str, item: Hashable) -> bool:
        """Offer what can be done to the record; of fields only their text."""
        if command == "copy_field":
            return super().can(command, item)
        if command == "add":
            return self._adds_to is not None and self._adds_to.can(command, NO_RECORD)
        return self.rights.allow(self.records, command, self.shown)

    def may(self, command: str) -> bool:
        """Say whether the role allows a command."""
        if command == "add":
            return self._adds_to is not None and self._adds_to.may(command)
        return command == "copy_field" or self.rights.may(self.records, command)

    def types(self, item: Hashable) -> bool:
        """Type nowhere here: editing opens the record's form."""
        del item
        return False

    def act(self, command: str, item: Hashable) -> object:
        """Ask for what the person wants done."""
        if command == "copy_field":
            return super().act(command, item)
        if command == "add" and self._adds_to is not None:
            return self._adds_to.act(command, NO_RECORD)
        self.page.post_message(Wanted(self.records, command, self.shown))
        return None


def records_parts(desk: "Desk", *kinds: Records[Any] | RecordsPart[Any]) -> list[RecordsPart[Any]]:
    """Give the lists of those kinds that this server has and this person may see, made already or not."""
    made = [kind if isinstance(kind, RecordsPart) else RecordsPart(kind, desk) for kind in kinds]
    return [
        part
        for part in made
        if desk.has(part.records.feature) and desk.may(f"{part.records.permission}:read")
    ]


def one_of(word: str) -> str:
    """Give a word with its article: `an invoice`."""
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"

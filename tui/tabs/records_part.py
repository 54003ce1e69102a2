"""A list of records as part of a page: drawn, marked, and told to the screen when something is to be done."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual.message import Message

from client.models.base import Record
from tui.commands import Command
from tui.forms.page import Page
from tui.forms.part import FieldsPart, Part
from tui.forms.picking import References, no_references
from tui.forms.state import FormState
from tui.screens.pick import Option, PickScreen
from tui.tabs.records import AddOther, OpenRecord, Records, Rights
from tui.widgets.lines import Row, Span

if TYPE_CHECKING:
    from tui.services.desk import Desk

T = TypeVar("T", bound=Record)

_NONE = ""
"""The key of the row that stands for an empty list."""


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

    def show(self, items: Sequence[T]) -> None:
        """Show these records."""
        self.items = sorted(items, key=self.records.order)
        self.page.redraw()
        self.page.screen.refresh_bindings()

    def put(self, item: T) -> None:
        """Show one record that was made or changed."""
        self.show([*(kept for kept in self.items or () if kept.id != item.id), item])
        self.page.mark_item(self, item.id)

    def drop(self, item: T) -> None:
        """Show the list without one record."""
        self.show([kept for kept in self.items or () if kept.id != item.id])

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give the rows of every record, or what to say where there are none."""
        del label_width
        if self.items is None:
            return [] if self.records.hidden_when_empty else [Row((Span("Loading…", "muted"),))]
        if not self.items:
            if self.records.hidden_when_empty:
                return []
            add = f" Press a to add {_one(self.records.one)}." if self.can("add", _NONE) else ""
            return [Row((Span(self.records.empty + add, "muted"),), _NONE)]
        rows: list[Row] = []
        heading = ""
        for item in self.items:
            group = "" if self.records.group is None else self.records.group(item)
            if group != heading:
                heading = group
                rows.append(Row((Span(f" {group}", "label"),)))
            rows += [
                Row(drawn.spans, item.id if drawn.key is not None else None)
                for drawn in self.records.rows(item, self.formats, width)
            ]
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


class RecordFacts(FieldsPart, Generic[T]):
    """The fields of one record that is open, to read and copy, with all that can be done to it."""

    def __init__(self, records: Records[T], record: T, desk: "Desk", names: Sequence[str]) -> None:
        super().__init__("", FormState(type(record), record.to_json(), desk.formats, read_only=True), names)
        self.records = records
        self.shown = record
        self.rights = Rights.of(records, desk)

    def can(self, command: str, item: Hashable) -> bool:
        """Offer what can be done to the record; of fields only their text."""
        if command == "copy_field":
            return super().can(command, item)
        return self.rights.allow(self.records, command, self.shown)

    def types(self, item: Hashable) -> bool:
        """Type nowhere here: editing opens the record's form."""
        del item
        return False

    def act(self, command: str, item: Hashable) -> object:
        """Ask for what the person wants done."""
        if command == "copy_field":
            return super().act(command, item)
        self.page.post_message(Wanted(self.records, command, self.shown))
        return None


class RecordsPage(Page):
    """A page with records among its parts."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (OpenRecord, AddOther)
    PART_COMMANDS: ClassVar[tuple[type[Command], ...]] = (*Page.PART_COMMANDS, OpenRecord)

    def __init_subclass__(cls, commands: tuple[type[Command], ...] = (), **options: Any) -> None:
        if commands:
            cls.OFFERS = commands
            cls.PART_COMMANDS = (*RecordsPage.PART_COMMANDS, *commands)
        super().__init_subclass__(**options)

    @property
    def open_lists(self) -> list[RecordsPart[Any]]:
        """The lists that something can be added to, those that are not shown among them."""
        lists = [part for part in self.parts if isinstance(part, RecordsPart)]
        return [part for part in lists if part.can("add", _NONE)]

    def can(self, name: str) -> bool:
        """Offer to choose a list where there is a choice."""
        if name == "add_other":
            return not self.is_typing and len(self.open_lists) > 1
        return super().can(name)

    def do_add_other(self) -> None:
        """Ask which list is to be added to."""
        lists = self.open_lists
        options = [Option(place, _one(part.records.one)) for place, part in enumerate(lists)]

        def chosen(taken: list[int] | None) -> None:
            if taken:
                lists[taken[0]].act("add", _NONE)

        self.app.push_screen(PickScreen("Add what?", options), chosen)


class HiddenLists(Part):
    """One line below lists that are not shown while they are empty: how to begin one."""

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give the line, where there is such a list to begin."""
        del width, label_width
        lists = self.page.open_lists if isinstance(self.page, RecordsPage) else []
        hidden = [part.records.one for part in lists if part.records.hidden_when_empty and not part.items]
        if not hidden:
            return []
        return [Row(), Row((Span(f" A adds {' or '.join(map(_one, hidden))}.", "muted"),))]


@lru_cache(maxsize=64)
def records_page(commands: tuple[type[Command], ...]) -> type[RecordsPage]:
    """Give the kind of page that offers these commands beside the usual ones."""
    if not commands:
        return RecordsPage

    class RecordsPageWithActions(RecordsPage, commands=commands):
        """A page whose records can be acted upon."""

    return RecordsPageWithActions


def page_of(*parts: Part, references: References = no_references) -> RecordsPage:
    """Give a page of parts that offers all that can be done to the records among them."""
    kinds = [part.records for part in parts if isinstance(part, RecordsPart | RecordFacts)]
    commands = tuple(dict.fromkeys(action.command for records in kinds for action in records.actions))
    return records_page(commands)(*parts, references=references)


def records_parts(desk: "Desk", *kinds: Records[Any]) -> list[RecordsPart[Any]]:
    """Give the lists of those kinds that this server has and this person may see."""
    return [
        RecordsPart(records, desk)
        for records in kinds
        if desk.has(records.feature) and desk.may(f"{records.permission}:read")
    ]


def _one(word: str) -> str:
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"

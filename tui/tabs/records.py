"""Records of one kind as a list that can be added to, edited, and removed from: one declaration each.

Notes below a customer, labels, branches: all are this. A new kind of record is a `Records` of a few lines.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual.message import Message

from client.models.base import Record
from tui.commands import Command
from tui.forms.formats import Formats
from tui.widgets.lines import LineList, Row, Span

if TYPE_CHECKING:
    from client.api import CustomerApi
    from client.collection import Collection

T = TypeVar("T", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records(Generic[T]):
    """What the application must know of a kind of record to show and change it."""

    one: str
    """What one is called, such as `note`."""
    title: str
    """What many are called."""
    model: type[T]
    permission: str
    """The first half of the permission words, such as `notes`."""
    collection: "Callable[[CustomerApi, str], Collection[T]]"
    """Gives the collection, for records below a customer from the customer's id."""
    rows: Callable[[T, Formats, int], Sequence[Row]]
    """Draws one record at a width; rows with any key can be marked."""
    fields: tuple[str, ...]
    """The fields of its form."""
    order: Callable[[T], Any]
    """Sorts the list."""
    name: Callable[[T], str]
    """Names one record in questions and messages."""
    removal: str = ""
    """What removing one takes with it and cannot be undone; empty: it can, so nothing is asked."""
    empty: str = "Nothing here yet."
    """What stands in an empty list."""


class AddRecord(Command):
    """Add one."""

    keys = "a"
    footer = "add"


class EditRecord(Command):
    """Edit the marked one."""

    keys = "e"
    footer = "edit"


class RemoveRecord(Command):
    """Remove the marked one."""

    keys = "d,delete"
    footer = "remove"


class CopyRecord(Command):
    """Copy the marked one."""

    keys = "y"


class RecordList(LineList, Generic[T]):
    """The list of one kind of record. What a person wants done goes to the screen as `Wanted`."""

    OFFERS = (AddRecord, EditRecord, RemoveRecord, CopyRecord)

    @dataclass
    class Wanted(Message):
        """A person wants a record added, edited, removed or copied."""

        records: Records[Any]
        verb: str
        record: Any = None

    def __init__(self, records: Records[T], formats: Formats, *, may_write: bool, may_remove: bool) -> None:
        super().__init__()
        self.records = records
        self.formats = formats
        self.may_write = may_write
        self.may_remove = may_remove
        self.items: list[T] | None = None

    def show(self, items: Sequence[T]) -> None:
        """Show these records."""
        self.items = sorted(items, key=self.records.order)
        self.redraw()
        self.screen.refresh_bindings()

    def put(self, item: T) -> None:
        """Show one record that was made or changed."""
        self.show([*(kept for kept in self.items or () if kept.id != item.id), item])
        self.mark(item.id)

    def drop(self, item: T) -> None:
        """Show the list without one record."""
        self.show([kept for kept in self.items or () if kept.id != item.id])

    def build(self, width: int) -> Sequence[Row]:
        """Give the rows of every record, or what to say where there are none."""
        if self.items is None:
            return [Row((Span("Loading…", "muted"),))]
        if not self.items:
            add = f" Press a to add a {self.records.one}." if self.may_write else ""
            return [Row((Span(self.records.empty + add, "muted"),))]
        return [
            Row(drawn.spans, item.id if drawn.key is not None else None)
            for item in self.items
            for drawn in self.records.rows(item, self.formats, width - 2)
        ]

    def can(self, name: str) -> bool:
        """Offer only what the role allows and what there is something to do it to."""
        if name == "add_record":
            return self.may_write and self.items is not None
        if name == "edit_record":
            return self.may_write and self.key is not None
        if name == "remove_record":
            return self.may_remove and self.key is not None
        if name == "copy_record":
            return self.key is not None
        return super().can(name)

    def do_choose(self) -> None:
        """Edit the marked record."""
        if self.can("edit_record"):
            self.do_edit_record()

    def do_add_record(self) -> None:
        """Ask for a new record."""
        self.post_message(self.Wanted(self.records, "add"))

    def do_edit_record(self) -> None:
        """Ask to edit the marked record."""
        self._want("edit")

    def do_remove_record(self) -> None:
        """Ask to remove the marked record."""
        self._want("remove")

    def do_copy_record(self) -> None:
        """Copy the marked record's name."""
        self._want("copy")

    def _want(self, verb: str) -> None:
        record = next((item for item in self.items or () if item.id == self.key), None)
        if record is not None:
            self.post_message(self.Wanted(self.records, verb, record))

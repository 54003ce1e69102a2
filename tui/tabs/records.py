"""Kinds of records, one declaration each: how one is drawn, written, acted upon and opened.

Notes below a customer, labels, invoices: all are this. A new kind of record is a `Records` of a few lines; a
page shows it as a `RecordsPart`, beside fields and other kinds.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel

from client.models.base import Record
from client.models.money import Money
from tui.commands import Command
from tui.forms.formats import Formats
from tui.widgets.lines import Row

if TYPE_CHECKING:
    from client.api import CustomerApi
    from client.collection import Collection
    from tui.forms.part import Part
    from tui.screens.pick import Option
    from tui.screens.records import RecordsHost
    from tui.services.desk import Desk

T = TypeVar("T", bound=Record)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before something that cannot be undone: what will happen, and the word to type."""

    title: str
    sentences: Sequence[str]
    word: str


def newest_first(record: Record) -> float:
    """Give what sorts the record that was made last to the top."""
    return -record.created_at.timestamp()


def always(record: Any) -> bool:
    """Hold for every record."""
    del record
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAction(Generic[T]):
    """Something done to one record beside editing it, such as marking an invoice paid."""

    command: type[Command]
    """Its key, its words, its name."""
    name: str
    """What the contract calls it: the last step of its address."""
    applies: Callable[[T], bool] = always
    """Says whether it makes sense for a record as it is now."""
    done: str = "Done."
    """What is said afterwards."""
    doing: str = "Saving…"
    """What is said while it takes long; empty where a box of its own says it."""
    body: type[BaseModel] | None = None
    """What must be said along with it: the model whose form is shown."""
    names: tuple[str, ...] = ()
    """Which of its members are asked for; empty: all."""
    starts_with: "Callable[[RecordsHost, T], Mapping[str, Any]] | None" = None
    """What that form begins with."""
    question: "Callable[[RecordsHost, T], Awaitable[Question | None]] | None" = None
    """What to ask before; a worker calls it, so that it may look something up."""
    run: "Callable[[RecordsHost, T], Awaitable[T | None]] | None" = None
    """Does it, where it is no action of the contract.

    Gives the record as it is then, or None; the very same record where nothing was done after all.
    """
    picks: "Callable[[RecordsHost, T], Sequence[Option[str]]] | None" = None
    """What is to be picked from before: the key of the option is sent as the member `picked`."""
    picked: str = ""
    permission: str = ""
    """What the person must be allowed; empty: to write these records."""
    undo: "Callable[[T], tuple[str, Mapping[str, Any] | None]] | None" = None
    """From the record as it is afterwards to the action that takes it back, by its name, and what to send."""


@dataclass(frozen=True, slots=True)
class NewForm:
    """How the form of a new record differs from that of one that is edited."""

    title: str = ""
    """Empty: named after what one is called."""
    fields: tuple[str, ...] = ()
    """Empty: the same."""
    base: Mapping[str, Any] = field(default_factory=dict)
    """JSON that it begins with."""
    verb: str = ""
    """What the key that saves does, such as `send`; empty: save."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Records(Generic[T]):
    """What the application must know of a kind of record to show and change it."""

    one: str
    """What one is called, such as `note`."""
    title: str
    """What many are called."""
    model: type[T]
    permission: str
    """The first half of the permission words, such as `notes` or `payment-methods`."""
    collection: "Callable[[CustomerApi, str], Collection[T]]"
    """Gives the collection, for records below a customer from the customer's id."""
    rows: Callable[[T, Formats, int], Sequence[Row]]
    """Draws one record at a width; rows with any key can be marked."""
    fields: tuple[str, ...]
    """The fields of its form; empty: it is not written by hand."""
    name: Callable[[T], str]
    """Names one record in questions and messages."""
    order: Callable[[T], Any] = newest_first
    """Sorts the list."""
    copies: "Callable[[T], str] | None" = None
    """What is copied of one; None: its name."""
    told: "Callable[[T], str] | None" = None
    """Says what came of making one; None: that it is saved."""
    removal: str = ""
    """What removing one takes with it and cannot be undone; empty: it can, so nothing is asked."""
    removal_word: Callable[[T], str] | None = None
    """What must be typed before; None: the first field of its form."""
    empty: str = "Nothing here yet."
    """What stands in an empty list."""
    group: "Callable[[T], str] | None" = None
    """Names what stands above all those that follow each other and are of one kind, such as `Past`."""
    hidden_when_empty: bool = False
    """Whether an empty list is not shown at all."""
    editable: Callable[[T], bool] = always
    """Says whether one may still be edited."""
    removable: Callable[[T], bool] = always
    """Says whether one may still be removed."""
    actions: tuple[RecordAction[T], ...] = ()
    """What else can be done to one."""
    starts_with: "Callable[[RecordsHost], Mapping[str, Any]] | None" = None
    """What the form of a new one begins with."""
    new_form: "Callable[[RecordsHost], NewForm] | None" = None
    """What else is special about that form."""
    parent_id: str = ""
    """The record that these belong to, where it is not the customer: drafts are kept for each apart."""
    adds: "Callable[[RecordsHost], Awaitable[T | None]] | None" = None
    """Makes a new one, where that is more than filling in a form; None where nothing was made."""
    enters: type[Command] | None = None
    """The command that Enter stands for, where that is neither opening nor editing."""
    opens: "Callable[[T, RecordsHost], Sequence[Part]] | None" = None
    """Gives the parts of the screen that Enter opens; None: Enter edits."""
    waits: bool = True
    """Whether what is typed of one may wait for the link; not so where it goes to others at once."""
    part_of: str = ""
    """The part of the server that it needs; empty: named like the permission."""

    def copied(self, record: T) -> str:
        """Give what is copied of a record: a name without the words that say what it is."""
        return self.copies(record) if self.copies else self.name(record).removeprefix(f"the {self.one} ")

    @property
    def member(self) -> str:
        """The member of a customer's document that they come along in."""
        return self.permission.replace("-", "_")

    @property
    def feature(self) -> str:
        """The part of the server that it needs."""
        return self.part_of or self.member


def in_currency_of(record: Record, formats: Formats) -> Formats:
    """Give formats that read amounts without a currency in that of a record, where it has one."""
    amounts = (getattr(record, name) for name in type(record).model_fields)
    money = next((amount for amount in amounts if isinstance(amount, Money)), None)
    return formats if money is None else replace(formats, currency=money.currency)


class OpenRecord(Command):
    """Open the marked one."""

    keys = "o"
    footer = "open"


class AddOther(Command):
    """Add to another list of this tab, one that is empty too."""

    keys = "A"


@dataclass(frozen=True, slots=True)
class Rights:
    """What the signed-in person may do with a kind of record."""

    write: bool = False
    remove: bool = False
    actions: frozenset[str] = frozenset()
    """Names of the commands of the actions that are allowed."""

    @classmethod
    def of(cls, records: Records[Any], desk: "Desk") -> "Rights":
        """Give what the person at a desk may do."""
        word = records.permission
        allowed = [
            action.command.name()
            for action in records.actions
            if desk.may(action.permission or f"{word}:write")
        ]
        return cls(desk.may(f"{word}:write"), desk.may(f"{word}:delete"), frozenset(allowed))

    def may(self, records: Records[Any], command: str) -> bool:
        """Say whether a command may be done to any record of this kind."""
        if command == "edit":
            return self.write and bool(records.fields)
        return self.remove if command == "remove" else command in self.actions

    def allow(self, records: Records[T], command: str, record: T) -> bool:
        """Say whether a command may be done to a record, and makes sense as it is now."""
        if command == "edit":
            return self.write and bool(records.fields) and records.editable(record)
        if command == "remove":
            return self.remove and records.removable(record)
        return command in self.actions and any(
            action.command.name() == command and action.applies(record) for action in records.actions
        )

"""The history of a customer as rows: who did what when, and each field before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from pydantic import BaseModel
from textual.message import Message

from client.errors import NotSeen
from client.models import Change, Customer, Event, Page
from tui.commands import Command
from tui.forms.formats import Formats
from tui.screens.pick import Option, PickScreen
from tui.services.frugal import meter_of, rows_ahead
from tui.tabs.naming import field_name, model_of, one_of, referred_to, value_text
from tui.text import cut, width_of
from tui.widgets.lines import LineList, Row, Span, within

_DID = {"created": "added", "changed": "changed", "removed": "removed"}
_TOLD = {
    "customers.merged": "merged another record into this one",
    "memberships.paid": "took the payment of a membership",
    "memberships.passed_over": "let a payment of a membership pass",
    "payments.created": "tried to take a payment",
    "gift-cards.used": "used a gift card",
}
"""What reads better than the words of the event."""
_ARROW = " → "
_LEAST_ROOM = 12
"""Cells that a value gets at least."""


def event_rows(
    events: Iterable[Event], formats: Formats, width: int, names: Mapping[str, str], only: str = ""
) -> Sequence[Row]:
    """Give the rows of a history: a heading for each event that can be marked, its changes below.

    With `only`, a JSON Pointer, no other changes are shown: whoever was added was given many values at once.
    """
    rows: list[Row] = []
    for event in events:
        collection, _, verb = event.kind.partition(".")
        model = _model_of(event)
        what = _DID.get(verb, verb.replace("_", " ").replace("-", " "))
        subject = "" if collection == "customers" else f" {one_of(collection)}"
        heading = (
            Span(f"{formats.moment(event.at)}  ", "muted"),
            Span(event.actor or "the server", "accent"),
            Span(f" {_TOLD.get(event.kind) or what + subject}"),
        )
        rows.append(Row(heading, event.id))
        rows += [_change_row(model, change, formats, width, names) for change in _told(event, only)]
    return rows


def _model_of(event: Event) -> type[BaseModel]:
    return model_of(event.kind.partition(".")[0])


def _told(event: Event, only: str) -> list[Change]:
    """Give the changes of one field or of all, but for ids whose name is told beside them.

    Ids say nothing to people.
    """
    named = {change.field for change in event.changes}
    return [
        change
        for change in event.changes
        if change.field.removesuffix("_id") not in named - {change.field}
        and f"{change.field}/".startswith(f"{only}/")
    ]


def _change_row(
    model: type[BaseModel], change: Change, formats: Formats, width: int, names: Mapping[str, str]
) -> Row:
    """Draw one change; where both values are long, each gets half of what room there is."""
    # What only the record had that was merged, and what of it was let go.
    others = change.field.startswith("/merged/")
    name = f"    {'merged record, ' if others else ''}{field_name(model, change.field)}: "
    old, new = (
        value_text(model, change.field, value, formats, names).replace("\n", " ")
        for value in (change.old, change.new)
    )
    if change.old is True and change.new is None:
        new = "no"
    room = max(2 * _LEAST_ROOM, width - width_of(name) - width_of(_ARROW))
    if old and new and width_of(old) + width_of(new) > room:
        old = cut(old, max(room // 2, room - width_of(new)))
    spans = [Span(name, "label"), Span(old, "muted"), Span(_ARROW if old else "", "muted")]
    if change.old is None and change.new is None:
        # A password, or a value that was erased with the person.
        spans.append(Span("not kept", "muted"))
    else:
        gone = "let go" if others else "removed"
        spans.append(Span(new, "text") if new else Span(gone, "muted"))
    return Row(tuple(spans))


class FilterByField(Command):
    """Show the history of one field only."""

    keys = "f"
    footer = "one field"


class AllFields(Command):
    """Show the history of all fields."""

    keys = "g"
    footer = "all fields"


class EventList(LineList):
    """The Activity tab. What it needs from the server it asks the screen for, as `Wanted`."""

    OFFERS = (FilterByField, AllFields)

    @dataclass
    class Wanted(Message):
        """More of the history is wanted: the first page of a field's, or the page after `cursor`."""

        events: "EventList"
        field: str
        cursor: str = ""

    def __init__(self, formats: Formats) -> None:
        super().__init__()
        self.formats = formats
        self.field = ""
        self.items: list[Event] | None = None
        self.next_cursor: str | None = None
        self.unseen = False
        self.names: dict[str, str] = {}
        """What records are called that fields of the customer point to, by their ids."""
        self._asked = ""
        self._version: int | None = None

    def on_mount(self) -> None:
        """Ask for the newest entries."""
        self.ask("")

    def ask(self, field: str) -> None:
        """Show the history of `field`, a JSON Pointer, or of all fields where it is empty."""
        self.field, self.items, self.next_cursor, self._asked = field, None, None, ""
        self.redraw()
        self.post_message(self.Wanted(self, field))

    def know(self, version: int) -> bool:
        """Take the version the customer has now: another than before has a history of its own.

        Gives whether that was asked for.
        """
        before, self._version = self._version, version
        if before in (None, version):
            return False
        self.ask_again()
        return True

    def ask_again(self) -> None:
        """Ask whether something has happened since; what is shown stays until the answer is there."""
        self._asked = ""
        self.post_message(self.Wanted(self, self.field))

    def say_unseen(self) -> None:
        """Say that the history was asked for in vain, and never before with success."""
        self.unseen = True
        self.redraw()

    @property
    def few(self) -> int:
        """How many entries to ask for first: a few where what is below them is known."""
        return 10 if self.items else 50

    def show(self, page: Page[Event], *, after: str = "") -> None:
        """Show a page: the one after a cursor, or the newest entries, above those that are known."""
        known = {event.id for event in self.items or ()}
        fresh = list(takewhile(lambda event: event.id not in known, page.items))
        if after:
            self.items = [*(self.items or ()), *page.items]
            self.next_cursor = page.next_cursor
        elif len(fresh) < len(page.items):
            self.items = [*fresh, *(self.items or ())]
        else:
            self.items, self.next_cursor = fresh, page.next_cursor
        self.redraw()
        self.screen.refresh_bindings()

    @property
    def nameless(self) -> set[str]:
        """The collections of records that changes of the customer tell by an id that says nothing yet."""
        return {
            collection
            for event in self.items or ()
            for change in _told(event, self.field)
            if any(isinstance(value, str) and value not in self.names for value in (change.old, change.new))
            and (collection := referred_to(_model_of(event), change.field)) not in ("", "customers")
        }

    def called(self, names: Iterable[tuple[str, str]]) -> None:
        """Show records by what they are called instead of by their ids."""
        self.names.update(names)
        self.redraw()

    def build(self, width: int) -> Sequence[Row]:
        """Give the rows of what has come."""
        heading = [Row((Span(f"Only {field_name(Customer, self.field)}", "accent"),))] if self.field else []
        if self.items is None:
            return [*heading, Row((Span(NotSeen.failed if self.unseen else "Loading…", "muted"),))]
        if not self.items:
            return [*heading, Row((Span("Nothing has happened yet.", "muted"),))]
        rows = event_rows(self.items, self.formats, width - 2, self.names, self.field)
        return [*heading, *(Row(within(row.spans, width - 2), row.key) for row in rows)]

    def on_line_list_moved(self) -> None:
        """Ask for more before the end is reached."""
        enough = rows_ahead(meter_of(self.app), 3 * max(1, self.size.height))
        # The last entry may have any number of rows.
        last = self.key in [event.id for event in (self.items or ())[-1:]]
        near = last or self.cursor > len(self.rows) - enough
        if near and self.next_cursor and self._asked != self.next_cursor:
            self._asked = self.next_cursor
            self.post_message(self.Wanted(self, self.field, self.next_cursor))

    def can(self, name: str) -> bool:
        """Offer the filter where an entry names fields."""
        if name == "filter_by_field":
            return bool(self._fields())
        if name == "all_fields":
            return bool(self.field)
        return super().can(name)

    def do_filter_by_field(self) -> None:
        """Offer the fields that have changed, those of the marked entry first."""
        options = [Option(field, field_name(Customer, field)) for field in self._fields()]

        def chosen(taken: list[str] | None) -> None:
            if taken:
                self.ask(taken[0])

        self.app.push_screen(PickScreen("History of which field?", options), chosen)

    def do_all_fields(self) -> None:
        """Show everything again."""
        self.ask("")

    def _fields(self) -> list[str]:
        events = sorted(self.items or (), key=lambda event: event.id != self.key)
        return list(
            dict.fromkeys(
                "/" + change.field.strip("/").split("/")[0]
                for event in events
                if event.kind.startswith("customers.")
                for change in event.changes
            )
        )

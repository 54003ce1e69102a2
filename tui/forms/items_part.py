"""Lists inside a record, such as the phones of a customer: one row an item, each with a form of its own."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from client.models.customer import PhoneNumber
from client.models.invoice import InvoiceLine
from client.models.kinds import Choice, EmailAddress, Phone
from tui.forms import values
from tui.forms.exacts import shown_exact
from tui.forms.fields import Control, fields_of
from tui.forms.form_screen import FormScreen
from tui.forms.formats import Formats
from tui.forms.items import PRIMARY
from tui.forms.part import EMPTY, Part, error_rows, labelled
from tui.forms.state import FormState
from tui.text import cut, width_of
from tui.widgets.lines import Row, Span

Summary = Callable[[Mapping[str, Any], Formats], str]
"""Gives an item's JSON as one line."""


def _phone(item: Mapping[str, Any], formats: Formats) -> str:
    extension = f" ext. {item['extension']}" if item.get("extension") else ""
    return formats.phone(str(item.get("number", ""))) + extension


def _invoice_line(item: Mapping[str, Any], formats: Formats) -> str:
    line = InvoiceLine.model_validate(item)
    price, amount = (formats.money(one.amount, one.currency) for one in (line.unit_price, line.amount))
    if line.quantity == "1":
        return f"{line.description}  {amount}"
    return f"{line.description}  {shown_exact(line.quantity, formats.numbers)} x {price} = {amount}"


_SUMMARIES: Final[Mapping[type[BaseModel], Summary]] = {PhoneNumber: _phone, InvoiceLine: _invoice_line}
"""What reads better than all words of an item with commas between them."""

_NO_ITEM: Final = -1
_NEW: Final = "new"
"""The key of the row for an item whose form was left before it was accepted."""


class ItemsPart(Part):
    """The items of a list field; they are named by their place, `-1` stands for an empty list."""

    def __init__(
        self,
        heading: str,
        state: FormState,
        name: str,
        summary: Summary | None = None,
        *,
        labelled_by: str = "",
    ) -> None:
        """Take the member of an item that stands before it, where that is not what kind it is."""
        self.heading = heading
        self.state = state
        self.name = name
        self.model = state.fields[name].item_model or state.model
        self.item_fields = {key: field for key, field in fields_of(self.model).items() if key != "id"}
        self._labelled_by = labelled_by
        self._summary = summary or _SUMMARIES.get(self.model)

    @property
    def label_width(self) -> int:
        """The widest name of a kind of item."""
        kind = self._kind()
        return (
            max((width_of(values.choice_label(kind, word)) for word in kind.options), default=0)
            if kind
            else 0
        )

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give a row for each item: its kind, its value, and what it is used for."""
        rows: list[Row] = []
        room = max(1, width - label_width - 3)
        items = self.state.items(self.name)
        saved = self.state.saved(self.name) or []
        for place, item in enumerate(items):
            dirty = item not in saved or self._draft_key(place) in self.state.item_drafts
            words = self._words(item)
            taken = sum(width_of(span.text) for span in words)
            summary = cut(self.summary(item), max(room // 2, room - taken))
            spans = [Span(summary), *words]
            rows.append(labelled(self._label(item), spans, width, label_width, dirty=dirty, key=place))
            sentence = self.state.item_error(self.name, place)
            rows += error_rows(sentence, room, label_width)
        dirty = self.state.dirty(self.name)
        if self._draft_key(None) in self.state.item_drafts:
            spans = [Span("not finished; e goes on, d drops it", "warn")]
            rows.append(labelled("New", spans, width, label_width, dirty=True, key=_NEW))
        elif not items:
            label = "" if self.heading else self.state.fields[self.name].title
            nothing = [Span(EMPTY, "muted")]
            rows.append(labelled(label, nothing, width, label_width, dirty=dirty, key=_NO_ITEM))
        sentence = self.page.error_of(self.state, self.name)
        return [*rows, *error_rows(sentence, room, label_width)]

    def summary(self, item: Mapping[str, Any]) -> str:
        """Give an item as one line: all its words, in the order of its fields."""
        if self._summary is not None:
            return self._summary(item, self.state.formats)
        shown = [
            values.shown(field, item.get(name), self.state.formats, self.state.names)
            for name, field in self.item_fields.items()
            if field.control is Control.LINE and field.base_type is str and name != self._labelled_by
        ]
        return ", ".join(text for text in shown if text)

    def can(self, command: str, item: Hashable) -> bool:
        """Offer what there is an item for."""
        writable = self.state.can_edit(self.name)
        place = self._place(item)
        if command == "add":
            return writable
        if command in ("edit", "remove"):
            return writable and (place is not None or item == _NEW)
        if command == "make_primary":
            items = self.state.items(self.name)
            return (
                writable
                and place is not None
                and PRIMARY in self.item_fields
                and not items[place].get(PRIMARY)
            )
        if command == "copy_field":
            return place is not None
        if command == "revert_field":
            return writable and self.state.can_undo(self.name)
        if command == "field_history":
            return not self.state.new
        return False

    def choose(self, item: Hashable) -> str:
        """Enter edits an item, and adds one where there is none."""
        return "add" if item == _NO_ITEM else "edit"

    def do_add(self, item: Hashable) -> None:
        """Open the form of a new item, or the one that was not finished."""
        del item
        self._open(None, {})

    def do_edit(self, item: Hashable) -> None:
        """Open the form of an item."""
        place = self._place(item)
        self._open(place, {} if place is None else self.state.items(self.name)[place])

    def do_remove(self, item: Hashable) -> None:
        """Take the item away; nothing is asked, for it can be brought back."""
        place = self._place(item)
        if place is None:
            self.state.item_drafts.pop(self._draft_key(None), None)
            self.page.edited(self.name)
            return
        gone = self.summary(self.state.items(self.name)[place])
        self.state.item_drafts.pop(self._draft_key(place), None)
        self.state.remove(self.name, place)
        self.page.edited(self.name)
        self.page.say(f"Removed {gone}. u brings it back.")

    def do_make_primary(self, item: Hashable) -> None:
        """Make the item the primary one."""
        place = self._place(item)
        if place is not None:
            self.state.make_primary(self.name, place)
            self.page.edited(self.name)

    def do_copy_field(self, item: Hashable) -> None:
        """Ask for the item's line to be copied."""
        place = self._place(item)
        if place is not None:
            text = self.summary(self.state.items(self.name)[place])
            self.page.post_message(self.page.CopyAsked(self.page, text, self.heading))

    def do_revert_field(self, item: Hashable) -> None:
        """Take the last change of the list back."""
        del item
        self.state.undo(self.name)
        self.page.edited(self.name)

    def do_field_history(self, item: Hashable) -> None:
        """Ask for the history of the list."""
        del item
        self.page.post_message(self.page.HistoryAsked(self.page, f"/{self.name}"))

    def _open(self, place: int | None, item: Mapping[str, Any]) -> None:
        state, key = self.state, self._draft_key(place)
        several = self._several() if place is None else ""
        form = FormState(
            self.model, item, state.formats, new=place is None, several=several, names=state.names
        )
        form.from_draft(state.item_drafts.get(key, {}))

        def keep(draft: dict[str, Any]) -> None:
            if form.is_dirty:
                state.item_drafts[key] = draft
            else:
                state.item_drafts.pop(key, None)
            self.page.tell(self.name)

        def take(accepted: list[dict[str, Any]] | None) -> None:
            if accepted is None:
                self.page.redraw()
                if form.is_dirty:
                    self.page.say("Not taken over yet; what you typed is kept.")
                return
            state.item_drafts.pop(key, None)
            self._take(place, accepted)

        verb = "Add" if place is None else "Edit"
        title = f"{verb}: {self.heading or state.fields[self.name].title}"
        screen = FormScreen(
            title, form, tuple(self.item_fields), on_edited=keep, references=self.page.references
        )
        self.page.app.push_screen(screen, take)

    def _take(self, place: int | None, accepted: Sequence[Mapping[str, Any]]) -> None:
        for record in accepted:
            if place is None:
                mark = self.state.add(self.name, record)
            elif record != self.state.items(self.name)[place]:
                self.state.replace(self.name, mark := place, record)
            else:
                mark = place
        self.page.edited(self.name)
        self.page.mark_item(self, mark)

    def _place(self, item: Hashable) -> int | None:
        known = isinstance(item, int) and 0 <= item < len(self.state.items(self.name))
        return item if known and isinstance(item, int) else None

    def _draft_key(self, place: int | None) -> str:
        if place is None:
            return f"{self.name}/"
        return f"{self.name}/{self.state.items(self.name)[place].get('id') or place}"

    def _kind(self) -> Choice | None:
        field = self.item_fields.get("type")
        return field.kind if field is not None and isinstance(field.kind, Choice) else None

    def _label(self, item: Mapping[str, Any]) -> str:
        if self._labelled_by:
            return str(item.get(self._labelled_by, ""))
        kind = self._kind()
        return (
            values.choice_label(kind, str(item.get("type", self.item_fields["type"].initial))) if kind else ""
        )

    def _words(self, item: Mapping[str, Any]) -> Sequence[Span]:
        words = [
            field.title.lower()
            for name, field in self.item_fields.items()
            if field.control is Control.YES_NO and item.get(name)
        ]
        return [Span(f"   {' · '.join(words)}", "muted")] if words else []

    def _several(self) -> str:
        """Name the field that several values may be pasted into: text of other kinds may have commas."""
        fields = self.item_fields.values()
        return next((field.name for field in fields if isinstance(field.kind, EmailAddress | Phone)), "")

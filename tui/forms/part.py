"""The parts that a page is made of, and the commonest: the fields of a record."""

from collections.abc import Hashable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from client.errors import NotSeen
from tui.forms.fields import Control, FormField
from tui.forms.picking import pick_choice, pick_reference, switch
from tui.forms.state import FormState
from tui.text import cut, fit, width_of, wrap
from tui.widgets.lines import Row, Span, within

if TYPE_CHECKING:
    from tui.forms.page import Page

EMPTY = "-"
"""What stands where there is no value; ASCII, as every terminal has it."""

_READS = frozenset({"copy_field", "field_history", "choose"})
"""Commands that change nothing."""
_PARAGRAPH_LINES = 8
_WIDEST_LABEL = 24
_LABEL_LINES = 4


class Part:
    """A group of rows on a page.

    `rows` draws them; the key of a row names the item it belongs to. What can be done to an item is a method
    `do_<command>` that takes the item, or the part does it in `act`; `can` says when: the page offers nothing
    else.
    """

    heading = ""
    include = ""
    """What comes along with the customer for it, by its name in the document."""
    page: "Page"
    """The page that shows the part; set when it does."""
    unseen = False
    """Whether what it shows could not be had, and was not seen before."""

    @property
    def awaited(self) -> Row:
        """What stands where nothing has come yet."""
        return Row((Span(f" {NotSeen.failed if self.unseen else 'Loading…'}", "muted"),))

    @property
    def label_width(self) -> int:
        """How many cells the labels would like; the page gives every part the same."""
        return 0

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give the rows of the part at a width, without its heading."""
        del width, label_width
        return ()

    def can(self, command: str, item: Hashable) -> bool:
        """Say whether a command works on an item now."""
        del item
        return hasattr(self, f"do_{command}")

    def may(self, command: str) -> bool:
        """Say whether the person may ever do a command to an item here."""
        state: FormState | None = getattr(self, "state", None)
        reads = command in _READS or state is None or not state.read_only
        return reads and (hasattr(self, f"do_{command}") or type(self).act is not Part.act)

    def act(self, command: str, item: Hashable) -> object:
        """Do a command to an item; what is awaitable is awaited."""
        return getattr(self, f"do_{command}")(item)

    def types(self, item: Hashable) -> bool:
        """Say whether editing the item means typing into it."""
        del item
        return False

    def choose(self, item: Hashable) -> str:
        """Name the command that Enter stands for."""
        del item
        return "edit"


class FieldsPart(Part):
    """Single fields of a form, one a row; its items are the names of the fields."""

    def __init__(self, heading: str, state: FormState, names: Sequence[str]) -> None:
        self.heading = heading
        self.state = state
        self.names = tuple(names)

    @property
    def label_width(self) -> int:
        """The widest title, within reason."""
        return min(
            _WIDEST_LABEL, max((width_of(self.state.fields[name].title) for name in self.names), default=0)
        )

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give a row for each field, further rows for a long text, and one for what is wrong with it."""
        rows: list[Row] = []
        for name in self.names:
            rows.extend(self._field(name, width, label_width))
        return rows

    def can(self, command: str, item: Hashable) -> bool:
        """Offer what the kind of the field allows."""
        field = self._of(item)
        if command in ("edit", "switch"):
            simple = field.control in (Control.YES_NO, Control.CHOICE)
            editable = self.state.can_edit(field.name) and field.control is not Control.ITEMS
            return editable and (command == "edit" or simple)
        if command == "revert_field":
            return self.state.dirty(field.name)
        if command == "copy_field":
            return bool(self.state.shown(field.name))
        if command == "field_history":
            return not self.state.new
        return super().can(command, item)

    def types(self, item: Hashable) -> bool:
        """Say whether text is typed into the field."""
        return self._of(item).typed

    async def do_edit(self, item: Hashable) -> None:
        """Type into the field, pick its value, or switch it over."""
        field = self._of(item)
        if field.typed:
            await self.page.type_into(self.state, field.name)
        elif field.control is Control.YES_NO:
            self.do_switch(item)
        elif field.control is Control.CHOICE:
            pick_choice(self.page, self.state, field)
        else:
            pick_reference(self.page, self.state, field)

    def do_switch(self, item: Hashable) -> None:
        """Go to the next value."""
        switch(self.page, self.state, self._of(item))

    def do_revert_field(self, item: Hashable) -> None:
        """Bring the saved value back."""
        self.state.revert(self._of(item).name)
        self.page.edited(self._of(item).name)

    def do_copy_field(self, item: Hashable) -> None:
        """Ask for the text to be copied: as it is typed, for that is what other programs take."""
        field = self._of(item)
        text = self.state.text(field.name) if field.typed else self.state.shown(field.name)
        self.page.post_message(self.page.CopyAsked(self.page, text, field.title))

    def do_field_history(self, item: Hashable) -> None:
        """Ask for the history of the field."""
        self.page.post_message(self.page.HistoryAsked(self.page, f"/{self._of(item).name}"))

    def _of(self, item: Hashable) -> FormField:
        return self.state.fields[str(item)]

    def _field(self, name: str, width: int, label_width: int) -> Sequence[Row]:
        state, field = self.state, self.state.fields[name]
        typing = self.page.types_into(state, name)
        shown = state.shown(name)
        role = "text" if state.can_edit(name) else "muted"
        lines = [shown] if shown and not typing else [""]
        room = max(1, width - label_width - 3)
        if field.control is Control.PARAGRAPH:
            lines = self._paragraph(shown, room, typing=typing)
        first = Span(lines[0], role) if lines[0] or typing else Span(EMPTY, "muted")
        # A question that is too long for a label goes on below it.
        label, *more = wrap(field.title, label_width)[:_LABEL_LINES] or [""]
        rows = [labelled(label, [first], width, label_width, dirty=state.dirty(name), key=name)]
        for words, line in zip_longest(more, lines[1:], fillvalue=""):
            rows.append(Row((Span(f" {fit(words, label_width)}  ", "label"), Span(line, role))))
        return [*rows, *error_rows(self.page.error_of(state, name), room, label_width)]

    def _paragraph(self, shown: str, room: int, *, typing: bool) -> list[str]:
        lines = wrap(shown, room)
        if typing:
            return [""] * min(_PARAGRAPH_LINES, max(4, len(lines) + 1))
        if len(lines) > _PARAGRAPH_LINES:
            return [*lines[: _PARAGRAPH_LINES - 1], f"… {len(lines) - _PARAGRAPH_LINES + 1} more lines"]
        return lines


def labelled(
    label: str,
    value: Sequence[Span],
    width: int,
    label_width: int,
    *,
    dirty: bool = False,
    key: Hashable = None,
) -> Row:
    """Make a row of a label and a value, with the mark of what is not saved before it."""
    label = cut(label, label_width)
    lead = [
        Span("*" if dirty else " ", "dirty"),
        Span(label + " " * (label_width - width_of(label) + 2), "label"),
    ]
    return Row(within([*lead, *value], width), key)


def error_rows(sentence: str, room: int, label_width: int) -> Sequence[Row]:
    """Give the rows that say what is wrong with the field above."""
    if not sentence:
        return ()
    return [Row((Span(" " * (label_width + 3)), Span(line, "bad"))) for line in wrap(sentence, room)[:3]]

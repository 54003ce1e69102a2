"""The real text boxes that lie over a field while it is typed in."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Input, TextArea

from tui.commands import Command, CommandHost
from tui.forms.commands import (
    Accept,
    FieldAbove,
    FieldBelow,
    LeaveField,
    NextField,
    PreviousField,
    ShowSecret,
)

Typed = Callable[[str], None]
"""Hears of every change of the text, at once."""
Left = Callable[[int, bool], Awaitable[None]]
"""Hears that typing is over: how many fields to go down, and whether the next is typed in at once."""


if TYPE_CHECKING:
    from textual.widget import Widget as _Box
else:
    _Box = object  # see CommandHost


class Editor(CommandHost, _Box):
    """What both text boxes share: the keys that keep the text and go on."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (NextField, PreviousField, LeaveField)

    left: Left
    leaves: bool
    """Whether typing can be left for the page; in a box, Escape closes the box."""

    @property
    def typed(self) -> str:
        """The text in the box."""
        raise NotImplementedError

    def can(self, name: str) -> bool:
        """Leave Escape to the box where there is one."""
        return self.leaves or name != "leave_field"

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw nothing where it was taken away and has lost its styles.

        A box that opens in that moment still draws it, as part of what is behind.
        """
        return super().render_lines(crop) if self.is_attached else [Strip.blank(crop.width)] * crop.height

    async def do_next_field(self) -> None:
        """Go on typing in the next field."""
        await self.left(1, True)

    async def do_previous_field(self) -> None:
        """Go on typing in the field before."""
        await self.left(-1, True)

    async def do_leave_field(self) -> None:
        """Stop typing."""
        await self.left(0, False)


class LineEditor(Editor, Input):
    """A box for one line."""

    OFFERS = (Accept, FieldBelow, FieldAbove, ShowSecret)

    DEFAULT_CSS = "LineEditor, LineEditor:focus { position: absolute; border: none; padding: 0; height: 1; }"

    def __init__(
        self, text: str, *, joint: str, typed: Typed, left: Left, leaves: bool, secret: bool = False
    ) -> None:
        """Start with `text`; lines that are pasted are joined with `joint`, a `secret` is masked."""
        Input.__init__(self, text, select_on_focus=False, password=secret)
        self.secret = secret
        self.cursor_blink = False
        self.left, self.leaves = left, leaves
        self._joint = joint
        self._heard = typed

    def start(self, text: str, *, joint: str, secret: bool = False) -> None:
        """Serve another field: moving one box is three times as fast as making the next."""
        self._joint = joint
        self.secret = self.password = secret
        self.value = text
        self.cursor_position = len(text)

    @property
    def typed(self) -> str:
        """The text in the box."""
        return self.value

    def watch_value(self, value: str) -> None:
        """Tell of a change before the next key is looked at."""
        if self.is_mounted:
            self._heard(value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep the text box's own messages from the screens below."""
        event.stop()

    def can(self, name: str) -> bool:
        """Offer to show what is masked."""
        return self.secret if name == "show_secret" else super().can(name)

    def do_show_secret(self) -> None:
        """Show the password, or hide it again."""
        self.password = not self.password

    async def do_accept(self) -> None:
        """Go on; the page decides whether typing does too."""
        await self.left(1, False)

    async def do_field_below(self) -> None:
        """Go on typing in the field below."""
        await self.left(1, True)

    async def do_field_above(self) -> None:
        """Go on typing in the field above."""
        await self.left(-1, True)

    def on_paste(self, event: events.Paste) -> None:
        """Take all lines of what is pasted, not only the first."""
        event.prevent_default()
        event.stop()
        lines = [line.strip() for line in event.text.splitlines() if line.strip()]
        self.replace(self._joint.join(lines), *self.selection)


class ParagraphEditor(Editor, TextArea):
    """A box for several lines, in which Enter and the arrows belong to the text."""

    DEFAULT_CSS = "ParagraphEditor, ParagraphEditor:focus { position: absolute; border: none; padding: 0; }"

    def __init__(self, text: str, *, typed: Typed, left: Left, leaves: bool) -> None:
        TextArea.__init__(self, text, highlight_cursor_line=False, compact=True)
        self.cursor_blink = False
        self.left, self.leaves = left, leaves
        self._heard = typed
        self.move_cursor(self.document.end)

    @property
    def typed(self) -> str:
        """The text in the box."""
        return self.text

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell of a change."""
        event.stop()
        self._heard(self.text)


TextBox = LineEditor | ParagraphEditor

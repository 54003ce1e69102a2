"""Plain text on an otherwise empty screen, to be marked and copied by hand where no clipboard is reached."""

from collections.abc import Sequence

from textual.app import ComposeResult

from tui.commands import Command
from tui.screens.base import AppScreen
from tui.text import wrap
from tui.widgets.lines import LineList, Row, Span


class LeavePlainText(Command):
    """Go back."""

    keys = "escape,q"
    footer = "back"
    in_palette = False


class CopyPlainText(Command):
    """Copy all of the text."""

    keys = "y"
    footer = "copy"
    in_palette = False


class _PlainLines(LineList):
    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def build(self, width: int) -> Sequence[Row]:
        return [Row((Span(line),)) for line in wrap(self._text, max(10, width - 2))]


class PlainScreen(AppScreen[None]):
    """Text and nothing beside it: no frame, no columns, nothing to leave out when marking."""

    OFFERS = (LeavePlainText, CopyPlainText)

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self._lines = _PlainLines(text)

    def compose_body(self) -> ComposeResult:
        """Lay out the text."""
        yield self._lines

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self._lines.focus()

    def do_copy_plain_text(self) -> None:
        """Copy it as it is."""
        self.app.copy_to_clipboard(self._text)

    def do_leave_plain_text(self) -> None:
        """Go back to where it came from."""
        self.dismiss(None)

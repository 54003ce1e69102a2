"""Where the terminal's own cursor belongs: at the focus, for the eye and for screen readers."""

from typing import Any

from rich.cells import cell_len
from textual.app import App
from textual.geometry import Offset
from textual.widget import Widget
from textual.widgets import Input

from tui.terminal.motion import Position
from tui.terminal.texts import is_text_area


def cursor_of(app: App[Any]) -> Position | None:
    """Give the cell of the cursor on the screen, or None where it shall be hidden.

    A widget that is drawn by lines says it by an attribute `terminal_cursor`: an Offset within its
    content, or None.
    """
    try:
        return _at_focus(app)
    except Exception:  # noqa: BLE001 - a widget that is half gone must not keep the screen from being written
        return None


def _at_focus(app: App[Any]) -> Position | None:
    focused = app.focused if app.screen_stack else None
    if focused is None:
        return None
    offset = _within(focused)
    if offset is None:
        return None
    region = focused.content_region
    column, row = region.x + offset.x, region.y + offset.y
    if not region.x <= column <= region.right or not region.y <= row < region.bottom:
        return None
    width, height = app.size
    return (min(column, width - 1), row) if row < height else None


def _within(widget: Widget) -> Offset | None:
    """Give the cursor's place in the content of `widget`."""
    if isinstance(widget, Input):
        typed = widget.value[: widget.cursor_position]
        if widget.password:
            typed = "*" * len(typed)
        return Offset(cell_len(typed.expandtabs(4)) - round(widget.scroll_x), 0)
    if is_text_area(widget):
        return widget.cursor_screen_offset - widget.content_region.offset
    declared: Offset | None = getattr(widget, "terminal_cursor", None)
    return declared

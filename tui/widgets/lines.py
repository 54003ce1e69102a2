"""The widget that everything is drawn with: rows of styled text, of which only the changed are painted.

A screenful of rows is one widget, not dozens, because a form of many widgets takes ten times as long to
open and sends ten times the bytes. `Lines` draws; `LineList` adds a marker that moves over rows.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.commands import Command, CommandHost
from tui.commands.moving import MOVING, Choose
from tui.text import one_line
from tui.widgets.rows import MARKER, ROLE_CLASSES, ROLES, Row, Span, edges, link_to, row, within

__all__ = [
    "MARKER",
    "ROLES",
    "ROLE_CLASSES",
    "LineList",
    "Lines",
    "Row",
    "Span",
    "edges",
    "link_to",
    "row",
    "within",
]


class Lines(Widget):
    """Rows of text. Subclasses say in `build` what the rows are at a width; `redraw` paints what changed."""

    DEFAULT_CSS = "Lines { height: 1fr; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.rows: tuple[Row, ...] = ()
        self.top = 0
        self._room = Size()
        self._drawn_for = Size()

    @property
    def size(self) -> Size:
        """The size that it has, or had when it was last shown: what is hidden is drawn as it will be seen."""
        now = super().size
        if now:
            self._room = now
        return self._room

    def build(self, width: int) -> Sequence[Row]:
        """Give the rows for a widget `width` cells wide."""
        del width
        return ()

    def redraw(self) -> None:
        """Build the rows again and paint those that differ from what is on the screen."""
        self._drawn_for = self.size
        # Textual paints before it tells the size: until then a screen is filled from edge to edge, a box not.
        width = self.size.width or (0 if self.screen.is_modal else self.app.size.width)
        before, self.rows = self.rows, tuple(self.build(width))
        shown = range(self.top, self.top + self.size.height)
        self._paint(y for y in shown if _at(before, y) != _at(self.rows, y))

    def on_resize(self, event: events.Resize) -> None:
        """Build the rows for the new size; one that is merely shown again has it already."""
        del event
        if self.size != self._drawn_for:
            self.redraw()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Leave the styles as they are: no rule looks at the focus, and matching every role again is slow."""

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen; Textual calls this."""
        return self.draw(_at(self.rows, self.top + y))

    def draw(self, shown: Row) -> Strip:
        """Give a row as styled cells, exactly as wide as the widget."""
        base = self.rich_style
        segments = [Segment(one_line(span.text), base + self._style(span)) for span in shown.spans]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def _style(self, span: Span) -> Style:
        style = self.screen.get_component_rich_style(f"line--{span.role}", partial=True)
        if span.link and getattr(self.app, "shows_links", False):
            # OSC 8: the terminal opens it, on the person's own machine, over SSH too.
            style += Style(link=span.link)
        return style

    def _paint(self, lines: Iterable[int]) -> None:
        regions = [Region(0, y - self.top, self.size.width, 1) for y in lines]
        if regions:
            self.refresh(*regions)


def _at(rows: Sequence[Row], y: int) -> Row:
    return rows[y] if 0 <= y < len(rows) else Row()


class LineList(CommandHost, Lines, can_focus=True):
    """Rows with a marker that moves over those that can be chosen."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = MOVING

    enter_word: ClassVar[str] = ""
    """What Enter does to the marked row, at the foot; empty: what the screen says of its own."""

    @dataclass
    class Moved(Message):
        """The marker stands on another row."""

        lines: "LineList"
        key: Hashable

        @property
        def control(self) -> "LineList":
            """The list, for `@on` selectors."""
            return self.lines

    @dataclass
    class Chosen(Message):
        """Enter was pressed on a row."""

        lines: "LineList"
        key: Hashable

        @property
        def control(self) -> "LineList":
            """The list, for `@on` selectors."""
            return self.lines

    @dataclass
    class Jumped(Message):
        """A letter was awaited and came, or another key ended the wait."""

        lines: "LineList"

        @property
        def control(self) -> "LineList":
            """The list, for `@on` selectors."""
            return self.lines

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.cursor = -1
        self.placed = False
        """Whether somebody put the marker where it stands; until then it keeps to the beginning."""
        self._letters: dict[str, int] = {}

    @property
    def jumping(self) -> bool:
        """Whether the next key is a letter to jump to."""
        return bool(self._letters)

    @property
    def key(self) -> Hashable:
        """The key of the marked row, or None."""
        return _at(self.rows, self.cursor).key

    def redraw(self) -> None:
        """Build again; the marker stays on the row of the same key, else on the row at its place."""
        key, before = self.key, self.cursor
        super().redraw()
        self.cursor = self._place(key, before)
        self._reveal()
        if self.cursor != before:
            self._paint(y for y in (before, self.cursor) if y >= 0)
        if self.key != key:
            self.post_message(self.Moved(self, self.key))

    def draw(self, shown: Row) -> Strip:
        """Draw the row two cells in, behind the column of the marker and of letters to jump to."""
        letter = next((letter for letter, y in self._letters.items() if shown is _at(self.rows, y)), "")
        marked = shown.key is not None and shown is _at(self.rows, self.cursor)
        lead = Span(f"{letter} ", "key") if letter else Span(f"{MARKER} " if marked else "  ", "accent")
        return super().draw(Row((lead, *shown.spans)))

    def can(self, name: str) -> bool:
        """Offer to jump where letters would be heard."""
        return self.has_focus if name == "jump_to" else super().can(name)

    def word(self, command: type[Command]) -> str:
        """Say what Enter does here."""
        return self.enter_word if command is Choose and self.key is not None else super().word(command)

    def do_jump_to(self) -> None:
        """Show a letter at each row; the next key moves the marker there, any other key ends it."""
        shown = range(self.top, min(self.top + self.size.height, len(self.rows)))
        places = [y for y in shown if self.rows[y].key is not None]
        self._letters = dict(zip(ascii_lowercase, places, strict=False))
        self._paint(self._letters.values())

    def on_key(self, event: events.Key) -> None:
        """Take the letter of a jump."""
        if self._letters:
            event.stop()
            event.prevent_default()
            letters, self._letters = self._letters, {}
            self._paint(letters.values())
            if event.key in letters:
                self._go(letters[event.key])
            self.post_message(self.Jumped(self))

    def mark(self, key: Hashable) -> None:
        """Put the marker on the row with this key, if there is one."""
        place = next((y for y, item in enumerate(self.rows) if item.key == key and key is not None), None)
        if place is not None:
            self._go(place)

    def do_previous(self) -> None:
        """Move the marker to the row above."""
        self._step(-1)

    def do_next(self) -> None:
        """Move the marker to the row below."""
        self._step(1)

    def do_page_back(self) -> None:
        """Move the marker a screenful up."""
        self._step(-max(1, self.size.height - 1))

    def do_page_forward(self) -> None:
        """Move the marker a screenful down."""
        self._step(max(1, self.size.height - 1))

    def do_first(self) -> None:
        """Move the marker to the first row."""
        self._step(-len(self.rows))

    def do_last(self) -> None:
        """Move the marker to the last row."""
        self._step(len(self.rows))

    def do_choose(self) -> None:
        """Tell that the marked row was chosen."""
        if self.key is not None:
            self.post_message(self.Chosen(self, self.key))

    def _step(self, by: int) -> None:
        places = [y for y, item in enumerate(self.rows) if item.key is not None]
        if not places:
            # Nothing to choose: the keys scroll what is longer than the screen.
            self._set_top(self.top + by)
            return
        wanted = max(0, self.cursor) + by
        if by > 0:
            place = next((y for y in places if y >= wanted), places[-1])
        else:
            place = next((y for y in reversed(places) if y <= wanted), places[0])
            if place == places[0] and self.cursor == place:
                self._set_top(0)
        self._go(place)

    def _go(self, place: int) -> None:
        self.placed = True
        if place == self.cursor:
            return
        before, self.cursor = self.cursor, place
        if not self._reveal():
            self._paint(y for y in (before, place) if y >= 0)
        self.post_message(self.Moved(self, self.key))

    def _place(self, key: Hashable, before: int) -> int:
        places = [y for y, item in enumerate(self.rows) if item.key is not None]
        if not places:
            return -1
        same = next((y for y in places if self.rows[y].key == key and key is not None), None)
        return same if same is not None else min(places, key=lambda y: abs(y - max(before, 0)))

    def _reveal(self) -> bool:
        """Bring the marker into view; say whether that moved the rows."""
        height = self.size.height
        top = self.top
        # Until Textual has told the size, nothing is known to be out of view.
        if height and self.cursor >= 0:
            top = min(max(top, self.cursor - height + 1), self.cursor)
            # Headings above the first row that can be chosen come into view with it.
            if all(item.key is None for item in self.rows[: self.cursor]) and self.cursor < height:
                top = 0
        return self._set_top(top)

    def _set_top(self, top: int) -> bool:
        top = max(0, min(top, len(self.rows) - self.size.height))
        if top == self.top:
            return False
        self.top = top
        self.refresh()
        return True

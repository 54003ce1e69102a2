"""Pick one of many, or several: type to narrow down, Enter to take.

The palette, the switcher, choices, references, labels and pick lists are all this screen.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Generic, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from client.fold import fold
from tui.commands import Command
from tui.screens.box import BoxScreen
from tui.text import cut, one_line, width_of, wrap
from tui.widgets.driven import DrivesList
from tui.widgets.lines import LineList, Row, Span, edges

Key = TypeVar("Key", bound=Hashable)


_WIDTHS: Final = 64, 76
"""Cells that the box takes at least, and at most for hints that stand beside their options."""
_FRAME: Final = 2
"""Cells that its frame takes."""
_APART: Final = 5
"""Cells beside name and hint: the marker, and what is between and behind them."""
_LEAST_HINT: Final = 16
"""Hints with less room than this are left out."""
_MOST_ROWS: Final = 8
"""Options shown at once; more scroll. Fewer rows are fewer bytes on a slow line."""


@dataclass(frozen=True, slots=True)
class Option(Generic[Key]):
    """Something to pick: its key, its name, and a hint at the right."""

    key: Key
    name: str
    hint: str = ""
    role: str = "text"
    also: str = ""
    """Further words that it is found by."""


class Leave(Command):
    """Close."""

    keys = "escape,f2"
    in_palette = False


class _Options(LineList, Generic[Key]):
    def __init__(self, options: Sequence[Option[Key]], ticked: set[Key] | None) -> None:
        super().__init__()
        self.options = options
        self.words: list[str] = []
        self.ticked = ticked
        self.note = "Nothing fits."

    def build(self, width: int) -> Sequence[Row]:
        rows = []
        for option in self.options:
            if not all(word in fold(f"{option.name} {option.hint} {option.also}") for word in self.words):
                continue
            tick = "" if self.ticked is None else "[x] " if option.key in self.ticked else "[ ] "
            left = [Span(tick, "accent"), Span(option.name, option.role)]
            room = width - _APART - width_of(tick) - width_of(one_line(option.name))
            first, *more = wrap(one_line(option.hint), max(room, _LEAST_HINT))
            # The name is what is picked: a hint that is too long goes on below it, or is left out.
            right = [Span(f"  {first} ", "muted")] if first and width_of(first) <= room else []
            rows.append(Row(edges(left, right, width - 2).spans, option.key))
            if more and room >= _LEAST_HINT:
                rest = Span(f"{cut(' '.join(more), room)} ", "muted")
                rows.append(Row(edges([], [rest], width - 2).spans))
        return rows or [Row((Span(self.note, "muted"),))]


class PickScreen(DrivesList, BoxScreen[list[Key] | None], Generic[Key]):
    """A box with a line to type in and the options that fit. Gives the keys picked, or None.

    With `ticked`, several can be picked: Enter ticks and Esc gives what is ticked. Without, Enter gives the
    marked one and Esc gives None.
    """

    OFFERS: ClassVar[tuple[type[Command], ...]] = (Leave,)
    AUTO_FOCUS = "Input"

    DEFAULT_CSS = """
    PickScreen _Options { height: auto; max-height: 8; }
    """

    def __init__(
        self,
        title: str,
        options: Sequence[Option[Key]],
        *,
        ticked: set[Key] | None = None,
        marked: Key | None = None,
        on_marked: Callable[[Key], None] | None = None,
    ) -> None:
        """Take `on_marked` to show each option live while the marker stands on it."""
        super().__init__()
        self._on_marked = on_marked
        self._title = title
        self._marked = marked
        self._list: _Options[Key] = _Options(options, ticked)

    @property
    def driven(self) -> LineList:
        """The options."""
        return self._list

    def compose(self) -> ComposeResult:
        """Lay out the line and the options in a box."""
        keys = "Enter take · Esc close" if self._list.ticked is None else "Enter tick · Esc done"
        box = Vertical(Input(placeholder=f"Type to narrow down · {keys}"), self._list, classes="box")
        box.border_title = Content(one_line(self._title))
        yield box

    def on_mount(self) -> None:
        """Give the list its height and the marker its place."""
        width = min(self._wanted_width(), self.app.size.width)
        self.query_one(".box").styles.width = width
        # Before anything is painted, so that the marker passes over no other option.
        self._list.rows = tuple(self._list.build(width - _FRAME))
        self._list.styles.height = min(_MOST_ROWS, len(self._list.rows))
        self._list.mark(self._marked)
        self.query_one(Input).cursor_blink = False

    def _wanted_width(self) -> int:
        """Give the width in which the options that are seen first have their hints beside them."""
        shown = self._list.options[:_MOST_ROWS]
        tick = 0 if self._list.ticked is None else len("[x] ")
        needed = [width_of(f"{one_line(option.name)}{one_line(option.hint)}") for option in shown]
        least, most = _WIDTHS
        return max(least, min(most, _FRAME + _APART + tick + max(needed, default=0)))

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self.narrow(event.value)

    def narrow(self, text: str) -> None:
        """Show the options that fit what is typed."""
        self._list.words = fold(text).split()
        self._list.redraw()

    def offer(self, options: Sequence[Option[Key]], note: str) -> None:
        """Show other options, or where there are none the note."""
        self._list.options, self._list.note = options, note
        self._list.redraw()

    @on(Input.Submitted)
    @on(LineList.Chosen)
    def _take(self, event: Message) -> None:
        event.stop()
        key = cast("Key", self._list.key)
        if key is None:
            return
        if self._list.ticked is None:
            self.dismiss([key])
            return
        self._list.ticked ^= {key}
        self._list.redraw()

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        event.stop()
        if self._on_marked is not None and event.key is not None:
            self._on_marked(cast("Key", event.key))

    def do_leave(self) -> None:
        """Close, with what is ticked where several can be."""
        ticked = self._list.ticked
        self.dismiss(None if ticked is None else [o.key for o in self._list.options if o.key in ticked])

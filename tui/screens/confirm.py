"""Asking before what cannot be undone: what will happen, what will not, and a word to type."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Input

from client.fold import fold
from tui.commands import Command
from tui.commands.moving import Next, Previous
from tui.screens.box import BoxScreen
from tui.text import one_line, wrap
from tui.widgets.lines import Lines, Row, Span, within

_WIDTH: Final = 76
"""Cells that the box takes at most."""
_AROUND: Final = 6
"""Cells that its frame takes, and what keeps text apart from it."""
_ROWS_AROUND: Final = 4
"""The frame, the word, and the line to type it in."""
_READING_ON: Final = (Previous, Next)


class LeaveQuestion(Command):
    """Do nothing."""

    keys = "escape"
    in_palette = False


class _Sentences(Lines):
    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__()
        self.sentences = sentences

    def build(self, width: int) -> Sequence[Row]:
        return [Row((Span(line),)) for sentence in self.sentences for line in wrap(sentence, width)]

    @property
    def is_longer(self) -> bool:
        """Whether some of it is out of sight."""
        return len(self.rows) > self.size.height

    def scroll_rows(self, by: int) -> None:
        """Show what is further down, or up."""
        self.top = max(0, min(self.top + by, len(self.rows) - self.size.height))
        self.refresh()


class _Word(Lines):
    DEFAULT_CSS = "_Word { height: 1; }"

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word

    def build(self, width: int) -> Sequence[Row]:
        return [
            Row(within([Span("Type "), Span(self.word, "title"), Span(" and press Enter to go on.")], width))
        ]


class ConfirmScreen(BoxScreen[bool]):
    """A box that gives True only when the word was typed."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (LeaveQuestion, *_READING_ON)
    AUTO_FOCUS = "Input"

    def __init__(self, title: str, sentences: Sequence[str], word: str) -> None:
        super().__init__()
        self._title = title
        self._sentences = _Sentences(sentences)
        self._word = _Word(word)

    def compose(self) -> ComposeResult:
        """Lay out the sentences above the line to type in."""
        box = Vertical(self._sentences, self._word, Input(select_on_focus=False), classes="box")
        box.border_title = Content(one_line(self._title))
        yield box

    def on_mount(self) -> None:
        """Keep the cursor still."""
        self.query_one(Input).cursor_blink = False
        self._fit(self.app.size)

    def on_resize(self, event: events.Resize) -> None:
        """Break the sentences anew."""
        self._fit(event.size)

    def can(self, name: str) -> bool:
        """Scroll where there is more than fits."""
        scrolls = name in {command.name() for command in _READING_ON}
        return self._sentences.is_longer if scrolls else super().can(name)

    def do_previous(self) -> None:
        """Read on further up."""
        self._sentences.scroll_rows(-1)

    def do_next(self) -> None:
        """Read on further down."""
        self._sentences.scroll_rows(1)

    def _fit(self, size: Size) -> None:
        """Give the sentences the rows they need; what must be typed, and where, is always in sight."""
        rows = len(self._sentences.build(min(_WIDTH, size.width) - _AROUND))
        room = max(1, size.height - _ROWS_AROUND)
        self._sentences.styles.height = min(rows, room)
        self._say("↑↓ read on · Esc do nothing" if rows > room else "Esc do nothing")

    def _say(self, keys: str) -> None:
        self.query_one("Vertical.box").border_subtitle = Content(keys)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if fold(event.value).strip() == fold(self._word.word):
            self.dismiss(True)
        else:
            self._say("That is another word · Esc do nothing")

    def do_leave_question(self) -> None:
        """Close; nothing happens."""
        self.dismiss(False)

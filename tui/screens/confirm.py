"""Asking before what cannot be undone: what will happen, what will not, and a word to type."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from client.fold import fold
from tui.commands import Command
from tui.screens.box import BoxScreen
from tui.text import one_line, wrap
from tui.widgets.lines import Lines, Row, Span


class LeaveQuestion(Command):
    """Do nothing."""

    keys = "escape"
    in_palette = False


class _Sentences(Lines):
    def __init__(self, sentences: Sequence[str], word: str) -> None:
        super().__init__()
        self.sentences = sentences
        self.word = word

    def build(self, width: int) -> Sequence[Row]:
        rows = [Row((Span(line),)) for sentence in self.sentences for line in wrap(sentence, width)]
        return [*rows, Row((Span("Type "), Span(self.word, "title"), Span(" and press Enter to go on.")))]


class ConfirmScreen(BoxScreen[bool]):
    """A box that gives True only when the word was typed."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (LeaveQuestion,)
    AUTO_FOCUS = "Input"

    def __init__(self, title: str, sentences: Sequence[str], word: str) -> None:
        super().__init__()
        self._title = title
        self._words = _Sentences(sentences, word)

    def compose(self) -> ComposeResult:
        """Lay out the sentences above the line to type in."""
        self._words.styles.height = 1 + sum(len(wrap(sentence, 70)) for sentence in self._words.sentences)
        box = Vertical(self._words, Input(select_on_focus=False), classes="box")
        box.border_title = Content(one_line(self._title))
        box.border_subtitle = Content("Esc do nothing")
        yield box

    def on_mount(self) -> None:
        """Keep the cursor still."""
        self.query_one(Input).cursor_blink = False

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if fold(event.value).strip() == fold(self._words.word):
            self.dismiss(True)
        else:
            self.query_one("Vertical.box").border_subtitle = Content("That is another word · Esc do nothing")

    def do_leave_question(self) -> None:
        """Close; nothing happens."""
        self.dismiss(False)

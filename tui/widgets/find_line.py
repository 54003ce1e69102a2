"""The top of the list screen: where one is, how the link does, and the line that is typed in."""

from collections.abc import Sequence
from typing import Final

from textual import events
from textual.widgets import Input

from tui.services.search import LONGEST_TEXT, spoken
from tui.terminal.first_frame import PROMPT, TITLE
from tui.text import cut, width_of
from tui.widgets.lines import Lines, Row, Span, edges, within

PLACEHOLDER: Final = "name, phone, e-mail, number…"


class TitleLine(Lines):
    """The business, the link, and who is signed in where."""

    DEFAULT_CSS = "TitleLine { height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._business = ""
        self._link = Span("")
        self._who = ""

    def show(self, business: str, link: Span, who: str) -> None:
        """Show these; what is the same as before is not painted again."""
        self._business, self._link, self._who = business, link, who
        self.redraw()

    def build(self, width: int) -> Sequence[Row]:
        """Give the line; who is signed in gives way first, then the link."""
        left = [Span(TITLE, "title")]
        if self._business:
            left.append(Span(f" · {self._business}", "text"))
        for right in ((self._link, Span(self._who, "muted")), (self._link,), ()):
            ends = [part for span in right if span.text for part in (Span("   "), span)]
            if sum(width_of(span.text) for span in (*left, *ends)) < width:
                return [edges(left, [*ends, Span(" ")], width)]
        return [Row(within(left, width))]


class FindPrompt(Lines):
    """The word before the box, where the first frame had it."""

    DEFAULT_CSS = f"FindPrompt {{ width: {len(PROMPT)}; height: 1; }}"

    def build(self, width: int) -> Sequence[Row]:
        """Give the word."""
        return [Row(within([Span(PROMPT, "label")], width))]


class FindCount(Lines):
    """How many were found and under which filters, at the right of the box."""

    DEFAULT_CSS = "FindCount { width: 45%; height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._words: Sequence[str] = ()

    def show(self, *words: str) -> None:
        """Show words; empty ones are left out."""
        self._words = [word for word in words if word]
        self.redraw()

    def build(self, width: int) -> Sequence[Row]:
        """Give the words at the right edge."""
        return [edges([], [Span(cut(" · ".join(self._words), width - 1), "muted"), Span(" ")], width)]


class FindBox(Input):
    """The line that is typed in. What is pasted becomes one harmless line; `?` and `*` are for commands."""

    DEFAULT_CSS = "FindBox { width: 1fr; height: 1; border: none; padding: 0; }"

    def __init__(self) -> None:
        super().__init__(
            placeholder=PLACEHOLDER, max_length=LONGEST_TEXT, select_on_focus=False, compact=True
        )
        self.cursor_blink = False

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Take every letter but those that say nothing to a search."""
        return not self._passes(character) and super().check_consume_key(key, character)

    def on_key(self, event: events.Key) -> None:
        """Let the question mark pass: nobody is called so, and help must always be one key away.

        The same holds for an asterisk, and for a blank before anything else: both mark customers.
        """
        if self._passes(event.character):
            event.prevent_default()

    def _passes(self, character: str | None) -> bool:
        return character in ("?", "*") or (character == " " and not self.value)

    def on_paste(self, event: events.Paste) -> None:
        """Put pasted text in as one line without control characters."""
        event.prevent_default()
        event.stop()
        start, end = self.selection
        self.replace(spoken(event.text), min(start, end), max(start, end))

    def take(self, character: str) -> None:
        """Put a letter at the end that was typed elsewhere."""
        self.focus()
        self.insert(character, len(self.value))

    def start_over(self) -> None:
        """Select the text, so that the next letter replaces it."""
        self.select_all()

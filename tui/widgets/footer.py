"""The last two lines of every screen: what was just said, and the keys that work now."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual import events
from textual.app import App
from textual.message import Message

from tui.commands import Command, available_commands
from tui.keymaps.keymap import CHARACTERS, DISABLED
from tui.text import cut, width_of, wrap
from tui.widgets.lines import Lines, Row, Span, edges, within

KEY_NAMES = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "space": "Space",
    "backspace": "Backspace",
    "delete": "Del",
    "insert": "Ins",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}

_HELP = ("?", "F1")
"""The keys that always have a place in the footer, at its end."""


def keys_of(app: App[Any], command: type[Command]) -> list[str]:
    """Give the keys of a command as they are now: declared, or as the person's keymap has them."""
    remapped: Mapping[str, str] = getattr(app, "remapped_keys", {})
    keys = remapped.get(command.name(), command.keys)
    return [] if keys in ("", DISABLED) else keys.split(",")


def key_name(key: str) -> str:
    """Give a key as people read it: `ctrl+s` is `Ctrl+S`, `question_mark` is `?`."""
    *modifiers, last = key.split("+")
    if last in KEY_NAMES:
        shown = KEY_NAMES[last]
    elif len(last) == 1:
        shown = last.upper() if modifiers else last
    elif last.startswith("f") and last[1:].isdigit():
        shown = last.upper()
    else:
        shown = CHARACTERS.get(last, last)
    return "+".join([*(modifier.capitalize() for modifier in modifiers), shown])


_MOST_LINES = 3


class StatusLine(Lines):
    """Says what just happened, in the place of pop-ups: one line, up to three for a long sentence."""

    class Fitted(Message):
        """It takes more lines than before, or fewer."""

    def __init__(self, least: int = 0) -> None:
        """Have `least` lines even where fewer are said: a box around them keeps its height."""
        super().__init__()
        self._said = Span("")
        self._least = least
        self._behind = False
        self._most = _MOST_LINES

    @property
    def said(self) -> str:
        """The sentence on the line."""
        return self._said.text

    def say(self, sentence: str, role: str = "muted") -> None:
        """Show a sentence until the next one; roles `good`, `warn` and `bad` colour it."""
        self._said = Span(sentence, role)
        self._fit()
        self.redraw()

    def stand_behind(self, behind: bool) -> None:
        """Say nothing while a box stands on this line: at its sides were ends of words."""
        self._behind = behind
        self.redraw()

    def leave_room(self, most: int) -> int:
        """Take no more than `most` lines, even where more are said; give how many it takes."""
        self._most = min(most, _MOST_LINES)
        self._fit()
        return int(self.styles.height.value) if self.styles.height is not None else 0

    def on_resize(self, event: events.Resize) -> None:
        """Take the lines that the sentence needs at this width."""
        super().on_resize(event)
        self._fit()

    def build(self, width: int) -> Sequence[Row]:
        """Give the sentence, broken into lines."""
        if self._behind:
            return []
        return [Row(within([Span(" "), Span(line, self._said.role)], width)) for line in self._lines(width)]

    def _lines(self, width: int) -> list[str]:
        room = max(10, width - 2)
        lines = wrap(self._said.text, room)
        if len(lines) > self._most:
            lines[self._most - 1 :] = [cut(" ".join(lines[self._most - 1 :]), room)]
        return lines

    def _fit(self) -> None:
        needed = min(self._most, max(self._least, len(self._lines(self.size.width or 80))))
        if self.styles.height is None or self.styles.height.value != needed:
            self.styles.height = needed
            self.post_message(self.Fitted())


class KeyLine(Lines):
    """The footer: the keys that work now and only those, as many as fit, the nearest to the focus first.

    Behind a box it is empty: there, the box's own keys work. So it is where a screen says that its
    `keys_may_change` in a moment.
    """

    def on_mount(self) -> None:
        """Follow the focus and whatever else changes what works."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self.redraw())

    def build(self, width: int) -> Sequence[Row]:
        """Give key and word pairs up to the edge; help always has a place."""
        if self.screen is not self.app.screen or getattr(self.screen, "keys_may_change", False):
            return []
        nearest: dict[str, str] = {}
        commands = available_commands(self.screen)
        for command, host in sorted(commands, key=lambda found: not found[0].urgent):
            key = next((key for key in keys_of(self.app, command) if not self._is_typed(key)), "")
            if key:
                nearest.setdefault(key_name(key), host.word(command))
        offered = [(key, word) for key, word in nearest.items() if word]
        spans: list[Span] = []
        right = self._right()
        room = width - 1 - sum(width_of(span.text) for span in right)
        offered.sort(key=lambda pair: pair[0] in _HELP)
        reserve = sum(width_of(f"  {key} {word}") for key, word in offered if key in _HELP)
        for key, word in offered:
            taken = width_of(f" {key} {word} ")
            if taken + (0 if key in _HELP else reserve) > room:
                continue
            spans += [Span(f" {key}", "key"), Span(f" {word} ", "muted")]
            room -= taken
        return [edges(spans, right, width)]

    def _right(self) -> list[Span]:
        """Say what must not be forgotten: edits that wait, and that nothing can be written."""
        desk = getattr(self.app, "desk", None)
        if desk is None:
            return []
        unsent = () if self.screen.is_modal else desk.unsent
        asks = sum(edit.state != "waiting" for edit in unsent)
        words = f"{asks} unsent, look " if asks else f"{len(unsent)} unsent " if unsent else ""
        spans = [Span(f" {words}", "bad" if asks else "dirty")] if words else []
        return [*spans, Span("read-only ", "warn")] if desk.read_only else spans

    def _is_typed(self, key: str) -> bool:
        """Say whether a key writes a character into the text box that has the focus."""
        character = " " if key == "space" else key_name(key)
        focused = self.screen.focused
        writes = len(character) == 1 and character.isascii()
        return writes and focused is not None and focused.check_consume_key(key, character)

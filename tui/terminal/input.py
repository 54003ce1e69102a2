"""Bytes from the terminal become Textual events; no byte, however wrong, ends the application."""

import codecs
import re
from collections.abc import Callable, Iterable

from textual import constants
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.events import Key, Paste
from textual.message import Message

from client.text import clean

_ESCAPE = "\x1b"
_TOKEN = re.compile(
    r"(?P<text>[^\x1b]+)"
    r"|(?P<answer>\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[M[^\x1b]{3})"
    r"|(?P<unfinished>\x1b(?:\[(?:\[?|M[^\x1b]{0,2}|[0-?]*[ -/]*)|O|[\]PX^_][^\x07\x1b]{0,4096}\x1b?)?\Z)"
    r"|(?P<sequence>\x1b\[\[[A-E]|\x1b\[[0-?]*[ -/]*[@-~]|\x1bO[ -~])"
    r"|(?P<alt>\x1b[^\x1b])"
    r"|(?P<escape>\x1b)"
)
"""Text, what a terminal answers (OSC, DCS, an old mouse), CSI and SS3 sequences, a key with Alt, Escape."""

ESCAPE_DELAY = constants.ESCAPE_DELAY
"""Seconds after which a lone escape byte is the Escape key."""

PASTE_SILENCE = 1.0
"""Seconds without a byte after which a paste whose end never came is taken to be over."""


class TerminalInput:
    """Turns what the terminal sends into events, leniently.

    Invalid UTF-8 is dropped, and so is every escape sequence that is cut short or means nothing, whole:
    no piece of it is taken for letters. A paste is one event, cleaned of control characters, and costs no
    parsing per character. Textual's parser is given one whole sequence at a time; one that breaks it, or
    that it does not know, costs only itself.
    """

    def __init__(self, emit: Callable[[Message], None], line_typed: int = 0) -> None:
        self._emit = emit
        self._line_typed = line_typed
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self._parser = XTermParser()
        self._paste: list[str] | None = None
        self._held = ""

    @property
    def wants_time(self) -> float | None:
        """Seconds after which `time_passed` is due should no byte come; None when nothing is unfinished."""
        if self._paste is not None:
            return PASTE_SILENCE
        return ESCAPE_DELAY if self._held else None

    def feed(self, received: bytes) -> None:
        """Take bytes as they were read, in pieces of any size."""
        if self._line_typed:
            early, received = received[: self._line_typed], received[self._line_typed :]
            self._line_typed -= len(early)
            received = early.replace(b"\n", b"\r") + received
        text = self._held + self._decoder.decode(received)
        self._held = ""
        while text:
            text = self._within_paste(text) if self._paste is not None else self._outside_paste(text)

    def time_passed(self) -> None:
        """Nothing came for `wants_time`: what was begun is over."""
        if self._paste is not None:
            self._end_paste(self._held)
            self._held = ""
            return
        held, self._held = self._held, ""
        if held == _ESCAPE:
            self._emit(Key("escape", _ESCAPE))
        elif len(held) == len("\x1b["):
            self._with_alt(held)

    def _outside_paste(self, text: str) -> str:
        """Take tokens up to the beginning of a paste, and give what is left."""
        for token in _TOKEN.finditer(text):
            kind = token.lastgroup
            if token.group() == BRACKETED_PASTE_START:
                self._paste = []
                return text[token.end() :]
            if kind == "text":
                self._parse(token.group())
            elif kind == "sequence":
                self._take_sequence(token.group())
            elif kind == "alt":
                self._with_alt(token.group())
            elif kind == "escape":
                self._emit(Key("escape", _ESCAPE))
            elif kind == "unfinished":
                self._held = token.group()
        return ""

    def _take_sequence(self, sequence: str) -> None:
        """Parse a whole sequence; a parser that waits for more of it does not know it."""
        self._parse(sequence)
        if self._parser._timeout_time is not None:
            self._parser = XTermParser()

    def _with_alt(self, sequence: str) -> None:
        """Parse an escape and a character that came together: a key pressed with Alt."""
        self._parse(sequence)
        if self._parser._timeout_time is not None:
            self._parser._timeout_time = 0.0
            self._guard(self._parser.tick)

    def _within_paste(self, text: str) -> str:
        assert self._paste is not None  # noqa: S101 - says to the type checker what feed() made sure of
        end = text.find(BRACKETED_PASTE_END)
        if end >= 0:
            self._end_paste(text[:end])
            return text[end + len(BRACKETED_PASTE_END) :]
        whole = len(text) - _unfinished(text, BRACKETED_PASTE_END)
        self._paste.append(text[:whole])
        self._held = text[whole:]
        return ""

    def _end_paste(self, last: str) -> None:
        pasted = "".join([*(self._paste or ()), last])
        self._paste = None
        self._emit(Paste(clean(pasted.replace("\r\n", "\n").replace("\r", "\n"))))

    def _parse(self, text: str) -> None:
        if text:
            self._guard(lambda: self._parser.feed(text))

    def _guard(self, events: Callable[[], Iterable[Message]]) -> None:
        """Emit what the parser makes; a parser that broke on its input is replaced."""
        try:
            for event in events():
                if not _harmful(event):
                    self._emit(event)
        except Exception:  # noqa: BLE001 - whatever Textual's parser stumbles over, the next key must work
            self._parser = XTermParser()


def _harmful(event: Message) -> bool:
    """Tell whether a key is a character that belongs on no keyboard: a C1 control or a bidi override, say."""
    if not isinstance(event, Key) or event.character is None or event.character.isascii():
        return False
    return clean(event.character) != event.character


def _unfinished(text: str, mark: str) -> int:
    """Give how many characters at the end of `text` may be the beginning of `mark`."""
    for length in range(min(len(mark) - 1, len(text)), 0, -1):
        if text.endswith(mark[:length]):
            return length
    return 0

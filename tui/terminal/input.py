"""Bytes from the terminal become Textual events; no byte, however wrong, ends the application."""

import codecs
from collections.abc import Callable, Iterable

from textual import constants
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.events import Key, Paste
from textual.message import Message

from client.text import clean

_ESCAPE = "\x1b"
_LONGEST_MARK = len(BRACKETED_PASTE_START)

ESCAPE_DELAY = constants.ESCAPE_DELAY
"""Seconds after which a lone escape byte is the Escape key."""

PASTE_SILENCE = 1.0
"""Seconds without a byte after which a paste whose end never came is taken to be over."""


class TerminalInput:
    """Turns what the terminal sends into events, leniently.

    Invalid UTF-8 is dropped. A paste is one event, cleaned of control characters, and costs no
    parsing per character. An escape sequence that is cut short or means nothing is dropped or taken as
    keys, as Textual does; one that Textual's parser cannot bear only resets the parser.
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
        return ESCAPE_DELAY if self._held or self._parser._timeout_time is not None else None

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
        self._guard(self._parser.tick)
        held, self._held = self._held, ""
        if held == _ESCAPE:
            self._emit(Key("escape", _ESCAPE))
        else:
            self._parse(held)

    def _outside_paste(self, text: str) -> str:
        start = text.find(BRACKETED_PASTE_START)
        if start >= 0:
            self._parse(text[:start])
            self._paste = []
            return text[start + _LONGEST_MARK :]
        whole = len(text) - _unfinished(text, BRACKETED_PASTE_START)
        self._parse(text[:whole])
        self._held = text[whole:]
        return ""

    def _within_paste(self, text: str) -> str:
        assert self._paste is not None  # noqa: S101 - says to the type checker what feed() made sure of
        end = text.find(BRACKETED_PASTE_END)
        if end >= 0:
            self._end_paste(text[:end])
            return text[end + _LONGEST_MARK :]
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

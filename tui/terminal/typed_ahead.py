"""Keys typed while the application is loaded: kept in order, and shown in the search box as they come."""

import codecs
import os
import select
import threading

from tui.terminal.first_frame import CURSOR, PROMPT
from tui.terminal.preflight import Terminal

_ERASES = "\x7f\b"
_WIDEST = 30
_SIMPLE = 0x0300
_PATIENCE = 1.0
_MOST = 65536
"""Bytes that are kept; what is typed beyond waits in the terminal."""


class TypedAhead:
    """Reads the terminal in a thread until the driver does, so that a letter is seen at once.

    Shown is plain typing into the search box: letters and Backspace, up to the first key that may mean
    something else. All keys are kept for the driver, shown or not.
    """

    def __init__(self, input_fd: int, output_fd: int, terminal: Terminal) -> None:
        self._input_fd = input_fd
        self._output_fd = output_fd
        self._largest = _SIMPLE if terminal.utf8 else 0x7F
        self._room = min(_WIDEST, (terminal.width or 80) - len(PROMPT) - 1)
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self._typed = bytearray()
        self._shown = ""
        self._longest = 0
        self._showing = True
        self._wake, self._waker = os.pipe()
        self._thread = threading.Thread(target=self._run, name="typed-ahead", daemon=True)
        self._thread.start()

    def stop(self) -> bytes:
        """Read no more, and give all that was typed."""
        if self._thread.is_alive():
            os.write(self._waker, b".")
            self._thread.join(_PATIENCE)
        if self._waker >= 0 and not self._thread.is_alive():
            os.close(self._wake)
            os.close(self._waker)
            self._wake = self._waker = -1
        return bytes(self._typed)

    @property
    def frame(self) -> str:
        """What was added to the first frame, as a frame."""
        column, row = CURSOR
        return f"\x1b[{row + 1};{column + 1}H{self._shown.ljust(self._longest)}"

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor behind what is shown."""
        return CURSOR[0] + len(self._shown), CURSOR[1]

    def _run(self) -> None:
        while len(self._typed) < _MOST:
            ready, _, _ = select.select([self._input_fd, self._wake], [], [])
            if self._wake in ready:
                return
            try:
                piece = os.read(self._input_fd, 4096)
            except OSError:
                return
            if not piece:
                return
            self._typed += piece
            if self._showing:
                self._show(self._decoder.decode(piece))

    def _show(self, text: str) -> None:
        written = ""
        for character in text:
            if character in _ERASES:
                written += "\b \b" if self._shown else ""
                self._shown = self._shown[:-1]
            elif (
                character.isprintable() and ord(character) <= self._largest and len(self._shown) < self._room
            ):
                written += character
                self._shown += character
                self._longest = max(self._longest, len(self._shown))
            else:
                self._showing = False
                break
        try:
            os.write(self._output_fd, written.encode())
        except OSError:
            self._showing = False

"""The first milliseconds on the terminal: raw mode, so that keys typed ahead wait unechoed, and a frame."""

import array
import contextlib
import fcntl
import os
import signal
import termios
from types import FrameType, TracebackType
from typing import Any, NamedTuple, Self

from tui.terminal import raw_mode
from tui.terminal.first_frame import ENTER, LEAVE, first_frame
from tui.terminal.preflight import Terminal
from tui.terminal.typed_ahead import TypedAhead


class HandedOver(NamedTuple):
    """What the driver finds when it takes the terminal."""

    typed: bytes
    """Keys that were typed so far."""
    frame: str
    """What the screen shows."""
    cursor: tuple[int, int]
    """Column and row of the cursor, from 0."""
    size: tuple[int, int]
    """Columns and rows of the terminal when it was painted."""


class EarlyStart:
    """Holds the terminal from exec until the driver takes over, and gives it back whatever happens.

    A context manager. SIGTERM, SIGHUP and SIGINT in this time leave with 128 + their number.
    """

    def __init__(self, input_fd: int = 0, output_fd: int = 1) -> None:
        self.input_fd = input_fd
        self.output_fd = output_fd
        self.attributes: raw_mode.Attributes | None = None
        """The terminal's attributes as they were found (termios.tcgetattr); None when it is not raw."""
        self.line_typed = 0
        """Bytes typed before raw mode: in these the terminal has turned Enter into a line feed."""
        self._painted: str | None = None
        self._size = (0, 0)
        self._typed_ahead: TypedAhead | None = None
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            self._handlers[number] = signal.signal(number, self._leave)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.restore()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def take(self) -> None:
        """Make the terminal raw, and count what was typed before."""
        self.attributes = raw_mode.found(self.input_fd)
        raw_mode.enter(self.input_fd)
        waiting = array.array("i", [0])
        with contextlib.suppress(OSError):
            fcntl.ioctl(self.input_fd, termios.FIONREAD, waiting)
        self.line_typed = waiting[0]

    def paint(self, terminal: Terminal) -> None:
        """Show the static first frame, and from now on what is typed in it."""
        self._size = (terminal.width, terminal.height)
        self._painted = frame = first_frame(terminal)
        with contextlib.suppress(OSError):
            os.write(self.output_fd, (ENTER + frame).encode("ascii"))
        self._typed_ahead = TypedAhead(self.input_fd, self.output_fd, terminal)

    def hand_over(self) -> HandedOver | None:
        """Leave screen and keyboard to the driver, which restores them; None where nothing was painted."""
        if self._painted is None or self._typed_ahead is None:
            return None
        ahead = self._typed_ahead
        typed = ahead.stop()
        handed = HandedOver(typed, self._painted + ahead.frame, ahead.cursor, self._size)
        self._painted = self._typed_ahead = None
        return handed

    def restore(self) -> None:
        """Give the terminal back as it was found; twice is once."""
        if self._painted is not None:
            with contextlib.suppress(OSError):
                os.write(self.output_fd, LEAVE.encode("ascii"))
            self._painted = None
        raw_mode.leave(self.input_fd, self.attributes)

    def _leave(self, number: int, _frame: FrameType | None) -> None:
        """End at once: an exception raised here could be swallowed by whatever is being imported."""
        self.restore()
        os._exit(128 + number)

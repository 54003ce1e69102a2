"""The first milliseconds on the terminal: raw mode, so that keys typed ahead wait unechoed, and a frame."""

import array
import contextlib
import fcntl
import os
import signal
import termios
from types import FrameType, TracebackType
from typing import Any, Self

from tui.terminal import raw_mode
from tui.terminal.first_frame import CURSOR, ENTER, LEAVE, first_frame
from tui.terminal.preflight import Terminal


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
        self.painted: str | None = None
        """What was written as the first frame; None before and after."""
        self.cursor = CURSOR
        """Where the frame left the cursor."""
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
        self.attributes = raw_mode.enter(self.input_fd)
        waiting = array.array("i", [0])
        with contextlib.suppress(OSError):
            fcntl.ioctl(self.input_fd, termios.FIONREAD, waiting)
        self.line_typed = waiting[0]

    def paint(self, terminal: Terminal) -> None:
        """Show the static first frame."""
        frame = first_frame(terminal)
        with contextlib.suppress(OSError):
            os.write(self.output_fd, (ENTER + frame).encode("ascii"))
        self.painted = frame

    def taken_over(self) -> None:
        """Leave the screen to the driver, which restores it; the attributes are still kept here."""
        self.painted = None

    def restore(self) -> None:
        """Give the terminal back as it was found; twice is once."""
        if self.painted is not None:
            with contextlib.suppress(OSError):
                os.write(self.output_fd, LEAVE.encode("ascii"))
            self.painted = None
        raw_mode.leave(self.input_fd, self.attributes)

    def _leave(self, number: int, _frame: FrameType | None) -> None:
        """End at once: an exception raised here could be swallowed by whatever is being imported."""
        self.restore()
        os._exit(128 + number)

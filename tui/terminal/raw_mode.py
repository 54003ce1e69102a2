"""The terminal's line discipline off: keys arrive one by one and unechoed, output goes out as written."""

import contextlib
import termios
from typing import Any

_INPUT_FLAGS = termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR | termios.ISTRIP
_LOCAL_FLAGS = termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG

Attributes = list[Any]
"""What termios.tcgetattr gives."""


def found(input_fd: int) -> Attributes | None:
    """Give the attributes as they are; None where there is no terminal."""
    try:
        return termios.tcgetattr(input_fd)
    except termios.error:
        return None


def enter(input_fd: int) -> None:
    """Switch to raw mode; a terminal that is gone is left alone."""
    with contextlib.suppress(termios.error):
        raw = termios.tcgetattr(input_fd)
        raw[0] &= ~_INPUT_FLAGS
        raw[1] &= ~termios.OPOST
        raw[3] &= ~_LOCAL_FLAGS
        raw[6][termios.VMIN] = 1
        raw[6][termios.VTIME] = 0
        termios.tcsetattr(input_fd, termios.TCSANOW, raw)


def leave(input_fd: int, attributes: Attributes | None) -> None:
    """Set the attributes as they were before `enter`; a terminal that is gone is left alone."""
    if attributes is not None:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(input_fd, termios.TCSANOW, attributes)


def discard_input(input_fd: int) -> None:
    """Forget keys that were typed but not read."""
    with contextlib.suppress(termios.error):
        termios.tcflush(input_fd, termios.TCIFLUSH)

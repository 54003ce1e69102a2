"""Signals, handled in the event loop: leave in order, stop and go on, follow the window's size."""

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class SignalHandlers:
    """What to do on each kind of signal."""

    leave: Callable[[int], None]
    """Write drafts, restore the terminal and end with the exit code given: 128 + the signal's number."""
    suspend: Callable[[], None]
    """Give the terminal back; the process is stopped right after."""
    resume: Callable[[], None]
    """Take the terminal again."""
    resize: Callable[[], None]
    """The window may have another size."""


class Signals:
    """Installs handlers in an event loop and takes them out again."""

    def __init__(self, loop: asyncio.AbstractEventLoop, handlers: SignalHandlers) -> None:
        self._loop = loop
        self._handlers = handlers
        self._installed: list[int] = []

    def install(self) -> None:
        """Handle signals from now on; twice is once."""
        if self._installed:
            return
        for number in ENDING:
            self._add(number, self._handlers.leave, 128 + number)
        self._add(signal.SIGTSTP, self._stop)
        self._add(signal.SIGCONT, self._handlers.resume)
        self._add(signal.SIGWINCH, self._handlers.resize)

    def remove(self) -> None:
        """Leave signals to what they did before."""
        for number in self._installed:
            self._loop.remove_signal_handler(number)
        self._installed.clear()

    def _add(self, number: int, handler: Callable[..., None], *arguments: int) -> None:
        self._loop.add_signal_handler(number, handler, *arguments)
        self._installed.append(number)

    def _stop(self) -> None:
        self._handlers.suspend()
        os.kill(os.getpid(), signal.SIGSTOP)


def suspend() -> None:
    """Stop this process until the shell lets it go on."""
    os.kill(os.getpid(), signal.SIGTSTP)


def has_shell() -> bool:
    """Whether a shell with job control started this process: one that is stopped without would stay so."""
    parent = os.getppid()
    try:
        return os.getsid(0) == os.getsid(parent) and os.getpgrp() != os.getpgid(parent)
    except ProcessLookupError:
        return False

"""How long nothing was typed: a note of the time at each key, and one timer that looks at it when it ends."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def seconds_awake_or_asleep() -> float:
    """Give the time by a clock that goes on while the machine sleeps, where the system has one."""
    return time.clock_gettime(_CLOCK)


class Idle:
    """Calls `over` once nothing was typed for `seconds`; with 0 never."""

    def __init__(
        self, seconds: float, over: Callable[[], None], clock: Callable[[], float] = seconds_awake_or_asleep
    ) -> None:
        self._seconds = seconds
        self._over = over
        self._clock = clock
        self._used = clock()
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to count, anew where it was counted already."""
        self.stop()
        self._used = self._clock()
        if self._seconds:
            self._wait(self._seconds)

    def stop(self) -> None:
        """Count no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def used(self) -> bool:
        """Note that something was typed; False where it came too late.

        The timer stands still while the machine sleeps or the process is stopped, the clock does not.
        """
        if self.is_over:
            return False
        self._used = self._clock()
        return True

    @property
    def is_over(self) -> bool:
        """Whether the time is over, by the clock and not by the timer."""
        return self._timer is not None and self._left <= 0

    @property
    def _left(self) -> float:
        return self._seconds - (self._clock() - self._used)

    def _wait(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        # Typing moves no timer: it is looked at here how long ago the last key was.
        left = self._left
        if left > 0:
            self._wait(left)
        else:
            self.stop()
            self._over()

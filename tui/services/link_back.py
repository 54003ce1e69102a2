"""Who waits for the link: the server is asked now and then while anybody does, and not at all else."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from random import random
from typing import Final

from client.errors import CustomerApiError

_FIRST_PAUSE: Final = 2.0
_LONGEST_PAUSE: Final = 60.0


class LinkBack:
    """Calls those who wait once the server answers; nothing is painted before."""

    def __init__(self, ask: Callable[[], Awaitable[None]]) -> None:
        """Take what asks the server for as little as can be. It raises CustomerApiError where that fails."""
        self._ask = ask
        self._waiting: dict[Hashable, Callable[[], object]] = {}
        self._task: asyncio.Task[None] | None = None

    def wait(self, who: Hashable, again: Callable[[], object]) -> None:
        """Have `again` called once when the server answers; the last one of `who` counts."""
        self._waiting[who] = again
        if self._task is None:
            self._task = asyncio.create_task(self._look())

    def reached(self) -> None:
        """Hear that the server answers."""
        waiting, self._waiting = self._waiting, {}
        task, self._task = self._task, None
        if task is not None and task is not asyncio.current_task():
            task.cancel()
        for again in waiting.values():
            again()

    async def close(self) -> None:
        """Wait no longer."""
        self._waiting = {}
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _look(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            await asyncio.sleep(pause * (0.75 + random() / 2))  # noqa: S311 - spreads clients apart
            pause = min(2 * pause, _LONGEST_PAUSE)
            try:
                await self._ask()
            except CustomerApiError as problem:
                if problem.out_of_reach:
                    continue
            # Also a refusal says that the link is back: who waits finds out what it means.
            self.reached()
            return

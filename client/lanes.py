"""How many requests are on their way at once: on a slow link an idle connection is worth waiting for.

A new connection costs three round trips before its first answer; one that is about to be free costs a part of
one. So a request waits a little for a connection in use, and only then gets one of its own. Those who gave
up while waiting never load the link.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from client.meter import LinkMeter

MOST: Final = 3
"""So many connections at most; they stay open for later."""

_SHORTEST_PATIENCE: Final = 0.1
_LONGEST_PATIENCE: Final = 2.0


class Lanes:
    """Places for requests, one for each connection."""

    def __init__(self, meter: LinkMeter) -> None:
        self._meter = meter
        self._free = asyncio.Semaphore(1)
        self._open = 1

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Hold a place while the block runs, waiting for one where all are taken."""
        await self._take()
        try:
            yield
        finally:
            self._free.release()

    async def _take(self) -> None:
        try:
            async with asyncio.timeout(self._patience()):
                await self._free.acquire()
        except TimeoutError:
            if self._open < MOST:
                self._open += 1
            else:
                await self._free.acquire()

    def _patience(self) -> float:
        round_trip = self._meter.last_round_trip
        if round_trip is None:
            return _LONGEST_PATIENCE
        return min(max(2 * round_trip, _SHORTEST_PATIENCE), _LONGEST_PATIENCE)

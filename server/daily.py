"""What is done by itself from time to time: what renews, what was left lying, charges without an answer."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

from server.importing.forgetting import IMPORTS_KEPT, forget_old
from server.memberships_due import settle_due
from server.payments.charging import Charging
from server.renewals import renew_due
from server.store.clock import now
from server.store.database import Database
from server.unfinished import remove_unfinished

_log = logging.getLogger("keeptabs.server")

_PAUSE: Final = 60.0
"""Seconds between two looks at charges whose outcome is not known."""
_RENEWALS: Final = timedelta(hours=1)
"""Between two looks for renewals: a day begins at another hour in every time zone."""

_RENEWED_WITH: Final = frozenset({"subscriptions:write", "invoices:write"})
_SETTLED_WITH: Final = frozenset({"memberships:write"})
"""What a server must have for what is done by itself."""

Clock = Callable[[], datetime]


class Daily:
    """Looks for what is due. `clock` says what time it is.

    `offered` are the permission words that this server has a use for; nothing is done in a part that it was
    told to leave out.
    """

    def __init__(
        self,
        database: Database,
        charging: Charging | None,
        clock: Clock = now,
        offered: Collection[str] = _RENEWED_WITH | _SETTLED_WITH,
    ) -> None:
        self._offered = frozenset(offered)
        self._database = database
        self._charging = charging
        self._clock = clock
        self._renewed_at: datetime | None = None

    async def look(self) -> None:
        """Do what is due now. Whatever fails is told to the log, and tried again at the next look."""
        moment = self._clock()
        if self._charging is not None:
            await _told("charges", self._charging.resume(moment))
        if self._renewed_at is None or moment - self._renewed_at >= _RENEWALS:
            self._renewed_at = moment
            if self._offered >= _RENEWED_WITH:
                await _told("renewals", renew_due(self._database, moment))
            if self._offered >= _SETTLED_WITH:
                await _told("memberships", settle_due(self._database, self._charging, moment))
            await _told("unfinished uploads", remove_unfinished(self._database, moment))
            old = moment - IMPORTS_KEPT
            await _told("imports", self._database.write(lambda connection: forget_old(connection, old)))

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(_PAUSE)


async def _told(what: str, done: Awaitable[int]) -> None:
    try:
        count = await done
    except Exception as error:  # noqa: BLE001 - the rest of the day goes on
        _log.error("%s could not be worked on", what, exc_info=error)
    else:
        if count:
            _log.info("%s: %d", what, count)


@asynccontextmanager
async def day_after_day(
    database: Database, charging: Charging | None, offered: Collection[str]
) -> AsyncIterator[None]:
    """Look for what is due for as long as a process serves."""
    daily = Daily(database, charging, offered=offered)
    task = asyncio.create_task(daily.run(), name="daily")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

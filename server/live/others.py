"""Other server processes on the same PostgreSQL database: told of commits, and heard."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from server.live.hub import Hub
from server.store.database import Database

_log = logging.getLogger("keeptabs.server")

_CHANNEL: Final = "keeptabs_events"
_TOGETHER: Final = 0.05
"""Seconds over which commits are told together."""
_AGAIN: Final = 30.0
"""Seconds until a lost connection is tried again; meanwhile changes are found by looking."""


@asynccontextmanager
async def among_others(hub: Hub, database: Database) -> AsyncIterator[None]:
    """Keep a process and others on its database in touch for as long as it serves."""
    if database.dialect != "postgresql":
        yield
        return
    others = Others(database, hub.wake)
    hub.following = others.listen

    def committed() -> None:
        hub.wake()
        others.tell()

    database.committed = committed
    try:
        yield
    finally:
        database.committed = hub.wake
        await others.stop()


class Others:
    """Tells other processes that something was committed, and hears it from them.

    Told is after the commit and apart from it: a NOTIFY within a transaction makes all commits of the
    database wait for one another. What a crash keeps from being told is found by looking.
    """

    def __init__(self, database: Database, heard: Callable[[], None]) -> None:
        self._database = database
        self._heard = heard
        self._name = secrets.token_hex(4)
        self._telling: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None

    async def stop(self) -> None:
        """End."""
        tasks = [task for task in (self._telling, self._listening) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def tell(self) -> None:
        """Tell the others soon that something was committed here."""
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())

    def listen(self, wanted: bool) -> None:
        """Listen to the others, or no longer."""
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None
        if wanted:
            self._listening = asyncio.create_task(self._listen())

    async def _tell(self) -> None:
        await asyncio.sleep(_TOGETHER)
        # What is committed from here on is told anew.
        self._telling = None
        try:
            await asyncio.to_thread(self._notify)
        except Exception as error:  # noqa: BLE001 - the others will find it by looking
            _log.warning("other servers were not told of a change: %s", str(error).partition("\n")[0])

    def _notify(self) -> None:
        with self._database.engine.begin() as connection:
            connection.exec_driver_sql("SELECT pg_notify(%s, %s)", (_CHANNEL, self._name))

    async def _listen(self) -> None:
        import psycopg

        engine = self._database.engine
        _, given = engine.dialect.create_connect_args(engine.url)
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**given, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {_CHANNEL}")
                    self._heard()  # what came while nobody listened
                    async for told in connection.notifies():
                        if told.payload != self._name:
                            self._heard()
            except (psycopg.Error, OSError) as error:
                _log.warning("other servers cannot be heard: %s", str(error).partition("\n")[0])
            await asyncio.sleep(_AGAIN)

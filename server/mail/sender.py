"""The one who sends: a task beside the server that looks at the queue and hands over what is due."""

import asyncio
import logging
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Final

from sqlalchemy import Connection, select

from server.mail import queue
from server.mail.delivery import Delivery, Outcome
from server.mail.letter import Queued, Unwritable, letter
from server.mail.settings import MailSettings
from server.portal import links
from server.store.database import Database
from server.store.tables import settings as office

_log = logging.getLogger("keeptabs.mail")
_AFTER_FAILURE: Final = 30.0
"""Seconds to wait after something that should not happen, such as a database that is away."""
_LONGEST_PAUSE: Final = 300.0
_PATIENCE: Final = 5.0
"""Seconds that the end of the server waits for a message under way."""
_HELD_FOR: Final = 4
"""So many times as long as sending may take is a message held by who sends it."""


class MailSender:
    """Sends what is queued, one message after the other, until it is told to stop."""

    def __init__(
        self, database: Database, settings: MailSettings, trusted: ssl.SSLContext | None = None
    ) -> None:
        self._database = database
        self._settings = settings
        self._delivery = Delivery(settings.server, settings.domain, settings.seconds / 2, trusted)
        self._thread = ThreadPoolExecutor(1, "mail")
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._refused_in_a_row = 0

    def start(self) -> None:
        """Begin. Needs a running loop."""
        self._task = asyncio.create_task(self._run(), name="mail")

    async def stop(self) -> None:
        """Finish the message under way, and no other; one that takes too long waits in the queue again."""
        self._stopping.set()
        if self._task is not None:
            _, going_on = await asyncio.wait({self._task}, timeout=_PATIENCE)
            if going_on:
                self._delivery.abort()
            await self._task
        await self._close()
        self._thread.shutdown()

    async def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                pause = await self._step()
            except Exception as error:  # noqa: BLE001 - whatever it was, mail must go on
                _log.error("the queue of messages cannot be worked on", exc_info=error)
                pause = _AFTER_FAILURE
            if pause:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), pause)

    async def _step(self) -> float:
        """Send one message, if one is due. Gives the seconds to wait before the next one."""
        seconds, database, now = self._settings.seconds, self._database, datetime.now(UTC)
        message = None
        if await database.read(lambda connection: queue.is_due(connection, now)):
            held = timedelta(seconds=_HELD_FOR * seconds)
            message = await database.write(lambda connection: queue.take(connection, now, held))
        if message is None:
            await self._close()
            return self._settings.poll_seconds
        outcome = await self._sent(message)
        await database.write(lambda connection: queue.settle(connection, message, outcome, datetime.now(UTC)))
        # Not what the mail server said: it may name the customer.
        _log.info("message %s %s attempt=%d", message.id, outcome.state, message.attempts)
        if not outcome.unreachable:
            self._refused_in_a_row = 0
            return 0
        # Where the mail server is away, it is away for all that waits.
        self._refused_in_a_row += 1
        return min(self._settings.poll_seconds * 2.0**self._refused_in_a_row, _LONGEST_PAUSE)

    async def _sent(self, message: Queued) -> Outcome:
        settings = self._settings
        try:
            whole = await links.completed(self._database, message, settings.portal_url)
            business = settings.business or await self._database.read(_business)
            return await self._handed_over(letter(whole, business, settings.address))
        except Unwritable as reason:
            return Outcome("failed", str(reason))
        except Exception as error:  # noqa: BLE001 - one message must not keep the others from going out
            _log.error("message %s cannot be sent", message.id, exc_info=error)
            return Outcome("later", "Something in the server went wrong; its log tells more.")

    async def _handed_over(self, written: EmailMessage) -> Outcome:
        to = written["To"].addresses[0].addr_spec
        delivery, loop = self._delivery, asyncio.get_running_loop()
        attempt = loop.run_in_executor(self._thread, delivery.send, written, self._settings.address, to)
        done, _ = await asyncio.wait({attempt}, timeout=self._settings.seconds)
        if not done:
            # A server that says one letter a second is never late for the next one.
            delivery.abort()
        return await attempt

    async def _close(self) -> None:
        if self._delivery.is_open:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._delivery.close)


def _business(connection: Connection) -> str:
    found = connection.execute(select(office.c.value).where(office.c.name == "business")).scalar()
    return found or ""

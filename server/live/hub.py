"""One reader of the history for all streams of a process: woken by commits, here and elsewhere."""

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

from server.auth.actor import Actor
from server.live.feed import Batch, Entry, after, good_tokens
from server.store.database import Database
from server.store.positions import settled

_log = logging.getLogger("keeptabs.server")

_LOOKS_AGAIN: Final = 5.0
"""Seconds after which the history is read without having been woken: another process may have written."""
_SHORTEST: Final = 0.1
"""Seconds between two readings: under load, many changes are told together."""
_PAGE: Final = 500
_MOST_WAITING: Final = 2_000
"""A stream that is so far behind is ended; its client comes again and reads on from where it was."""


@dataclass(eq=False, slots=True)
class Subscription:
    """One stream: what is still to be sent, and whether it may go on."""

    actor: Actor
    token: bytes
    """SHA-256 of the access token."""
    customers: frozenset[str]
    """Only these; empty for all."""
    begun: int
    """The hub tells what comes after this position."""
    seen: int
    """The position up to which everything was told or is waiting here."""
    waiting: deque[Entry] = field(default_factory=deque)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False

    def offer(self, batch: Batch) -> None:
        """Take what happened."""
        fresh = (entry for entry in batch.entries if entry.position > self.begun)
        self.waiting.extend(filter(self.wants, fresh))
        self.seen = batch.position
        if len(self.waiting) > _MOST_WAITING:
            self.end()
        elif self.waiting:
            self.news.set()

    def wants(self, entry: Entry) -> bool:
        """Say whether an entry is to be told here."""
        mine = not self.customers or entry.customer_id in self.customers
        return mine and entry.shown_to(self.actor)

    async def next(self, seconds: float) -> Sequence[Entry]:
        """Give what waits as soon as there is something, nothing after so long or at the end."""
        if not self.waiting and not self.ended:
            self.news.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self.news.wait()
            except TimeoutError:
                return ()
        taken = tuple(self.waiting)
        self.waiting.clear()
        return taken

    def end(self) -> None:
        """Have the stream closed; what waits is not sent."""
        self.ended = True
        self.waiting.clear()
        self.news.set()


class TooManyStreams(Exception):
    """A person has as many streams open as one may."""


class Hub:
    """Reads the history once for every stream of this process, while there are any."""

    def __init__(self, database: Database, per_person: int) -> None:
        self._database = database
        self._per_person = per_person
        self._subscriptions: set[Subscription] = set()
        self._woken = asyncio.Event()
        self._follower: asyncio.Task[None] | None = None
        self._position = 0
        self._closed = False
        self.following: Callable[[bool], None] = lambda _: None
        """Told when the first stream opens and when the last one has ended."""

    def wake(self) -> None:
        """Hear that something was committed, in this process or another."""
        self._woken.set()

    async def subscribe(self, actor: Actor, token: bytes, customers: frozenset[str]) -> Subscription:
        """Open a stream that tells what happens from now on. Raises `TooManyStreams`."""
        now = await self._database.read(settled)
        # From here on nothing is awaited: two that come at once cannot both be the last one allowed.
        if Counter(known.actor.id for known in self._subscriptions)[actor.id] >= self._per_person:
            raise TooManyStreams
        if self._follower is None:
            self._position = now
            self._follower = asyncio.create_task(self._follow())
            self.following(True)
        made = Subscription(actor, token, customers, self._position, self._position, ended=self._closed)
        self._subscriptions.add(made)
        return made

    async def missed(self, made: Subscription, position: int) -> AsyncIterator[Sequence[Entry]]:
        """Give what happened between a place that a client knows and the beginning of its stream."""
        more = True
        while more and position < made.begun and not made.ended:
            batch = await self._database.read(_reading(position, made.customers))
            yield [entry for entry in batch.entries if entry.position <= made.begun and made.wants(entry)]
            position, more = batch.position, batch.more

    def leave(self, subscription: Subscription) -> None:
        """Forget a stream that has ended."""
        self._subscriptions.discard(subscription)
        if not self._subscriptions and self._follower is not None:
            self._follower.cancel()
            self._follower = None
            self.following(False)

    def close(self) -> None:
        """End every stream at once, and those that would still be opened."""
        self._closed = True
        for subscription in self._subscriptions:
            subscription.end()

    async def _follow(self) -> None:
        wait = _LOOKS_AGAIN
        while True:
            try:
                async with asyncio.timeout(wait):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
            began = time.monotonic()
            try:
                wait = await self._look()
            except Exception as error:  # noqa: BLE001 - the database may be back in a moment
                _log.error("changes cannot be read: %s", str(error).partition("\n")[0])
                wait = _LOOKS_AGAIN
            await asyncio.sleep(max(0.0, _SHORTEST - (time.monotonic() - began)))

    async def _look(self) -> float:
        """Read what came and hand it on; give the seconds until the next look without being woken."""
        asked = tuple(self._subscriptions)
        position, hashes = self._position, {subscription.token for subscription in asked}

        def read(connection: Connection) -> tuple[Batch, Mapping[bytes, str]]:
            roles = good_tokens(connection, hashes, datetime.now(UTC))
            return after(connection, position, _PAGE), roles

        batch, roles = await self._database.read(read)
        self._position = batch.position
        for subscription in asked:
            role = roles.get(subscription.token)
            if role is None:
                subscription.end()
            elif role != subscription.actor.role:
                subscription.actor = replace(subscription.actor, role=role)
        for subscription in self._subscriptions:
            if not subscription.ended:
                subscription.offer(batch)
        if batch.more:
            return 0.0
        return _SHORTEST if batch.unsettled else _LOOKS_AGAIN


def _reading(position: int, customers: frozenset[str]) -> Callable[[Connection], Batch]:
    return lambda connection: after(connection, position, _PAGE, customers)

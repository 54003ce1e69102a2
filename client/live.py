"""Following what others change: over a stream where that works, by asking now and then where it does not."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from random import random
from typing import Any, Final

from client import errors
from client.collection import answered, parsed_as
from client.models import Changes, Hint
from client.text import clean_json
from client.transport import Transport

_ASK_SECONDS: Final = 20.0
_SELDOM_SECONDS: Final = 60.0
"""The same while the link is to be spared."""
_STREAM_AGAIN_SECONDS: Final = 600.0
"""After so long a stream is tried again where it did not work."""
_PATIENCE: Final = 3
"""So many streams may fail one after the other before changes are asked for instead."""
_FIRST_SECONDS: Final = 15.0
"""A server says something at once."""
_HELD_SECONDS: Final = 5.0
"""A stream that lasted so long has worked."""
_LONGEST_WAIT: Final = 60.0
_LONGEST_LINE: Final = 64 * 1024
_LINE_END: Final = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a stream."""

    data: str
    """Empty where only the place moved on."""
    place: str
    """The `id` that came last."""


class EventReader:
    """Reads a stream of server-sent events piece by piece (WHATWG HTML, section 9.2.6)."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[str] = []
        self._place = ""
        self._begun = False

    def take(self, piece: bytes) -> Iterator[Told]:
        """Give the events that are complete now. Raises NotTheApi for a line without end."""
        self._rest += piece
        while found := _LINE_END.search(self._rest):
            if found.group() == b"\r" and found.end() == len(self._rest):
                break  # the other half of the line's end may still come
            line, self._rest = self._rest[: found.start()], self._rest[found.end() :]
            yield from self._line(line.decode("utf-8", "replace"))
        if len(self._rest) > _LONGEST_LINE:
            raise errors.NotTheApi("The server's stream has a line without end.")

    def _line(self, line: str) -> Iterator[Told]:
        if not self._begun:
            self._begun, line = True, line.removeprefix("\ufeff")
        if not line:
            data, self._data = "\n".join(self._data), []
            yield Told(data, self._place)
            return
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "id" and "\0" not in value:
            self._place = value


class LiveChanges:
    """What happens to some customers, from now on or from the place where it was left."""

    def __init__(
        self,
        transport: Transport,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = transport
        self._pause = pause
        self._clock = clock
        self._place = ""
        self._failures = 0
        self._asks_until = 0.0

    async def follow(self, customers: Collection[str]) -> AsyncIterator[Sequence[Hint]]:
        """Give hints about these customers as they come, without end.

        An empty batch says that what came before is not known: look once for yourself. The link may fail as
        often as it likes. Raises SignedOut.
        """
        params = {"customer_id": ",".join(sorted(customers))}
        while True:
            began, streams = self._clock(), self._streams
            source = self._streamed(params) if streams else self._asked(params)
            try:
                async for hints in source:
                    yield hints
            except errors.SignedOut:
                raise
            except errors.CustomerApiError as problem:
                self._take_failure(problem, streams)
            else:
                # A way that ends every stream at once is none.
                self._take_failure(errors.Interrupted(), streams)
            if self._clock() - began > _HELD_SECONDS:
                self._failures = 0
            wait = min(2.0 ** min(self._failures, 10), _LONGEST_WAIT)
            await self._pause(wait * (0.5 + random()))  # noqa: S311 - spreads clients apart, guards nothing

    @property
    def _streams(self) -> bool:
        """Whether a stream is worth it now: a connection more costs a slow link what a minute of use does."""
        meter = self._transport.meter
        return meter.state != "slow" and not meter.frugal and self._clock() >= self._asks_until

    def _take_failure(self, problem: errors.CustomerApiError, streamed: bool) -> None:
        self._failures += 1
        if problem.code == "unknown_cursor":
            self._place = ""
        refused = isinstance(
            problem, errors.NotFound | errors.Unsupported | errors.TooMany | errors.NotTheApi
        )
        if streamed and (refused or self._failures >= _PATIENCE):
            self._asks_until = self._clock() + _STREAM_AGAIN_SECONDS

    async def _streamed(self, params: dict[str, str]) -> AsyncIterator[Sequence[Hint]]:
        headers = {"Accept": "text/event-stream"}
        unknown = not self._place
        if not unknown:
            headers["Last-Event-ID"] = self._place
        async with self._transport.stream("/v1/events", params, headers) as stream:
            reader = EventReader()
            async for piece in _promptly(stream.pieces):
                told = list(reader.take(piece))
                self._place = next((event.place for event in reversed(told) if event.place), self._place)
                hints = [_hint(event.data) for event in told if event.data]
                if hints or (unknown and self._place):
                    unknown = False
                    yield hints

    async def _asked(self, params: dict[str, str]) -> AsyncIterator[Sequence[Hint]]:
        while not self._streams:
            unknown = not self._place
            since = {} if unknown else {"since": self._place}
            reply = await self._transport.request("GET", "/v1/changes", params=params | since)
            changes = answered(reply, Changes).value
            self._place = changes.cursor
            if changes.items or unknown:
                yield changes.items
            if not changes.more:
                await self._pause(_SELDOM_SECONDS if self._transport.meter.frugal else _ASK_SECONDS)


async def _promptly(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Give the pieces. Raises Unsupported where the first one is late: something on the way gathers them."""
    try:
        async with asyncio.timeout(_FIRST_SECONDS):
            first = await anext(pieces, b"")
    except TimeoutError:
        raise errors.Unsupported("Something between here and the server holds streams back.") from None
    yield first
    async for piece in pieces:
        yield piece


def _hint(data: str) -> Hint:
    try:
        value: Any = clean_json(json.loads(data))
    except (ValueError, RecursionError):
        raise errors.NotTheApi("The server's stream cannot be read.") from None
    return parsed_as(Hint, value)

"""Remembering what was seen: reads ask whether it still holds, and can be answered without the link."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from client import errors
from client.answers import Reply
from client.cache import SeenAnswers
from client.transport import Transport

_NOT_KEPT: Final = ("/v1/", "/v1/me", "/v1/changes", "/v1/imports")
"""What has a place of its own, is about the moment, or about files and not customers."""


class RememberingTransport(Transport):
    """Keeps the answers to reads that may be kept, and asks for what is kept with its entity tag."""

    seen: SeenAnswers | None = None

    def remember(self, seen: SeenAnswers, gone: Callable[[str], None]) -> None:
        """Keep answers in `seen` from now on; `gone` hears of the id of a customer who is not to be shown."""
        self.seen = seen
        self._gone = gone
        self._in_order = asyncio.Lock()
        self._keeping: set[asyncio.Task[None]] = set()

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **others: Any,
    ) -> Reply:
        """Do what any transport does; 304 gives what is kept, unless the caller asked with a tag itself."""
        try:
            if self.seen is None or method != "GET" or path in _NOT_KEPT or others.get("as_bytes"):
                return await super().request(method, path, params=params, headers=headers, **others)
            return await self._read(self.seen, target_of(path, params), path, params, headers or {}, others)
        except errors.SignedOut:
            if self.seen is not None and others.get("signed_in", True):
                self._later(self.seen.clear)
            raise

    async def close(self) -> None:
        """Let the connections go, once what is to be kept is."""
        await super().close()
        if self.seen is not None:
            await asyncio.gather(*self._keeping, return_exceptions=True)

    async def _read(
        self,
        seen: SeenAnswers,
        target: str,
        path: str,
        params: Mapping[str, Any] | None,
        headers: Mapping[str, str],
        others: Mapping[str, Any],
    ) -> Reply:
        known = None if "If-None-Match" in headers else await asyncio.to_thread(seen.find, target)
        asked = {**headers, "If-None-Match": known.etag} if known is not None and known.etag else headers
        try:
            reply = await super().request("GET", path, params=params, headers=asked, **others)
        except (errors.NotFound, errors.Forbidden) as refused:
            self._later(lambda: seen.forget(path))
            steps = path.split("/")
            if len(steps) == 4 and steps[2] == "customers" and not isinstance(refused, errors.Merged):
                self._gone(steps[3])
            raise
        if reply.status == 304:
            self._later(lambda: seen.vouched(target))
            return reply if known is None else Reply(200, reply.headers, known.body, repeated=reply.repeated)
        if "no-store" not in reply.headers.get("cache-control", ""):
            self._later(lambda: seen.keep(target, reply.etag, reply.body))
        return reply

    def saved(self, path: str, record: Mapping[str, Any]) -> None:
        """Hear how a record is that was saved."""
        seen = self.seen
        if seen is not None:
            self._later(lambda: seen.renew(path, record))

    def _later(self, work: Callable[[], None]) -> None:
        """Do what waits for the disk beside the loop, one after the other."""
        task = asyncio.ensure_future(self._in_turn(work))
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)

    async def _in_turn(self, work: Callable[[], None]) -> None:
        async with self._in_order:
            await asyncio.to_thread(work)


class SeenTransport:
    """Answers reads from this machine alone, at once; everything else was never seen."""

    def __init__(self, seen: SeenAnswers | None) -> None:
        """Take what was seen; None where nothing may be kept."""
        self._seen = seen
        self.as_of = 0.0
        """When what was given was vouched for, in seconds since 1970: of several, the oldest; else 0."""

    async def request(
        self, method: str, path: str, *, params: Mapping[str, Any] | None = None, **others: Any
    ) -> Reply:
        """Give what was seen. Raises NotSeen."""
        del others
        found = self._seen.find(target_of(path, params)) if self._seen and method == "GET" else None
        if found is None:
            raise errors.NotSeen
        self.as_of = min(self.as_of or found.as_of, found.as_of)
        return Reply(200, {"etag": found.etag}, found.body, as_of=found.as_of)


def target_of(path: str, params: Mapping[str, Any] | None) -> str:
    """Give what an answer is kept under."""
    return f"{path}?{urlencode(params, doseq=True, safe=',')}" if params else path

"""How much a client may send, and how often."""

import math
from hashlib import sha256
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.middleware.buckets import Buckets, network
from server.middleware.refusals import refuse
from server.problems import Refusal


class BodyLimit:
    """Refuses request bodies of more than `limit` bytes with 413, announced or chunked."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit
        self._refusal = Refusal(413, f"This is larger than {limit // 1024} KiB, the most this server takes.")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not announced.isdigit() or int(announced) > self._limit:
            await refuse(scope, receive, send, self._refusal)
            return
        received, refused = 0, False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise self._refusal
            return message

        async def replaced(message: Message) -> None:
            # Whatever the application makes of a body that broke off, the client hears why.
            nonlocal refused
            if received <= self._limit:
                await send(message)
            elif not refused:
                refused = True
                await refuse(scope, receive, send, self._refusal)

        await self._app(scope, counted, replaced)


_TRUSTED: Final = 20_000


class RateLimit:
    """Slows a client down with 429: by its token where it is signed in, else by its address.

    Tokens that no answer has shown to be good count for the address they come from, so that making
    tokens up gains nothing.
    """

    def __init__(self, app: ASGIApp, per_minute: int, burst: int) -> None:
        self._app = app
        self._sessions = Buckets(burst, per_minute / 60, keys=_TRUSTED)
        self._addresses = Buckets(burst, per_minute / 60)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        token = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        key = sha256(token).hexdigest()
        known = key in self._sessions
        address = network(scope["client"][0]) if scope.get("client") else ""
        wait = self._sessions.take(key) if known else self._addresses.take(address)
        if wait:
            seconds = math.ceil(wait)
            sentence = f"These are too many requests at once. Try again in {seconds} seconds."
            refusal = Refusal(429, sentence, headers={"Retry-After": str(seconds)})
            await refuse(scope, receive, send, refusal)
            return
        await self._app(scope, receive, send)
        if not known and "actor" in scope.get("state", ()):
            self._addresses.give_back(address)
            self._sessions.take(key)

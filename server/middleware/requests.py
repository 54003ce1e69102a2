"""Every request has an id and one line in the log."""

import logging
import re
import secrets
import time
from collections.abc import Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("keeptabs.access")
_PLAIN_JSON: Final = (b"application/json", b"application/problem+json", b"application/merge-patch+json")
_SANE: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class Requests:
    """Names each request, tells the name in `X-Request-Id`, and logs what came of it.

    The log holds neither what people looked for nor whom they saw: the operation instead of the
    path, no query, no header, no body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _given_id(scope) or secrets.token_urlsafe(9)
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        began, status, size = time.perf_counter(), 0, 0

        async def told(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                named = (b"x-request-id", request_id.encode())
                message = {**message, "headers": [*message["headers"], named, *_guards(message["headers"])]}
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, told)
        finally:
            actor = state.get("actor")
            _log.info(
                "%s %s %d %dB %.1fms id=%s staff=%s",
                scope["method"],
                getattr(scope.get("route"), "operation_id", None) or "-",
                status,
                size,
                (time.perf_counter() - began) * 1000,
                request_id,
                actor.id if actor else "-",
            )


def _given_id(scope: Scope) -> str:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode("ascii") if _SANE.fullmatch(given) else ""


def _guards(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Keep browsers from guessing types. They do not run JSON, and every byte of it is counted."""
    kind = next((value for name, value in headers if name.lower() == b"content-type"), b"")
    if not kind or kind.startswith(_PLAIN_JSON):
        return []
    return [(b"x-content-type-options", b"nosniff")]

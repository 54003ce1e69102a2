"""Requests say which host they mean, once and readably (RFC 9112, section 3.2)."""

import re
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from server.middleware.refusals import refuse
from server.problems import Refusal

_HOST: Final = re.compile(rb"([A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


class Hosts:
    """Refuses a `Host` that is none with 400: addresses are built from it further in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] == "http":
            hosts = [value for name, value in scope["headers"] if name == b"host"]
            needed = scope["http_version"] != "1.0"
            if len(hosts) > 1 or (needed and not hosts) or (hosts and not _HOST.fullmatch(hosts[0])):
                refusal = Refusal(400, "The Host header names no host.", code="malformed_host")
                await refuse(scope, receive, send, refusal)
                return
        await self._app(scope, receive, send)

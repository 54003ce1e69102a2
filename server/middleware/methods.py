"""HEAD and OPTIONS, which every resource has (RFC 9110, sections 9.3.2 and 9.3.7)."""

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]


class Methods:
    """Answers HEAD like GET without its body, and OPTIONS with the methods there are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["method"] == "HEAD":
            await self._head(scope, receive, send)
        else:
            listed = _options(send) if scope["method"] == "OPTIONS" else _listing_head(send)
            await self._app(scope, receive, listed)

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        answered = False
        listed = _listing_head(send)

        async def left() -> Message:
            # An endless body would never be sent: once the headers are out, nobody listens any more.
            return {"type": "http.disconnect"} if answered else await receive()

        async def headers_only(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start" and not answered:
                answered = True
                await listed(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        # A copy, because the server below reads from its own scope that no body is due.
        inner = {**scope, "method": "GET"}
        await self._app(inner, left, headers_only)
        if "route" in inner:
            scope["route"] = inner["route"]


def _listing_head(send: Send) -> Send:
    """Name HEAD among the methods of a 405 wherever there is GET."""

    async def listed(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 405:
            message = {**message, "headers": _with_head(message["headers"])}
        await send(message)

    return listed


def _options(send: Send) -> Send:
    """Turn the 405 that OPTIONS meets into the list of methods, without a body."""
    listing = False

    async def listed(message: Message) -> None:
        nonlocal listing
        if message["type"] == "http.response.start" and message["status"] == 405:
            listing = True
            allowed = [pair for pair in _with_head(message["headers"]) if pair[0] == b"allow"]
            message = {**message, "status": 204, "headers": allowed}
        elif listing:
            message = {
                "type": "http.response.body",
                "body": b"",
                "more_body": message.get("more_body", False),
            }
        await send(message)

    return listed


def _with_head(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    complete: Headers = []
    for name, value in headers:
        if name.lower() == b"allow":
            methods = {method.strip() for method in value.split(b",") if method.strip()}
            methods |= {b"OPTIONS"} | ({b"HEAD"} if b"GET" in methods else set())
            value = b", ".join(sorted(methods))
        complete.append((name.lower(), value))
    return complete

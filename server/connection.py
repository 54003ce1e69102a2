"""Connections that cannot be held for nothing: what uvicorn leaves unbounded has bounds here."""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_LARGEST_HEAD: Final = 32 * 1024
"""Bytes of a request line with its headers, or of anything else before the next piece of a body."""
_SLOWEST_HEAD: Final = 60
"""Seconds from the first byte of a request to the end of its headers; enough for the slowest link."""

_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)
_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class BoundedConnection(HttpToolsProtocol):
    """One connection.

    Refuses headers without end (431, RFC 6585) and headers that never end (408), and closes a connection
    on which nobody asks anything for as long as one that has been used may rest.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._unparsed = 0
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, and wait for a first request."""
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_timer()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        self._unparsed += len(data)  # set to 0 by whatever is complete within
        super().data_received(data)
        if self._unparsed > _LARGEST_HEAD:
            self._close(_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Give the headers their time."""
        super().on_message_begin()
        self._stop_timer()
        self._head_timer = self.loop.call_later(_SLOWEST_HEAD, self._close, _TOO_SLOW)

    def on_headers_complete(self) -> None:
        """Hand the request over."""
        self._unparsed = 0
        self._stop_timer()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Hand a piece of the body over."""
        self._unparsed = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for the next request."""
        self._unparsed = 0
        super().on_message_complete()

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _close(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            # While an answer to an earlier request is under way, a second one would be taken for its part.
            if self.cycle is None or self.cycle.response_complete:
                self.transport.write(answer)
            self.transport.close()

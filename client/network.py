"""The network as httpcore asks for it, with a connection that was opened before httpcore was loaded."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Iterable
from typing import Any, TypeVar

import httpcore

from client.early_connection import EarlyConnection

T = TypeVar("T")


class OpenedBefore(httpcore.AnyIOBackend):
    """Makes connections as ever, but for the first, where one to that place is there already."""

    def __init__(self, early: EarlyConnection) -> None:
        self._early = early

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Give a stream to that place."""
        opened = await asyncio.to_thread(self._early.take, host, port) if self._early.pending else None
        if opened is None:
            return await super().connect_tcp(host, port, timeout, local_address, socket_options)
        opened.setblocking(False)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for option in socket_options or ():
            opened.setsockopt(*option)
        return _Stream(opened)


class _Stream(httpcore.AsyncNetworkStream):
    """An open socket as a stream; whether TLS goes over it shows before the first byte does."""

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        """Make it secret and have the server prove who it is."""
        opening = asyncio.open_connection(
            sock=self._socket, ssl=ssl_context, server_hostname=server_hostname or ""
        )
        try:
            self._streams = await _within(timeout, opening, httpcore.ConnectTimeout, httpcore.ConnectError)
        except BaseException:
            self._socket.close()
            raise
        return self

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Give what has come; nothing at the end."""
        reader, _ = await self._opened()
        return await _within(timeout, reader.read(max_bytes), httpcore.ReadTimeout, httpcore.ReadError)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send bytes."""
        _, writer = await self._opened()
        if buffer:
            writer.write(buffer)
            await _within(timeout, writer.drain(), httpcore.WriteTimeout, httpcore.WriteError)

    async def aclose(self) -> None:
        """Let it go."""
        if self._streams is None:
            self._socket.close()
        else:
            self._streams[1].close()

    def get_extra_info(self, info: str) -> Any:
        """Say what httpcore asks about: whether the server has closed an idle connection, above all."""
        if info == "is_readable":
            return self._streams is not None and self._streams[0].at_eof()
        if info == "ssl_object" and self._streams is not None:
            return self._streams[1].get_extra_info("ssl_object")
        return self._socket if info == "socket" else None

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(sock=self._socket)
        return self._streams


async def _within(
    seconds: float | None, doing: Awaitable[T], late: type[Exception], broken: type[Exception]
) -> T:
    """Wait for something on the network, in the words of httpcore where it fails."""
    try:
        async with asyncio.timeout(seconds):
            return await doing
    except TimeoutError as error:
        raise late(str(error)) from error
    except OSError as error:
        raise broken(str(error)) from error

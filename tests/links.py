"""A link to a server that can be taken away and given back: a proxy in the test's own loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from urllib.parse import urlsplit

from tests.live import LiveServer


class Link:
    """Passes bytes while it is up; while it is down, no connection is made and none is left."""

    def __init__(self, server: LiveServer) -> None:
        self._server = server
        self._target = (urlsplit(server.url).hostname or "", urlsplit(server.url).port or 0)
        self._listening: asyncio.Server | None = None
        self._port = 0
        self._pumps: set[asyncio.Task[None]] = set()
        self.heads: list[tuple[str, int]] = []
        """Of every piece that came from the server, its first line and its length."""
        self.asked: list[str] = []
        """The first line of every piece that went to it."""

    @property
    def far(self) -> LiveServer:
        """The server, as it is reached over this link."""
        return replace(self._server, url=f"http://127.0.0.1:{self._port}")

    async def up(self) -> None:
        """Let it pass."""
        self._listening = await asyncio.start_server(self._connected, "127.0.0.1", self._port)
        self._port = self._listening.sockets[0].getsockname()[1]

    async def down(self) -> None:
        """Let nothing pass."""
        if self._listening is not None:
            self._listening.close()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(*self._target)
        for source, sink, up in ((reader, there_writer, True), (there_reader, writer, False)):
            pump = asyncio.create_task(self._pass(source, sink, up=up))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, up: bool) -> None:
        try:
            with suppress(ConnectionError):
                while piece := await source.read(65536):
                    first = piece.split(b"\r\n", 1)[0].decode("latin-1")
                    if up:
                        self.asked.append(first)
                    else:
                        self.heads.append((first, len(piece)))
                    sink.write(piece)
                    await sink.drain()
        finally:
            sink.transport.abort()


@asynccontextmanager
async def link_to(server: LiveServer) -> AsyncIterator[Link]:
    """Give a link that is up."""
    link = Link(server)
    await link.up()
    try:
        yield link
    finally:
        await link.down()

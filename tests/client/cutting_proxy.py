"""A link that can be cut at any byte: a TCP proxy that resets when so many bytes have gone one way."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

Way = Literal["up", "down"]


@dataclass
class CuttingProxy:
    """Passes everything through until it is armed."""

    server_port: int
    port: int = 0
    way: Way | None = None
    left: int = 0
    bytes_up: int = 0
    bytes_down: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def arm(self, way: Way, after: int) -> None:
        """Cut once, when `after` more bytes have gone this way."""
        self.way, self.left = way, after

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.server_port)
        pumps = [
            asyncio.ensure_future(self.pump("up", reader, there_writer)),
            asyncio.ensure_future(self.pump("down", there_reader, writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            # A reset, as a link that is lost and found again shows itself.
            reset = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            writer.transport.abort()
            there_writer.close()

    async def pump(self, way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while content := await reader.read(65536):
            if way == "up":
                self.bytes_up += len(content)
            else:
                self.bytes_down += len(content)
            if self.way == way and len(content) >= self.left:
                self.way = None
                writer.write(content[: self.left])
                await writer.drain()
                return
            if self.way == way:
                self.left -= len(content)
            writer.write(content)
            await writer.drain()


@asynccontextmanager
async def cutting_proxy(server_port: int) -> AsyncIterator[CuttingProxy]:
    """Run a proxy in front of a server on this machine."""
    proxy = CuttingProxy(server_port)
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(proxy.connected(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listening = await asyncio.start_server(connected, "127.0.0.1", 0)
    proxy.port = listening.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

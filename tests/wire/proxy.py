"""A TCP proxy on this machine that counts what passes, and can be slow."""

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_METHODS = (b"GET ", b"POST ", b"PATCH ", b"DELETE ")


class CountingProxy:
    """Passes bytes between `url` and whoever connects to its own; a context manager."""

    def __init__(self, url: str, *, delay: float = 0.0) -> None:
        """`delay` is what each piece waits on its way, in seconds, each way."""
        self._target = (urlsplit(url).hostname or "127.0.0.1", urlsplit(url).port or 80)
        self._delay = delay
        self._started: queue.SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.up = self.down = self.requests = self.connections = 0
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self._loop, self._over, port = self._started.get(timeout=10)
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    def slow_down(self, delay: float) -> None:
        """Have each piece wait so many seconds from now on."""
        self._delay = delay

    def reset(self) -> None:
        """Begin to count anew."""
        self.up = self.down = self.requests = self.connections = 0

    async def _serve(self) -> None:
        over = asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        port = int(server.sockets[0].getsockname()[1])
        self._started.put((asyncio.get_running_loop(), over, port))
        await over.wait()
        server.close()
        connections = asyncio.all_tasks() - {asyncio.current_task()}
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await asyncio.sleep(0)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        target_reader, target_writer = await asyncio.open_connection(*self._target)
        with suppress(asyncio.CancelledError):
            await asyncio.gather(
                self._pass(reader, target_writer, self._count_up),
                self._pass(target_reader, writer, self._count_down),
                return_exceptions=True,
            )
        writer.close()
        target_writer.close()

    def _count_up(self, piece: bytes) -> None:
        self.up += len(piece)
        self.requests += piece.startswith(_METHODS)

    def _count_down(self, piece: bytes) -> None:
        self.down += len(piece)

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, counted: Callable[[bytes], None]
    ) -> None:
        while piece := await reader.read(65536):
            counted(piece)
            if self._delay:
                await asyncio.sleep(self._delay)
            writer.write(piece)
            await writer.drain()
        writer.close()

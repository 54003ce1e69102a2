"""A server that says byte for byte what a test tells it to, for faults that no real part can show."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Behaviour = Callable[["Talk"], Awaitable[None]]


@dataclass
class Talk:
    """One request and the way to answer it."""

    head: str
    body: bytes
    writer: asyncio.StreamWriter

    @property
    def line(self) -> str:
        return self.head.partition("\r\n")[0]

    def header(self, name: str) -> str:
        for line in self.head.split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return ""

    async def raw(self, content: bytes) -> None:
        self.writer.write(content)
        await self.writer.drain()

    def reset(self) -> None:
        self.writer.transport.abort()


@dataclass
class RawServer:
    """What was asked, and what the next answers are; the last behaviour goes on for ever."""

    port: int = 0
    talks: list[Talk] = field(default_factory=list)
    behaviours: list[Behaviour] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                talk = Talk(head, b"", writer)
                talk.body = await reader.readexactly(int(talk.header("Content-Length") or 0))
                self.talks.append(talk)
                behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
                await behaviour(talk)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def http(
    content: bytes,
    *,
    status: str = "200 OK",
    kind: str = "application/json",
    headers: str = "",
    length: int = -1,
) -> Behaviour:
    """Answer with these bytes."""

    async def behave(talk: Talk) -> None:
        size = len(content) if length < 0 else length
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n{headers}\r\n"
        await talk.raw(head.encode() + content)

    return behave


def says(value: Any, status: str = "200 OK", headers: str = "") -> Behaviour:
    """Answer with JSON."""
    kind = "application/json" if status.startswith("2") else "application/problem+json"
    return http(json.dumps(value).encode(), status=status, kind=kind, headers=headers)


def problem(status: int, code: str, detail: str = "", headers: str = "", **more: Any) -> Behaviour:
    """Answer with a problem."""
    value = {"title": code, "status": status, "code": code, "detail": detail, **more}
    return says(value, f"{status} X", headers)


async def resets(talk: Talk) -> None:
    """Answer nothing and reset the connection."""
    talk.reset()


async def silence(talk: Talk) -> None:
    """Never answer."""
    await asyncio.sleep(60)


@asynccontextmanager
async def raw_server(*behaviours: Behaviour) -> AsyncIterator[RawServer]:
    """Run a server that behaves so, one behaviour a request."""
    server = RawServer(behaviours=list(behaviours))
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(server.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listening = await asyncio.start_server(connected, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

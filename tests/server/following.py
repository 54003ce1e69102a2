"""What tests of live changes share: a stream that is read as it comes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.live import LiveServer


class Stream:
    """What came over a stream of server-sent events."""

    def __init__(self) -> None:
        self.hints: list[dict[str, Any]] = []
        self.last_id = ""
        self.raw = b""
        self.ended = False
        self.news = asyncio.Event()

    async def read(self, response: httpx.Response) -> None:
        try:
            async for piece in response.aiter_raw():
                self.raw += piece
                self._take()
                self.news.set()
        finally:
            self.ended = True
            self.news.set()

    def _take(self) -> None:
        whole = self.raw.rpartition(b"\n\n")[0].decode()
        self.hints = [json.loads(line[6:]) for line in whole.split("\n") if line.startswith("data: ")]
        self.last_id = next((line[4:] for line in reversed(whole.split("\n")) if line.startswith("id: ")), "")

    async def until(self, count: int, seconds: float = 10.0) -> list[dict[str, Any]]:
        """Wait until it has begun and so many hints are there, and give them."""
        async with asyncio.timeout(seconds):
            while (len(self.hints) < count or not self.last_id) and not self.ended:
                self.news.clear()
                await self.news.wait()
        return self.hints

    async def end(self, seconds: float = 10.0) -> None:
        """Wait until the server has ended it."""
        async with asyncio.timeout(seconds):
            while not self.ended:
                self.news.clear()
                await self.news.wait()


@asynccontextmanager
async def following(
    server: LiveServer, role: str = "staff", *, last_event_id: str = "", token: str = "", customers: str = ""
) -> AsyncIterator[Stream]:
    """Open a stream and read it behind the test."""
    headers = {"Authorization": f"Bearer {token or server.tokens[role]}"}
    if last_event_id:
        headers["Last-Event-ID"] = last_event_id
    params = {"customer_id": customers} if customers else {}
    client = httpx.AsyncClient(base_url=server.url, headers=headers, trust_env=False, timeout=20)
    async with client, client.stream("GET", "/v1/events", params=params) as response:
        assert response.status_code == 200, await response.aread()
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert "Content-Encoding" not in response.headers
        stream = Stream()
        reading = asyncio.create_task(stream.read(response))
        await stream.until(0)
        try:
            yield stream
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

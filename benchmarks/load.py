"""Searches and saves a second over HTTP on a live server, by clients that cost little themselves."""

import asyncio
import json
import random
import statistics
import time
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from benchmarks.table import Line, count, milliseconds
from tests.wire.office import Office

_WORDS = (
    "smi",
    "jo",
    "ann",
    "mar",
    "garc",
    "o",
    "lond",
    "555",
    "0161",
    "mil qu",
    "vip",
    "example.n",
    "kowal",
)


class Caller:
    """One connection that is kept, HTTP/1.1, and nothing more than a request needs."""

    def __init__(self, url: str, token: str) -> None:
        self._host = urlsplit(url)
        self._head = (
            f"Host: {self._host.netloc}\r\nAuthorization: Bearer {token}\r\nAccept-Encoding: gzip\r\n"
        )
        self.taken: list[float] = []
        self.refused = 0

    async def connect(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._host.hostname, self._host.port)

    async def ask(self, method: str, path: str, body: bytes = b"", head: str = "") -> None:
        """Send one request and read the answer to its end."""
        started = time.perf_counter()
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        self._writer.write(f"{method} {path} HTTP/1.1\r\n{self._head}{head}{length}\r\n".encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in answer.split(b"\r\n")[1:] if b": " in line)
        await self._reader.readexactly(int(fields.get(b"content-length", 0)))
        self.taken.append(time.perf_counter() - started)
        self.refused += answer[9:10] != b"2"


def measure(office: Office, seconds: float, callers: int = 8) -> list[Line]:
    """Search, then save, from several connections at once."""
    with office.colleague() as client:
        token = client.headers["Authorization"].removeprefix("Bearer ")
        rows = client.get("/v1/customers", params={"limit": 50}).json()["items"]
    saves = [row["id"] for row in rows]
    searched = asyncio.run(_run(office.url, token, _searches(), seconds, callers))
    saved = asyncio.run(_run(office.url, token, _saves(saves), seconds, callers))
    return [
        *_lines("searches", searched, seconds, "p99 <= 13 ms at 200/s", ">= 800/s"),
        *_lines("saves", saved, seconds, "", ">= 1,300/s"),
    ]


Request = tuple[str, str, bytes, str]


def _searches() -> Iterator[Request]:
    chance = random.Random(1)
    while True:
        yield "GET", f"/v1/customers?limit=20&q={quote(chance.choice(_WORDS))}", b"", ""


def _saves(ids: list[str]) -> Iterator[Request]:
    head = "Content-Type: application/merge-patch+json\r\nIf-Match: *\r\nPrefer: return=minimal\r\n"
    for number in range(1_000_000_000):
        body = json.dumps({"company_name": f"Company {number}"}).encode()
        yield "PATCH", f"/v1/customers/{ids[number % len(ids)]}", body, head


async def _run(
    url: str, token: str, requests: Iterator[Request], seconds: float, callers: int
) -> list[Caller]:
    """Keep every caller busy for `seconds`."""
    team = [Caller(url, token) for _ in range(callers)]
    end = time.perf_counter() + seconds

    async def work(caller: Caller) -> None:
        await caller.connect()
        while time.perf_counter() < end:
            method, path, body, head = next(requests)
            await caller.ask(method, path, body, head)

    await asyncio.gather(*(work(caller) for caller in team))
    return team


def _lines(what: str, team: list[Caller], seconds: float, wait: str, rate: str) -> list[Line]:
    taken = sorted(time for caller in team for time in caller.taken)
    refused = sum(caller.refused for caller in team)
    p99 = taken[int(len(taken) * 0.99)]
    return [
        Line(f"{what} a second over HTTP", rate, count(len(taken) / seconds)),
        Line(f"  p50, {len(team)} at once", "", milliseconds(statistics.median(taken))),
        Line(f"  p99, {len(team)} at once", wait, milliseconds(p99)),
        *([Line("  refused", "0", count(refused))] if refused else []),
    ]

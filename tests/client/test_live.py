"""The client's side of live changes: streams in any pieces, failures, and asking instead."""

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import pairwise

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import client.live
from client import errors
from client.live import EventReader, LiveChanges, Told
from client.meter import Exchange, LinkMeter
from client.models import Hint
from client.transport import LinkSettings, Transport

pytestmark = pytest.mark.feature("F9.4")

STREAM = (
    '\ufeffretry: 3000\nid: 5\n\n:\r\n\r\nid: 6\rdata: {"a":\rdata: 1}\r\r'
    "event: x\nunknown: y\n\nid\ndata\n\n"
)
TOLD = [Told("", "5"), Told("", "5"), Told('{"a":\n1}', "6"), Told("", "6"), Told("", "")]


@given(st.lists(st.integers(0, len(STREAM.encode())), max_size=20))
def test_a_stream_reads_the_same_however_it_is_cut(cuts: list[int]) -> None:
    whole = STREAM.encode()
    places = [0, *sorted(cuts), len(whole)]
    reader = EventReader()
    told = [event for a, b in pairwise(places) for event in reader.take(whole[a:b])]
    assert told == TOLD


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(errors.NotTheApi):
        list(EventReader().take(b"data: " + b"x" * 70_000))


def hint(version: int) -> bytes:
    told = json.dumps({"customer_id": "c", "version": version, "kind": "customers.changed"})
    return f"id: {version}\ndata: {told}\n\n".encode()


class Server(httpx.AsyncBaseTransport):
    """Answers streams and lists as it is told, and notes what was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.url.path, request.headers.get("Last-Event-ID", "")))
        answer = self.answers.pop(0) if self.answers else httpx.ConnectError("down")
        if isinstance(answer, Exception):
            raise answer
        return answer


def stream(*pieces: bytes) -> httpx.Response:
    async def content() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=content())


def listing(cursor: str, *versions: int) -> httpx.Response:
    items = [{"customer_id": "c", "version": version, "kind": "customers.changed"} for version in versions]
    return answer(200, {"items": items, "cursor": cursor})


def answer(status: int, body: object = None, kind: str = "json") -> httpx.Response:
    content = httpx.ByteStream(b"" if body is None else json.dumps(body).encode())
    return httpx.Response(status, headers={"Content-Type": f"application/{kind}"}, stream=content)


async def heard(server: Server, count: int) -> tuple[list[list[int]], Transport]:
    """Follow until so many batches came; give their versions."""
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)

    batches: list[list[int]] = []
    async with Transport(LinkSettings(server="http://localhost"), carrier=server, pause=pause) as transport:
        live = LiveChanges(transport, pause=pause, clock=lambda: 0.0)
        async for hints in live.follow({"c"}):
            assert all(isinstance(one, Hint) for one in hints)
            batches.append([one.version for one in hints])
            if len(batches) == count:
                break
    assert max(pauses, default=0) <= 90
    return batches, transport


async def test_a_stream_that_breaks_is_taken_up_where_it_was() -> None:
    server = Server(
        stream(b"id: 3\n\n", hint(4), hint(5)[:20]),
        httpx.ConnectError("down"),
        stream(b"id: 4\n\n", hint(5)),
    )
    batches, transport = await heard(server, 3)
    assert batches == [[], [4], [5]]
    assert server.asked == [("/v1/events", ""), ("/v1/events", "4"), ("/v1/events", "4")]
    assert transport.meter.bytes_down > 100


@pytest.mark.parametrize("status", [404, 405, 429])
async def test_where_streams_are_refused_changes_are_asked_for(status: int) -> None:
    server = Server(answer(status), listing("7"), listing("9", 8, 9), listing("9"), listing("10", 10))
    batches, _ = await heard(server, 3)
    assert batches == [[], [8, 9], [10]]
    assert [path for path, _ in server.asked] == ["/v1/events", *["/v1/changes"] * 4]


async def test_a_way_that_ends_or_holds_back_every_stream_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Server(stream(), stream(), stream(), listing("7"))
    batches, _ = await heard(server, 1)
    assert batches == [[]]
    assert [path for path, _ in server.asked] == [*["/v1/events"] * 3, "/v1/changes"]

    async def held_back() -> AsyncIterator[bytes]:
        await asyncio.sleep(60)
        yield b""

    monkeypatch.setattr(client.live, "_FIRST_SECONDS", 0.01)
    server = Server(httpx.Response(200, content=held_back()), listing("7"))
    batches, _ = await heard(server, 1)
    assert [path for path, _ in server.asked] == ["/v1/events", "/v1/changes"]


async def test_on_a_slow_link_no_second_connection_is_opened() -> None:
    server = Server(listing("7"), listing("8", 8))
    async with Transport(LinkSettings(server="http://localhost"), carrier=server) as transport:
        transport.meter.record(Exchange("GET", "/", 200, 2.0, 1, 1, reached=True))
        waits: list[float] = []

        async def pause(seconds: float) -> None:
            waits.append(seconds)
            transport.meter.record(Exchange("GET", "/", 200, 2.0, 1, 1, reached=True))

        live = LiveChanges(transport, pause=pause)
        batches = []
        async for hints in live.follow({"c"}):
            batches.append(len(hints))
            transport.meter.record(Exchange("GET", "/", 200, 9.0, 1, 1, reached=True))
            if len(batches) == 2:
                break
    assert batches == [0, 1]
    assert {path for path, _ in server.asked} == {"/v1/changes"}
    assert waits[0] >= 20


@pytest.mark.feature("F11.5")
async def test_on_a_link_that_is_spared_changes_are_asked_for_once_a_minute() -> None:
    server = Server(listing("7"), listing("8", 8))
    meter = LinkMeter("on")
    async with Transport(LinkSettings(server="http://localhost"), carrier=server, meter=meter) as transport:
        waits: list[float] = []

        async def pause(seconds: float) -> None:
            waits.append(seconds)

        batches = []
        async for hints in LiveChanges(transport, pause=pause).follow({"c"}):
            batches.append([hint.version for hint in hints])
            if len(batches) == 2:
                break
    assert batches == [[], [8]]
    assert {path for path, _ in server.asked} == {"/v1/changes"}
    assert waits == [60]


async def test_a_place_that_the_server_does_not_know_is_given_up() -> None:
    problem = {"title": "x", "status": 404, "code": "unknown_cursor"}
    refused = answer(404, problem, "problem+json")
    server = Server(stream(b"id: 3\n\n"), refused, listing("1"))
    batches, _ = await heard(server, 2)
    assert batches == [[], []]


async def test_a_session_that_has_ended_ends_the_following() -> None:
    problem = {"title": "x", "status": 401, "code": "unauthenticated"}
    with pytest.raises(errors.SignedOut):
        await heard(Server(answer(401, problem, "problem+json")), 1)

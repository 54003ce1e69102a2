"""A connection opened while the program is loaded carries the first request, and is never in the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from client import errors
from client.api import CustomerApi
from client.early_connection import EarlyConnection
from client.transport import LinkSettings, Transport
from tests.client.test_tls import certificate, tls_server

_BODY = b'{"business":"Early"}'
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"


@dataclass
class Door:
    """A server that counts who comes."""

    url: str = ""
    connections: int = 0
    requests: int = 0
    open: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open.append(writer)
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.requests += 1
                writer.write(_ANSWER % (len(_BODY), _BODY))
        except asyncio.IncompleteReadError:
            writer.close()


@asynccontextmanager
async def door() -> AsyncIterator[Door]:
    one = Door()
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield one
    finally:
        server.close()
        for writer in one.open:
            writer.close()


async def opened(url: str) -> EarlyConnection:
    early = EarlyConnection(lambda: url)
    await asyncio.to_thread(early._ended.wait, 5)
    await asyncio.sleep(0.01)
    return early


async def business(url: str, early: EarlyConnection, times: int = 1) -> str:
    async with CustomerApi(Transport(LinkSettings(server=url, opened=early))) as api:
        for _ in range(times):
            found = (await api.service()).value.business
    return found


async def test_the_first_request_and_those_after_it_go_over_the_connection_that_is_there() -> None:
    async with door() as one:
        early = await opened(one.url)
        assert (one.connections, one.requests) == (1, 0)
        assert await business(one.url, early, times=3) == "Early"
        assert (one.connections, one.requests) == (1, 3)


async def test_a_connection_to_another_place_is_left_alone() -> None:
    async with door() as one, door() as other:
        early = await opened(other.url)
        assert await business(one.url, early) == "Early"
        assert (one.connections, other.requests) == (1, 0)


async def test_one_that_the_server_closed_meanwhile_is_made_anew() -> None:
    async with door() as one:
        early = await opened(one.url)
        one.open[0].close()
        await asyncio.sleep(0.05)
        assert await business(one.url, early) == "Early"
        assert one.connections == 2


async def test_what_cannot_be_reached_is_told_by_the_request() -> None:
    nowhere = "http://127.0.0.1:9"
    early = await opened(nowhere)
    with pytest.raises(errors.Unreachable):
        await business(nowhere, early)


async def test_over_tls_the_server_still_has_to_prove_who_it_is(tmp_path: Path) -> None:
    pem = certificate(tmp_path, "127.0.0.1")
    async with tls_server(pem) as (url, told):
        settings = LinkSettings(server=url, ca_file=str(pem), opened=await opened(url))
        async with CustomerApi(Transport(settings)) as api:
            assert (await api.service()).value.business == "TLS"
        with pytest.raises(errors.Unreachable, match="could not prove"):
            await business(url, await opened(url))
        assert len(told) == 1

"""What went over the link is counted as the system has it: every byte, TLS, TCP and IP included."""

import asyncio
import socket

import pytest

from client.api import CustomerApi
from client.models import CustomerSearch
from client.transport import LinkSettings, Transport
from client.wires import Wires
from tests.live import LiveServer
from tests.wire.proxy import CountingProxy

pytestmark = pytest.mark.feature("F11.4")

_HEADERS = 52
"""Bytes of IPv4 and TCP in front of every packet but the first."""


class Token:
    """An authority that has a token."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        return self._token

    async def renewed(self, refused: str) -> str:
        raise AssertionError(refused)

    async def settled(self) -> None:
        return


async def test_it_is_the_bytes_that_pass_and_the_headers_of_their_packets(live_server: LiveServer) -> None:
    with CountingProxy(live_server.url) as proxy:
        async with CustomerApi(
            Transport(LinkSettings(server=proxy.url), Token(live_server.tokens["staff"]))
        ) as api:
            meter = api.transport.meter
            for text in ("an", "be", "ca"):
                await api.customers.search(CustomerSearch(q=text))
            traffic = meter.traffic()
            assert traffic.whole
            for counted, passed in ((traffic.up, proxy.up), (traffic.down, proxy.down)):
                over = counted - passed
                assert over % _HEADERS == 0
                assert 4 <= over // _HEADERS <= 20, "packets"
            assert meter.bytes_up == proxy.up
        closed = meter.traffic()
        assert closed.up >= traffic.up, "a connection that was closed is not forgotten"


async def test_streams_are_counted_too(live_server: LiveServer) -> None:
    with CountingProxy(live_server.url) as proxy:
        async with CustomerApi(
            Transport(LinkSettings(server=proxy.url), Token(live_server.tokens["staff"]))
        ) as api:
            query = {"customer_id": "0198b8a0-0000-7000-8000-000000000000"}
            async with api.transport.stream("/v1/events", query, {}) as stream:
                await anext(stream.pieces)
                traffic = api.transport.meter.traffic()
                assert (traffic.down - proxy.down) % _HEADERS == 0
                assert traffic.down > proxy.down > 100
            assert api.transport.meter.bytes_up > 100


async def test_where_the_system_does_not_tell_it_is_http_alone(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(socket, "TCP_INFO")
    async with CustomerApi(
        Transport(LinkSettings(server=live_server.url), Token(live_server.tokens["staff"]))
    ) as api:
        await api.service()
        meter = api.transport.meter
        traffic = meter.traffic()
        assert not traffic.whole
        assert (traffic.up, traffic.down) == (meter.bytes_up, meter.bytes_down)
        assert traffic.down > 100


async def test_a_connection_that_is_closed_stays_counted() -> None:
    wires = Wires()
    server = await asyncio.start_server(lambda _, writer: writer.write(b"y" * 300), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())

    class Stream:
        """A connection as httpcore has it."""

        def get_extra_info(self, info: str) -> object:
            return writer.get_extra_info(info)

    wires.take(Stream())
    writer.write(b"x" * 1000)
    await reader.readexactly(300)
    before = wires.traffic()
    assert before is not None
    assert (before.up - 1000) % _HEADERS == 0
    assert (before.down - 300) % _HEADERS == 0
    writer.close()
    await writer.wait_closed()
    after = wires.traffic()
    assert after is not None
    assert after == before
    server.close()

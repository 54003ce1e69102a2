"""What clients do to a server on its socket, by accident or on purpose."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from uvicorn.server import ServerState

from server import connection as bounded
from tests.server.serving import Served, add_admin, heard, served, talk


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give a server with one admin, for tests that leave it as it is."""
    folder = tmp_path_factory.mktemp("served")
    add_admin(str(folder / "desk.db"))
    with served(str(folder / "desk.db"), folder) as running:
        yield running


def test_a_chunked_body_over_the_limit_is_refused_on_the_socket(server: Served) -> None:
    with talk(server) as connection:
        connection.sendall(
            b"POST /v1/oauth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        )
        piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        for _ in range(40):
            connection.sendall(piece)
        connection.sendall(b"0\r\n\r\n")
        answer = heard(connection)
        assert answer.startswith(b"HTTP/1.1 413")
        assert b'"code":"too_large"' in answer
        connection.sendall(b"GET /v1/ HTTP/1.1\r\nHost: x\r\n\r\n")
        assert heard(connection).startswith(b"HTTP/1.1 200"), "the connection is good for more"


def test_an_announced_body_over_the_limit_is_refused_before_it_is_sent(server: Served) -> None:
    with talk(server) as connection:
        connection.sendall(
            b"POST /v1/oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n"
            b"Expect: 100-continue\r\n\r\n"
        )
        assert heard(connection).startswith(b"HTTP/1.1 413")


def test_nonsense_on_the_socket_is_refused_without_a_trace(server: Served) -> None:
    nonsense = [
        b"GET /v1/ HTTP/1.1\r\nHost: [\r\n\r\n",
        b"GET /v1/ HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET /v1/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /v1/ HTTP/1.1\r\n\r\n",
        b"GET /.well-known/oauth-authorization-server HTTP/1.1\r\nHost: \x80\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET // HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://x:99999/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /%00%ff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/customers/%00 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \x80\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /v1/oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\n",
        b"GET /v1/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ]
    for request in nonsense:
        with talk(server) as connection:
            connection.sendall(request)
            status = heard(connection)[9:12]
            assert status < b"500", (request, status)
    assert "Traceback" not in server.said()
    assert "ERROR" not in server.said()


@pytest.mark.parametrize(
    "endless",
    [
        b"GET /v1/ HTTP/1.1\r\nHost: x\r\nX-Long: ",
        b"GET /v1/?",
        b"POST /v1/oauth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: ",
    ],
)
def test_a_head_without_end_is_cut_off(server: Served, endless: bytes) -> None:
    with talk(server) as connection:
        connection.sendall(endless)
        with contextlib.suppress(ConnectionError):
            for _ in range(64):
                connection.sendall(b"x" * 65536)
                time.sleep(0.001)
            answer = connection.recv(1024)
            assert answer == b"" or answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400"))
            assert connection.recv(1024) == b""
    assert httpx.get(f"{server.url}/v1/").status_code == 200


def test_a_long_body_in_many_tiny_chunks_is_no_head(server: Served) -> None:
    form = b"grant_type=password&username=anna&password=wrong+words+here&x=" + b"y" * 5000
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in form) + b"0\r\n\r\n"
    with talk(server) as connection:
        connection.sendall(
            b"POST /v1/oauth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + chunks
        )
        assert b"invalid_grant" in heard(connection)


def test_requests_can_be_pipelined(server: Served) -> None:
    with talk(server) as connection:
        connection.sendall(b"GET /v1/ HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
        time.sleep(0.3)
        assert connection.recv(65536).count(b"HTTP/1.1 200") == 3


def test_a_head_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "_SLOWEST_HEAD", 0.05)

    async def answer_slowly() -> bytes:
        async def application(scope: object, receive: object, send: object) -> None: ...

        config = uvicorn.Config(application, http=bounded.BoundedConnection, lifespan="off", log_config=None)
        config.load()
        state = ServerState()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: bounded.BoundedConnection(config=config, server_state=state, app_state={}), "127.0.0.1", 0
        )
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
            answer = await asyncio.wait_for(reader.read(), 5)
            writer.close()
            return answer

    assert asyncio.run(answer_slowly()).startswith(b"HTTP/1.1 408")


def test_clients_that_leave_in_the_middle_leave_no_trace(server: Served) -> None:
    halves = [
        b"POST /v1/oauth/token HTTP/1.1\r\nContent-Length: 50\r\nHost: x\r\n\r\ngrant_type=",
        b"GET /v1/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/ HTTP/1.1\r\nHos",
        b"POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{",
    ]
    for half in halves:
        for reset in (False, True):
            with talk(server) as connection:
                if reset:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                connection.sendall(half)
    time.sleep(0.2)
    assert httpx.get(f"{server.url}/v1/").status_code == 200
    assert "Traceback" not in server.said()
    assert "ERROR" not in server.said()

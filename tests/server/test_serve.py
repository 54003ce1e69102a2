"""The server as a process: how it starts, refuses to start, and stops."""

import contextlib
import os
import signal
import socket
import sqlite3
import ssl
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from server.config import ServerSettings
from server.opening import CannotStart, open_database
from server.serve import serve
from tests.server.serving import PASSWORD, Served, add_admin, keeptabs, served

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is tested is that this is not done carelessly
FORM = {"grant_type": "password", "username": "anna", "password": PASSWORD}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give a server with one admin, for tests that leave it as it is."""
    folder = tmp_path_factory.mktemp("served")
    add_admin(str(folder / "desk.db"))
    with served(str(folder / "desk.db"), folder) as running:
        yield running


def talk(server: Served) -> socket.socket:
    return socket.create_connection((server.host, server.port), timeout=10)


def heard(connection: socket.socket) -> bytes:
    """Read one answer with a `content-length`."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = connection.recv(65536)
        if not piece:
            return answer
        answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.mark.feature("F13.2")
def test_a_new_server_takes_two_commands_and_ends_when_told(tmp_path: Path) -> None:
    database = str(tmp_path / "new.db")
    add_admin(database)
    with served(database, tmp_path) as running:
        answer = httpx.post(f"{running.url}/v1/oauth/token", data=FORM)
        assert answer.status_code == 200, answer.text
        token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        assert httpx.get(f"{running.url}/v1/me", headers=token).json()["login"] == "anna"
        assert running.stop() == 0
        assert "Traceback" not in running.said()
    for file in tmp_path.glob("new.db*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


@pytest.mark.feature("F13.2")
def test_the_same_server_runs_on_postgresql(postgres_database: object, tmp_path: Path) -> None:
    url = postgres_database.engine.url.render_as_string(hide_password=False)  # type: ignore[attr-defined]
    url = url.replace("postgresql+psycopg", "postgresql")
    add_admin(url)
    with served(url, tmp_path) as running:
        assert httpx.post(f"{running.url}/v1/oauth/token", data=FORM).status_code == 200
        assert running.stop(signal.SIGINT) == 0


def test_a_request_under_way_is_answered_before_the_server_stops(tmp_path: Path) -> None:
    database = str(tmp_path / "new.db")
    add_admin(database)
    with served(database, tmp_path) as running, talk(running) as slow, talk(running) as idle:
        body = b"grant_type=password&username=anna&password=" + PASSWORD.replace(" ", "+").encode()
        head = (
            b"POST /v1/oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" % len(body)
        )
        slow.sendall(head + body[:10])
        idle.sendall(b"GET /v1/ HTTP/1.1\r\nHost: x\r\n\r\n")
        assert heard(idle).startswith(b"HTTP/1.1 200")
        running.process.send_signal(signal.SIGTERM)
        assert idle.recv(1) == b"", "an idle connection is closed at once"
        with pytest.raises(ConnectionRefusedError):
            talk(running)
        assert running.process.poll() is None
        slow.sendall(body[10:])
        assert heard(slow).startswith(b"HTTP/1.1 200")
        assert running.process.wait(10) == 0


def test_a_server_never_outlives_the_pipe_to_its_starter(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with served(
        str(tmp_path / "new.db"), tmp_path, "--stop-on-eof", str(reading), pass_fds=[reading]
    ) as running:
        os.close(reading)
        assert httpx.get(f"{running.url}/v1/").status_code == 200
        os.close(writing)
        assert running.process.wait(10) == 0


def test_a_server_without_an_admin_tells_the_command_that_makes_one(tmp_path: Path) -> None:
    with served(str(tmp_path / "new.db"), tmp_path) as running:
        assert "keeptabs staff add LOGIN --name NAME --role admin" in running.said()


def test_a_chunked_body_over_the_limit_is_refused_on_the_socket(desk: Served) -> None:
    with talk(desk) as connection:
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


def test_an_announced_body_over_the_limit_is_refused_before_it_is_sent(desk: Served) -> None:
    with talk(desk) as connection:
        connection.sendall(
            b"POST /v1/oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n"
            b"Expect: 100-continue\r\n\r\n"
        )
        assert heard(connection).startswith(b"HTTP/1.1 413")


def test_nonsense_on_the_socket_is_refused_without_a_trace(desk: Served) -> None:
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
        with talk(desk) as connection:
            connection.sendall(request)
            status = heard(connection)[9:12]
            assert status < b"500", (request, status)
    assert "Traceback" not in desk.said()
    assert "ERROR" not in desk.said()


@pytest.mark.parametrize(
    "endless",
    [
        b"GET /v1/ HTTP/1.1\r\nHost: x\r\nX-Long: ",
        b"GET /v1/?",
        b"POST /v1/oauth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: ",
    ],
)
def test_a_head_without_end_is_cut_off(desk: Served, endless: bytes) -> None:
    with talk(desk) as connection:
        connection.sendall(endless)
        with contextlib.suppress(ConnectionError):
            for _ in range(64):
                connection.sendall(b"x" * 65536)
                time.sleep(0.001)
            answer = connection.recv(1024)
            assert answer == b"" or answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400"))
            assert connection.recv(1024) == b""
    assert httpx.get(f"{desk.url}/v1/").status_code == 200


def test_a_long_body_in_many_tiny_chunks_is_no_head(desk: Served) -> None:
    form = b"grant_type=password&username=anna&password=wrong+words+here&x=" + b"y" * 5000
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in form) + b"0\r\n\r\n"
    with talk(desk) as connection:
        connection.sendall(
            b"POST /v1/oauth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + chunks
        )
        assert b"invalid_grant" in heard(connection)


def test_requests_can_be_pipelined(desk: Served) -> None:
    with talk(desk) as connection:
        connection.sendall(b"GET /v1/ HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
        time.sleep(0.3)
        assert connection.recv(65536).count(b"HTTP/1.1 200") == 3


def test_a_head_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    import uvicorn

    from server import connection as bounded

    monkeypatch.setattr(bounded, "_SLOWEST_HEAD", 0.05)

    async def answer_slowly() -> bytes:
        async def application(scope: object, receive: object, send: object) -> None: ...

        config = uvicorn.Config(application, http=bounded.BoundedConnection, lifespan="off", log_config=None)
        config.load()
        state = uvicorn.server.ServerState()
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


def test_clients_that_leave_in_the_middle_leave_no_trace(desk: Served) -> None:
    halves = [
        b"POST /v1/oauth/token HTTP/1.1\r\nContent-Length: 50\r\nHost: x\r\n\r\ngrant_type=",
        b"GET /v1/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/ HTTP/1.1\r\nHos",
        b"POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{",
    ]
    for half in halves:
        for reset in (False, True):
            with talk(desk) as connection:
                if reset:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                connection.sendall(half)
    time.sleep(0.2)
    assert httpx.get(f"{desk.url}/v1/").status_code == 200
    assert "Traceback" not in desk.said()
    assert "ERROR" not in desk.said()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"host": EVERYWHERE}, "in clear"),
        ({"host": "::"}, "in clear"),
        ({"host": "203.0.113.9", "insecure_http": True}, "no address 203.0.113.9"),
        ({"host": "no-such-host.invalid"}, "no address"),
        ({"tls_key": "key.pem"}, "no certificate"),
        ({"tls_certificate": "missing.pem"}, "cannot be used"),
        ({"database": "missing/desk.db"}, "does not exist"),
        ({"database": "."}, "is a directory"),
        ({"database": "garbage.db"}, "not a database"),
        ({"database": "newer.db"}, "newer version"),
        ({"database": "mysql://x/y"}, "neither a file nor"),
        ({"database": "postgresql://anna:secret@127.0.0.1:1/y"}, "anna:***@127.0.0.1:1/y cannot be opened"),
    ],
)
def test_what_keeps_a_server_from_starting_is_told_in_a_sentence(
    settings: dict[str, object], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("garbage.db").write_text("this is no database")
    open_database("newer.db").close()
    with sqlite3.connect("newer.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(CannotStart, match=sentence.replace("*", r"\*")) as refused:
        serve(ServerSettings(**{"port": 0, **settings}))  # type: ignore[arg-type]
    assert "secret" not in str(refused.value)


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Tests may run as root, for whom every folder is writable.
    monkeypatch.setattr(os, "access", lambda path, _mode: path != tmp_path)
    with pytest.raises(CannotStart, match="cannot be written"):
        open_database(str(tmp_path / "desk.db"))


def test_a_port_that_is_taken_is_told_in_a_sentence_and_exit_code(desk: Served, tmp_path: Path) -> None:
    done = keeptabs("serve", "--database", str(tmp_path / "new.db"), "--port", str(desk.port))
    assert done.returncode == 1
    assert f"Port {desk.port} on 127.0.0.1 is taken." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_none_is_a_usage_error(tmp_path: Path) -> None:
    done = keeptabs("serve", "--port", "99999")
    assert (done.returncode, done.stderr.partition(":")[0]) == (2, "port")


def test_a_file_that_strangers_could_read_is_shut(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.touch(mode=0o644)
    path.chmod(0o644)
    open_database(str(path)).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_with_tls_the_server_may_be_reached_from_outside(tmp_path: Path) -> None:
    certificate, key = _self_signed(tmp_path)
    options = ("--host", EVERYWHERE, "--tls-certificate", str(certificate), "--tls-key", str(key))
    with served(str(tmp_path / "new.db"), tmp_path, *options) as running:
        context = ssl.create_default_context(cafile=certificate)
        answer = httpx.get(f"https://localhost:{running.port}/v1/", verify=context)
        assert answer.status_code == 200
        assert running.stop() == 0


def test_a_bound_socket_can_be_handed_over(tmp_path: Path) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        descriptor = str(bound.fileno())
        with served(
            str(tmp_path / "new.db"), tmp_path, "--socket-fd", descriptor, pass_fds=[bound.fileno()]
        ) as running:
            assert running.port == bound.getsockname()[1]
            assert httpx.get(f"{running.url}/v1/").status_code == 200


def test_the_log_of_requests_can_be_left_out(tmp_path: Path) -> None:
    with served(str(tmp_path / "new.db"), tmp_path, "--no-access-log") as running:
        httpx.get(f"{running.url}/v1/")
        running.stop()
        assert "keeptabs.access" not in running.said()


def _self_signed(folder: Path) -> tuple[Path, Path]:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files

"""The server as a process: how it starts, refuses to start, and stops."""

import contextlib
import os
import signal
import socket
import sqlite3
import ssl
import stat
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest

from server.config import ServerSettings
from server.opening import CannotStart, open_database
from server.rules.office import office_day
from server.serve import serve
from tests.server.serving import PASSWORD, add_admin, heard, keeptabs, served, talk

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is tested is that this is not done carelessly
FORM = {"grant_type": "password", "username": "anna", "password": PASSWORD}


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


def test_what_the_business_is_called_and_where_is_known_to_rules_and_letters_too(tmp_path: Path) -> None:
    database = str(tmp_path / "new.db")
    add_admin(database)
    told = {"KEEPTABS_SERVER_BUSINESS": "Old mill", "KEEPTABS_SERVER_TIME_ZONE": "Pacific/Kiritimati"}
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    for environment in (told, {}):
        with served(database, tmp_path, **environment) as running:
            assert httpx.get(f"{running.url}/v1/").json()["business"] == "Old mill"
            with contextlib.closing(open_database(database)) as opened:
                assert opened.read_now(lambda connection: office_day(connection, noon)) == date(2026, 11, 23)
            assert running.stop() == 0


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


def test_a_port_that_is_taken_is_told_in_a_sentence_and_exit_code(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = keeptabs("serve", "--database", str(tmp_path / "new.db"), "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_none_is_a_usage_error(tmp_path: Path) -> None:
    done = keeptabs("serve", "--port", "99999")
    assert (done.returncode, done.stderr.partition(":")[0]) == (2, "port")


@pytest.mark.parametrize("subcommand", ["serve", "staff"])
def test_help_needs_no_part_of_the_server(subcommand: str) -> None:
    script = (
        "import sys; from tui.__main__ import main\n"
        "try: main([sys.argv[1], '--help'])\n"
        "finally: assert not {'server', 'pydantic', 'fastapi', 'textual'} & set(sys.modules), sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, subcommand], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "--database" in done.stdout or "add" in done.stdout


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

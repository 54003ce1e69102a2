"""The server as people run it: a process of its own, reached over a real socket."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHEAP = {
    "KEEPTABS_SERVER_PASSWORD_MEMORY_KIB": "32",
    "KEEPTABS_SERVER_PASSWORD_PASSES": "1",
    "KEEPTABS_SERVER_PASSWORD_LANES": "1",
}
PASSWORD = "a few words in a row"


def keeptabs(*arguments: str, stdin: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **CHEAP, **environment},
        check=False,
    )


def add_admin(database: str, login: str = "anna") -> None:
    done = keeptabs(
        "staff", "add", login, "--name", "Anna", "--role", "admin", "--password-stdin",
        "--database", database, stdin=f"{PASSWORD}\n",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@dataclass
class Served:
    """A server that runs."""

    url: str
    host: str
    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and give the exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)

    def said(self) -> str:
        return self.log.read_text()


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


def _hears_control_c() -> None:
    """Undo that shells have what runs in the background ignore SIGINT: the server would keep to that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextlib.contextmanager
def served(database: str, folder: Path, *arguments: str, **environment: Any) -> Iterator[Served]:
    """Run `keeptabs serve` on a free port until the end of the block."""
    reading, writing = os.pipe()
    log = folder / f"log-{os.urandom(4).hex()}"
    command = [sys.executable, "-m", "tui", "serve", "--database", database, "--port", "0"]
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [*command, "--ready-fd", str(writing), *arguments],
            stderr=stderr,
            pass_fds=[writing, *environment.pop("pass_fds", ())],
            env={**os.environ, **CHEAP, **environment},
            preexec_fn=_hears_control_c,
        )
    os.close(writing)
    try:
        with os.fdopen(reading) as ready:
            line = ready.readline()
        assert line, log.read_text()
        told = json.loads(line)
        assert told["pid"] == process.pid
        yield Served(told["url"], told["host"], told["port"], process, log)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)

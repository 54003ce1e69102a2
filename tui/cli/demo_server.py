"""The database and the server of the demo: shared by all demos of one person, gone with the last one."""

import errno
import hashlib
import json
import os
import secrets
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self, cast
from urllib.parse import urlsplit

from client.session.private_files import PrivateFolder
from client.session.store import SessionStore

_ALIVE: Final = "alive"
_RUNNING: Final = "server.json"
_PASSWORD: Final = "password"  # noqa: S105 - the name of a file
_START_SECONDS: Final = 60.0
_ENDING_SECONDS: Final = 0.25  # longer than a server takes from its last user's end to closing its socket


class DemoRefused(Exception):
    """Why there is no demo, as a sentence for a person."""


class Running:
    """A running server, kept so by a pipe that ends with this process, however that ends."""

    def __init__(self, url: str, pipe: int) -> None:
        self.url = url
        self._pipe = pipe

    def wait(self) -> None:
        """Wait until the server is gone."""
        poll = select.poll()
        poll.register(self._pipe, select.POLLERR)
        while not poll.poll():
            pass

    def close(self) -> None:
        """Use the server no longer; it ends where nobody else does."""
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Demo:
    """The sample business of one size, or in one database, and whoever is signed in to it."""

    def __init__(self, count: int, database: str | None = None, root: Path | None = None) -> None:
        own = str(count) if database is None else hashlib.sha256(database.encode()).hexdigest()[:12]
        self._count = count
        self._folder = PrivateFolder((root or _data_folder()) / "demo" / own)
        self._given = database
        self.file: Final = self._folder.path / "riverside.sqlite"
        self.mail: Final = self._folder.path / "mail"
        """Where what would have been sent is kept."""
        self._chosen: str | None = None

    @property
    def password(self) -> str:
        """The password of every account, made up for this person."""
        kept = self._folder.read(_PASSWORD)
        if kept is None:
            kept = secrets.token_urlsafe(12).encode()
            self._folder.write(_PASSWORD, kept)
        return kept.decode()

    def prepare(self, *, fresh: bool, tell: Callable[[str], None]) -> None:
        """Make the database where there is none yet. Raises DemoRefused."""
        with self._folder.locked("prepare", seconds=600):
            if self._given is not None:
                if fresh:
                    raise DemoRefused("--fresh cannot empty a database of yours. Name an empty one.")
                self._fill(self._given, tell)
                return
            if fresh and self.file.exists():
                self._clear()
            if not self.file.exists():
                # Under another name until it is whole: a half-made one is never used.
                unfinished = self._folder.path / "unfinished.sqlite"
                _remove_database(unfinished)
                self._fill(str(unfinished), tell)
                unfinished.rename(self.file)

    def running(self) -> Running:
        """Give the running server of another demo, or start one. Raises DemoRefused."""
        with self._folder.locked("server", seconds=2 * _START_SECONDS):
            return self._found() or self._started()

    def sign_in(self, url: str, login: str) -> None:
        """Sign in where the session of last time is gone. Raises CustomerApiError."""
        import asyncio

        store = SessionStore.of_this_user(os.environ)
        self._chosen = store.current()
        asyncio.run(_signed_in(store, url, login, self.password))

    def forget_choice(self) -> None:
        """Make the session that was current before the demo current again."""
        if self._chosen is not None:
            SessionStore.of_this_user(os.environ).choose(self._chosen)

    def _fill(self, database: str, tell: Callable[[str], None]) -> None:
        """Make the business in a process of its own, which takes the memory of it along when it ends."""
        command = [sys.executable, "-P", "-X", "utf8", "-m", "server.sample"]
        command += [database, str(self._count)]
        log = self._folder.path / "business.log"
        self._folder.write(log.name, b"")
        with log.open("ab") as errors:
            filling = subprocess.Popen(  # noqa: S603 - our own program
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8"
            )
            with filling:
                # One that ended before it asked has said why.
                with suppress(BrokenPipeError), cast("IO[str]", filling.stdin) as asked:
                    asked.write(self.password)
                for sentence in cast("IO[str]", filling.stdout):
                    tell(sentence.rstrip())
        if filling.returncode:
            raise DemoRefused(_last_line(log))

    def _clear(self) -> None:
        found = self._found()
        if found is not None:
            found.close()
            raise DemoRefused("A demo is running. Leave it first, then make the business anew.")
        _remove_database(self.file)
        for letter in self.mail.glob("*.eml"):
            letter.unlink()

    def _found(self) -> Running | None:
        """Give the server that another demo started, None where there is none."""
        told = self._folder.read(_RUNNING)
        if told is None:
            return None
        url = json.loads(told)["url"]
        try:
            pipe = os.open(self._folder.path / _ALIVE, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            if error.errno in (errno.ENXIO, errno.ENOENT):
                return None
            raise
        # Whoever left last a moment ago may have ended it already.
        time.sleep(_ENDING_SECONDS)
        try:
            address = urlsplit(url)
            socket.create_connection((address.hostname, address.port), 2).close()
        except OSError:
            os.close(pipe)
            return None
        return Running(url, pipe)

    def _started(self) -> Running:
        pipe_name = self._folder.path / _ALIVE
        with suppress(FileExistsError):
            os.mkfifo(pipe_name, 0o600)
        reading = os.open(pipe_name, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        writing = os.open(pipe_name, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            with self._listener() as listener:
                url = self._spawned(listener, reading)
        except BaseException:
            os.close(writing)
            raise
        finally:
            os.close(reading)
        self._folder.write(_RUNNING, json.dumps({"url": url}).encode())
        return Running(url, writing)

    def _listener(self) -> socket.socket:
        """Bind the port of last time where it is free, so that sessions and drafts find it again."""
        told = self._folder.read(_RUNNING)
        wanted = urlsplit(json.loads(told)["url"]).port if told else 0
        for port in (wanted, 0):
            listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                listener.close()
                continue
            return listener
        raise DemoRefused("This machine has no free port on 127.0.0.1.")

    def _spawned(self, listener: socket.socket, alive: int) -> str:
        """Start the server and wait until it answers; give its address."""
        ready, told = os.pipe()
        command = [sys.executable, "-P", "-m", "tui", "serve", "--no-access-log", "--demo-payments"]
        command += ["--database", self._given or str(self.file), "--socket-fd", str(listener.fileno())]
        command += ["--ready-fd", str(told), "--stop-on-eof", str(alive)]
        # No e-mail leaves this machine, whatever is done in the demo.
        command += ["--mail-folder", str(self.mail), "--mail-from", "office@riverside.example.com"]
        self._folder.write("server.log", b"")
        with (self._folder.path / "server.log").open("ab") as log, os.fdopen(ready) as answer:
            server = subprocess.Popen(  # noqa: S603 - our own program
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(listener.fileno(), told, alive),
                env={name: value for name, value in os.environ.items() if not name.startswith("KEEPTABS_")},
                start_new_session=True,
            )
            os.close(told)
            if not select.select([answer], [], [], _START_SECONDS)[0]:
                server.kill()
                raise DemoRefused(f"The server did not start within {_START_SECONDS:.0f} seconds.")
            line = answer.readline()
        if not line:
            raise DemoRefused(f"The server did not start: {_last_line(self._folder.path / 'server.log')}")
        return str(json.loads(line)["url"])


async def _signed_in(store: SessionStore, url: str, login: str, password: str) -> None:
    from dataclasses import replace

    from client import errors
    from client.auth import grants
    from client.auth.sign_in import open_api, sign_in
    from client.transport import LinkSettings, Transport

    settings = LinkSettings(server=url)
    cached = store.find(url, login)
    session = store.load(cached.name) if cached is not None and cached.signed_in else None
    if session is not None:
        async with open_api(store, session, settings) as api:
            with suppress(errors.SignedOut):
                await api.me()
                return
    async with Transport(settings) as transport:
        session = await sign_in(transport, store, login, grants.password(login, password))
        store.save(replace(session, demo="yes"))


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("keeptabs", appauthor=False)


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _remove_database(file: Path) -> None:
    for part in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        part.unlink(missing_ok=True)

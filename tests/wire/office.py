"""An office: the real server as a process of its own, someone signed in, terminals to open."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx

from client.auth import grants
from client.auth.sign_in import sign_in
from client.session.store import SessionStore
from client.transport import LinkSettings, Transport
from server.accounts import set_password_of
from server.auth.passwords import Passwords
from server.config import ServerSettings
from server.opening import open_database
from server.sample.load import load
from tests.wire.pty_terminal import PtyTerminal, terminal_environment

PROJECT = Path(__file__).parents[2]
LOGIN = "joe"
PASSWORD = "a few words in a row"
_CHEAP: dict[str, Any] = {"password_memory_kib": 32, "password_passes": 1, "password_lanes": 1}


@dataclass
class Office:
    """A server that answers at `url`, and a machine at which someone may be signed in."""

    folder: Path
    database: str
    url: str = ""
    server: "subprocess.Popen[bytes] | None" = None
    closing: ExitStack = field(default_factory=ExitStack)
    server_environment: Mapping[str, str] = field(default_factory=dict)
    """What the server sees beside its usual environment."""
    _token: str = ""
    _alive: int = -1
    """Open for as long as the server shall live: it ends with this process, however that ends."""

    @property
    def environment(self) -> dict[str, str]:
        """What a process on that machine sees: folders of its own."""
        homes = {
            name: str(self.folder / name.lower())
            for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
        }
        return terminal_environment(KEEPTABS_KEYRING="no", **homes)

    def start_server(self, port: int = 0) -> None:
        """Start the server and wait until it answers."""
        reading, writing = os.pipe()
        living, self._alive = os.pipe()
        settings = {f"KEEPTABS_SERVER_{name.upper()}": str(value) for name, value in _CHEAP.items()}
        words = ["serve", "--database", self.database, "--port", str(port), "--no-access-log"]
        words += ["--ready-fd", str(writing), "--stop-on-eof", str(living)]
        self.server = subprocess.Popen(
            [sys.executable, "-m", "tui", *words],
            cwd=PROJECT,
            env={**self.environment, **settings, **self.server_environment},
            pass_fds=[writing, living],
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "server.log").open("ab"),
        )
        os.close(writing)
        os.close(living)
        with os.fdopen(reading) as told:
            line = told.readline()
        if not line:
            raise AssertionError((self.folder / "server.log").read_text())
        self.url = json.loads(line)["url"]

    def kill_server(self) -> None:
        """Take the server away at once, as a power cut does."""
        assert self.server is not None
        self.server.kill()
        self.server.wait()
        if self._alive >= 0:
            os.close(self._alive)
            self._alive = -1

    def sign_in(self, server: str = "", login: str = LOGIN) -> None:
        """Leave a cached session on the machine, as `keeptabs login` does."""

        async def signing_in() -> None:
            store = SessionStore(self.folder / "xdg_state_home" / "keeptabs")
            async with Transport(LinkSettings(server=server or self.url)) as transport:
                await sign_in(transport, store, login, grants.password(login, PASSWORD))

        asyncio.run(signing_in())

    def open(
        self, *arguments: str, columns: int = 80, rows: int = 24, environment: Mapping[str, str] | None = None
    ) -> PtyTerminal:
        """Open the application on a new terminal."""
        terminal = PtyTerminal(
            [sys.executable, "-m", "tui", *arguments],
            columns=columns,
            rows=rows,
            environment={**self.environment, **(environment or {})},
            directory=PROJECT,
        )
        return self.closing.enter_context(terminal)

    @contextmanager
    def colleague(self) -> Iterator[httpx.Client]:
        """Give a client of another machine's, signed in: what the server says without the application."""
        with httpx.Client(base_url=self.url, timeout=30) as client:
            if not self._token:
                form = {"grant_type": "password", "username": LOGIN, "password": PASSWORD}
                answer = client.post("/v1/oauth/token", data=form).raise_for_status()
                self._token = answer.json()["access_token"]
            client.headers["Authorization"] = f"Bearer {self._token}"
            yield client

    def find(self, text: str) -> dict[str, Any]:
        """Give the first customer that a search finds, as the server has it now."""
        with self.colleague() as client:
            found = client.get("/v1/customers", params={"q": text}).raise_for_status().json()
            customer = client.get(f"/v1/customers/{found['items'][0]['id']}")
            return dict(customer.raise_for_status().json())

    def rename(self, customer_id: str, name: str) -> None:
        """Give a customer another name, as a colleague would."""
        patch = {"display_name": name, "given_name": name, "family_name": None}
        headers = {"Content-Type": "application/merge-patch+json", "If-Match": "*"}
        with self.colleague() as client:
            client.patch(f"/v1/customers/{customer_id}", json=patch, headers=headers).raise_for_status()

    def new_customer(self, **members: Any) -> dict[str, Any]:
        """Make a customer, as a colleague would."""
        with self.colleague() as client:
            return dict(client.post("/v1/customers", json=members).raise_for_status().json())


@contextmanager
def office(
    folder: Path, database: str, server_environment: Mapping[str, str] | None = None
) -> Iterator[Office]:
    """Give an office with its server running on `database` and someone signed in; nothing is left behind."""
    one = Office(folder, database, server_environment=server_environment or {})
    with one.closing:
        one.start_server()
        try:
            one.sign_in()
            yield one
        finally:
            one.kill_server()


def sample_database(path: Path, customers: int) -> str:
    """Make a SQLite database with the sample business, where `joe` has a password, and give its path."""
    database = open_database(str(path))
    hashed = Passwords(ServerSettings(**_CHEAP)).hash_now(PASSWORD)
    database.write_now(lambda connection: load(connection, customers, date(2026, 11, 1)))
    database.write_now(lambda connection: set_password_of(connection, LOGIN, hashed, datetime.now(UTC)))
    database.close()
    return str(path)

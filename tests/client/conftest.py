"""A real server on a real socket for the client to talk to."""

import os
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection

from client.api import CustomerApi
from client.auth import grants
from client.auth.sign_in import open_api, sign_in
from client.session import Session, SessionStore
from client.transport import LinkSettings, Transport
from server.accounts import add
from server.config import ServerSettings
from server.serve import Ready, serve
from server.store.database import Database
from tests.fixtures import Template

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Desk:
    """A running server with an account for each role, named after it, all with PASSWORD."""

    url: str

    async def signed_in(self, store: SessionStore, login: str = "staff") -> Session:
        async with Transport(LinkSettings(server=self.url)) as transport:
            return await sign_in(transport, store, login, grants.password(login, PASSWORD))

    async def api(self, store: SessionStore, login: str = "staff", url: str = "") -> CustomerApi:
        session = await self.signed_in(store, login)
        return open_api(store, session, LinkSettings(server=url or self.url))


@contextmanager
def running_desk(database: str, **settings: Any) -> Iterator[Desk]:
    """Run a server in a thread."""
    opened = Database(database)
    opened.write_now(_add_accounts)
    opened.close()
    cheap: dict[str, Any] = {"password_passes": 1, "password_memory_kib": 64, "requests_per_minute": 0}
    configured = ServerSettings(database=database, port=0, **(cheap | settings))
    ready: list[Ready] = []
    up = threading.Event()
    reading, writing = os.pipe()

    def tell(told: Ready) -> None:
        ready.append(told)
        up.set()

    thread = threading.Thread(
        target=serve, args=(configured,), kwargs={"ready": tell, "stop_on_eof": reading}
    )
    thread.start()
    try:
        assert up.wait(30)
        yield Desk(ready[0].url)
    finally:
        os.close(writing)
        thread.join(30)
        os.close(reading)


def _add_accounts(connection: Connection) -> None:
    hashed = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    for role in ("viewer", "staff", "admin"):
        add(connection, {"login": role, "name": role.title(), "role": role}, hashed, datetime.now(UTC))


@pytest.fixture(scope="session")
def desk(sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give a server that all tests of the client share."""
    with running_desk(sqlite_template.copy(tmp_path_factory.mktemp("desk"))) as running:
        yield running


@pytest.fixture
def hasty_desk(sqlite_template: Template, tmp_path: Path) -> Iterator[Desk]:
    """Give a server of this test alone, whose access tokens last a second."""
    with running_desk(sqlite_template.copy(tmp_path), access_token_seconds=1) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> SessionStore:
    """Give an empty place for sessions."""
    return SessionStore(tmp_path / "state")


@pytest.fixture
async def api(desk: Desk, store: SessionStore) -> AsyncIterator[CustomerApi]:
    """Give the API as a signed-in member of staff."""
    async with await desk.api(store) as opened:
        yield opened

"""The client signed in to a real server on a real socket."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from client.api import CustomerApi
from client.auth import grants
from client.auth.sign_in import open_api, sign_in
from client.session import Session, SessionStore
from client.transport import LinkSettings, Transport
from tests.desk import PASSWORD
from tests.fixtures import Template
from tests.live import LiveServer, live


@dataclass(frozen=True)
class Desk:
    """Where a server is, and the ways in; sign-in names are the roles."""

    url: str

    @property
    def port(self) -> int:
        """The port on this machine."""
        return int(self.url.rpartition(":")[2])

    async def signed_in(self, store: SessionStore, login: str = "staff") -> Session:
        """Give a session, kept in `store`."""
        async with Transport(LinkSettings(server=self.url)) as transport:
            return await sign_in(transport, store, login, grants.password(login, PASSWORD))

    async def api(self, store: SessionStore, login: str = "staff") -> CustomerApi:
        """Give the API as a person."""
        return open_api(store, await self.signed_in(store, login), LinkSettings(server=self.url))


@pytest.fixture
def desk(live_server: LiveServer) -> Desk:
    """Give the server that all tests share."""
    return Desk(live_server.url)


@pytest.fixture
def hasty_desk(sqlite_template: Template, tmp_path: Path) -> Iterator[Desk]:
    """Give a server of this test alone, whose access tokens last a second."""
    with live(sqlite_template.copy(tmp_path), access_token_seconds=1) as server:
        yield Desk(server.url)


@pytest.fixture
def patient_desk(sqlite_template: Template, tmp_path: Path) -> Iterator[Desk]:
    """Give a server of this test alone that waiting terminals may ask every second."""
    with live(sqlite_template.copy(tmp_path), device_poll_seconds=1) as server:
        yield Desk(server.url)


@pytest.fixture
def store(tmp_path: Path) -> SessionStore:
    """Give an empty place for sessions."""
    return SessionStore(tmp_path / "state")


@pytest.fixture
async def api(desk: Desk, store: SessionStore) -> AsyncIterator[CustomerApi]:
    """Give the API as a signed-in member of staff."""
    async with await desk.api(store) as opened:
        yield opened

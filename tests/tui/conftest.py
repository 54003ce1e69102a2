"""What tests of screens start from."""

from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

import tui.services.link_back
from server.store.database import Database
from tests.desk import open_desk
from tests.links import Link, link_to
from tests.live import LiveServer
from tests.tui.office import CUSTOMERS, Office

OpenOffice = Callable[..., Coroutine[Any, Any, Office]]


@pytest.fixture
async def open_office(sqlite_database: Database, tmp_path: Path) -> OpenOffice:
    """Give a maker of offices: `office = await open_office("viewer", customers=…)`."""
    server = open_desk(sqlite_database)

    async def make(role: str = "staff", customers: Any = CUSTOMERS) -> Office:
        office = Office(server, tmp_path / "state", role)
        await office.fill(customers)
        return office

    return make


@pytest.fixture
async def link(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Link]:
    """Give a link to the server that can be taken away, and is soon found to be back."""
    monkeypatch.setattr(tui.services.link_back, "_FIRST_PAUSE", 0.1)
    async with link_to(live_server) as link:
        yield link

"""What tests of screens start from."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from server.store.database import Database
from tests.desk import open_desk
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

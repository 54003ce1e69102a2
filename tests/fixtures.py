"""Databases and servers that tests of every part use: real ones."""

import itertools
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
import psycopg
import pytest
from psycopg import sql

from server.store.database import Database
from server.store.migrations import upgrade
from tests.desk import Desk, open_desk
from tests.live import LiveServer, live
from tests.postgresql import cluster

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Give the URL of a private PostgreSQL cluster's database `postgres`, which stays empty."""
    with cluster() as url:
        yield url


@dataclass(frozen=True)
class Template:
    """An empty migrated database that each test gets a copy of."""

    kind: Literal["sqlite", "postgresql"]
    source: str  # a file, or the URL of the cluster that holds the database `template`

    def copy(self, folder: Path) -> str:
        """Make a copy and give its URL."""
        name = f"test_{next(_numbers)}"
        if self.kind == "sqlite":
            path = folder / f"{name}.sqlite"
            shutil.copyfile(self.source, path)
            return f"sqlite:///{path}"
        with psycopg.connect(self.source, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template").format(sql.Identifier(name)))
        return self.source.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Give an empty migrated SQLite database to copy."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    _migrate(f"sqlite:///{path}")
    return Template("sqlite", str(path))


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Template:
    """Give an empty migrated PostgreSQL database to copy."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE template")
    _migrate(postgres_url.replace("/postgres?", "/template?"))
    return Template("postgresql", postgres_url)


def _migrate(url: str) -> None:
    database = Database(url)
    upgrade(database)
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give an empty migrated database of each kind in turn, this test's own."""
    kind = "sqlite_template" if request.param == "sqlite" else "postgres_template"
    template: Template = request.getfixturevalue(kind)
    yield from _opened(template.copy(tmp_path))


@pytest.fixture
def sqlite_database(sqlite_template: Template, tmp_path: Path) -> Iterator[Database]:
    """Give an empty migrated SQLite database, this test's own, where the kind makes no difference."""
    yield from _opened(sqlite_template.copy(tmp_path))


@pytest.fixture
def postgres_database(postgres_template: Template, tmp_path: Path) -> Iterator[Database]:
    """Give an empty migrated PostgreSQL database, this test's own."""
    yield from _opened(postgres_template.copy(tmp_path))


def _opened(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture
def desk(database: Database) -> Desk:
    """Give an application in this process, on each kind of database, with an account for each role."""
    return open_desk(database)


@pytest.fixture
async def api(desk: Desk) -> AsyncIterator[Callable[..., Awaitable[httpx.AsyncClient]]]:
    """Give a maker of clients that are signed in: `client = await api("staff")`."""
    async with AsyncExitStack() as stack:

        async def make(role: str | None = "staff") -> httpx.AsyncClient:
            return await stack.enter_async_context(desk.client(role))

        yield make


@pytest.fixture(scope="session")
def live_server(sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Give a real server on loopback with sixty sample customers, shared by all tests of a run.

    A test that changes something makes its own customer first.
    """
    with live(sqlite_template.copy(tmp_path_factory.mktemp("live")), customers=60) as server:
        yield server


@pytest.fixture
def own_server(sqlite_template: Template, tmp_path: Path) -> Iterator[LiveServer]:
    """Give a real server on loopback with no customers, this test's own."""
    with live(sqlite_template.copy(tmp_path)) as server:
        yield server

"""The database: short reads, and one writer that commits in groups.

Work is a plain function of an open connection. `read` runs it on one snapshot; `write` runs it in a
transaction that is on disk before the caller goes on, or undone where it raises.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol, TypeVar

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from server.store.driver import sqlite_driver
from server.store.writer import GroupWriter

T = TypeVar("T")

_OPTIONS: Final = " ".join(
    f"-c {setting}"
    for setting in (
        "jit=off",  # starting it costs more than a whole read of ours takes, and so do parallel workers
        "max_parallel_workers_per_gather=0",
        "plan_cache_mode=force_generic_plan",  # planning a search anew would take longer than the search
        "enable_seqscan=off",  # the planner does not know what it costs to read arrays of tokens
    )
)
_ATTEMPTS: Final = 4
_RETRIED: Final = {"40001", "40P01"}
"""PostgreSQL's serialization failure and deadlock: the same work may well pass the next time."""


class Database:
    """One database, SQLite or PostgreSQL, by its SQLAlchemy URL or the path of a SQLite file."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url if "://" in url else f"sqlite:///{url}")
        if parsed.get_backend_name() == "postgresql":
            given = parsed.query.get("options", "")
            options = " ".join([_OPTIONS, *([given] if isinstance(given, str) else given)]).strip()
            parsed = parsed.set(drivername="postgresql+psycopg").update_query_dict({"options": options})
        # What people look for and whom they change stays out of error messages, and so out of the log.
        self.engine: Engine = create_engine(
            parsed,
            poolclass=QueuePool,
            pool_size=12,
            max_overflow=4,
            hide_parameters=True,
            json_serializer=lambda value: to_json(value).decode(),
            json_deserializer=from_json,
        )
        self.dialect = self.engine.dialect.name
        self.committed: Callable[[], None] = lambda: None
        """Called after each commit of `write`, in the loop that waited for it."""
        self._access: _Access = _Sqlite(self.engine) if self.dialect == "sqlite" else _Postgresql(self.engine)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a snapshot; it must not write."""
        return await self._access.read(work)

    async def read_apart(self, work: Callable[[Connection], T]) -> T:
        """Do the same in a thread of its own, for what takes its time: nobody waits for it."""
        return await self._access.read_apart(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction; when this returns, it is on disk.

        `work` may be run again from its start where the moment was wrong: it changes nothing else.
        """
        result = await self._access.write(work)
        self.committed()
        return result

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """Read at once, in this thread: for commands that run without a loop."""
        return self._access.read_now(work)

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """Write at once, in this thread: for commands that run without a loop."""
        with self.engine.begin() as connection:
            return work(connection)

    def close(self) -> None:
        """Wait for what is being written and let every connection go."""
        self._access.close()
        self.engine.dispose()


class _Access(Protocol):
    """How one kind of database is read and written."""

    async def read(self, work: Callable[[Connection], T]) -> T: ...

    async def read_apart(self, work: Callable[[Connection], T]) -> T: ...

    async def write(self, work: Callable[[Connection], T]) -> T: ...

    def read_now(self, work: Callable[[Connection], T]) -> T: ...

    def close(self) -> None: ...


class _Sqlite:
    """Reads run where they are asked for, on a connection per thread; one thread writes.

    A read of SQLite takes less time than handing it to another thread.
    """

    def __init__(self, engine: Engine) -> None:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        self._engine = engine
        self._own = threading.local()
        self._readers: list[Connection] = []
        self._apart = ThreadPoolExecutor(2, "apart")
        self._writer: GroupWriter | None = None
        self._lock = threading.Lock()

    async def read(self, work: Callable[[Connection], T]) -> T:
        return self.read_now(work)

    async def read_apart(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._apart, self.read_now, work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        with self._lock:
            if self._writer is None:
                self._writer = GroupWriter(self._engine)
        return await asyncio.wrap_future(self._writer.submit(work))

    def read_now(self, work: Callable[[Connection], T]) -> T:
        connection: Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = self._open_reader()
        driver = sqlite_driver(connection)
        driver.execute("BEGIN")
        try:
            return work(connection)
        finally:
            driver.execute("ROLLBACK")

    def close(self) -> None:
        self._apart.shutdown()
        if self._writer is not None:
            self._writer.close()
        for connection in self._readers:
            connection.close()

    def _open_reader(self) -> Connection:
        # AUTOCOMMIT tells SQLAlchemy to leave transactions to `read_now`.
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        driver = sqlite_driver(connection)
        driver.execute("PRAGMA query_only=ON")
        with self._lock:
            self._readers.append(connection)
        return connection


class _Postgresql:
    """A few threads read, a few write, each on a connection and in a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._snapshots = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._readers = ThreadPoolExecutor(4, "reader")
        self._writers = ThreadPoolExecutor(8, "writer")

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    async def read_apart(self, work: Callable[[Connection], T]) -> T:
        return await self.read(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writers, self._write, work)

    def read_now(self, work: Callable[[Connection], T]) -> T:
        return _persistently(self._snapshots, work)

    def _write(self, work: Callable[[Connection], T]) -> T:
        return _persistently(self._engine, work)

    def close(self) -> None:
        self._readers.shutdown()
        self._writers.shutdown()


def _persistently(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run `work` in a transaction; again where the database says that only the moment was wrong."""
    for attempt in range(1, _ATTEMPTS + 1):
        committing = False
        try:
            with engine.connect() as connection, connection.begin() as transaction:
                result = work(connection)
                committing = True
                transaction.commit()
                return result
        except (DBAPIError, engine.dialect.loaded_dbapi.Error) as error:
            # A commit whose answer was lost may have happened: it is not tried again.
            lost = isinstance(error, DBAPIError) and error.connection_invalidated
            again = _state(error) in _RETRIED or (lost and not committing)
            if not again or attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _state(error: Exception) -> str:
    """Give the SQLSTATE; statements on the driver's own connection raise what the driver raises."""
    return getattr(getattr(error, "orig", error), "sqlstate", None) or ""


def _begin_immediate(connection: Connection) -> None:
    driver = sqlite_driver(connection)
    # A reader has begun for itself; a writer that took its lock only half-way could fail.
    if not driver.in_transaction:
        driver.execute("BEGIN IMMEDIATE")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun here, not guessed by the driver
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=10000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()

"""The database: short reads, and one writer that commits in groups.

Work is a plain function of an open connection. `read` runs it without a transaction of its own to keep;
`write` runs it in a transaction that is committed before the caller goes on, or rolled back where it raises.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import QueuePool

T = TypeVar("T")


class Database:
    """One database, SQLite or PostgreSQL, by its SQLAlchemy URL (`sqlite:///file`, `postgresql://…`)."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.engine: Engine = create_engine(parsed, poolclass=QueuePool, pool_size=8)
        self.dialect = self.engine.dialect.name
        if self.dialect == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
        self._writers = ThreadPoolExecutor(1 if self.dialect == "sqlite" else 4, "writer")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a connection that only reads."""
        with self.engine.connect() as connection:
            return work(connection)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction; when this returns, it is on disk."""
        return await asyncio.get_running_loop().run_in_executor(self._writers, self.write_now, work)

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """Do the same at once, in this thread: for commands that run without a loop."""
        with self.engine.begin() as connection:
            return work(connection)

    def close(self) -> None:
        """Wait for the writer and let every connection go."""
        self._writers.shutdown()
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()

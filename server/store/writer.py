"""One thread that writes to SQLite: what is queued while a commit runs shares the next one."""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine

from server.store.driver import sqlite_driver

T = TypeVar("T")

_MOST_ITEMS: Final = 128
_MOST_SECONDS: Final = 0.05
"""A group closes after so many pieces of work or so long a time, so that nobody waits for a stranger."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A piece of work and the place for its outcome."""

    work: Callable[[Connection], Any]
    outcome: Future[Any] = field(default_factory=Future)


class GroupWriter:
    """Runs pieces of work one after the other in one thread, several to a commit.

    Each piece has a savepoint: one that raises is undone alone. An outcome is told only after the
    commit, so what was told is on disk.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Queue a piece of work; its future is done when it is on disk or undone."""
        item = _Item(work)
        self._queue.put(item)
        return item.outcome

    def close(self) -> None:
        """Write what is queued, then stop."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        with self._engine.connect() as connection:
            while (item := self._queue.get()) is not None:
                if not self._write_group(connection, item):
                    return

    def _write_group(self, connection: Connection, first: _Item) -> bool:
        """Write the first item and what waits behind it; False when the end of the queue was met."""
        done: list[tuple[_Item, Any]] = []
        ended = False
        closes_at = time.monotonic() + _MOST_SECONDS
        try:
            with connection.begin():
                item: _Item | None = first
                while item is not None:
                    if item.outcome.set_running_or_notify_cancel():
                        done.append((item, None))
                        done[-1] = (item, _attempt(connection, item.work))
                    if len(done) >= _MOST_ITEMS or time.monotonic() > closes_at:
                        break
                    try:
                        item = self._queue.get_nowait()
                    except queue.Empty:
                        break
                    ended = item is None
        except Exception as error:  # noqa: BLE001 - whatever stopped the group is told to everyone in it
            if not done:
                first.outcome.set_exception(error)
            for item, _ in done:
                item.outcome.set_exception(error)
            return not ended
        for item, outcome in done:
            if isinstance(outcome, _Failed):
                item.outcome.set_exception(outcome.error)
            else:
                item.outcome.set_result(outcome)
        return not ended


@dataclass(frozen=True, slots=True)
class _Failed:
    """Work that raised, and was undone."""

    error: Exception


def _attempt(connection: Connection, work: Callable[[Connection], Any]) -> Any:
    driver = sqlite_driver(connection)
    driver.execute("SAVEPOINT item")
    try:
        result = work(connection)
    except Exception as error:  # noqa: BLE001 - told to the one who asked
        driver.execute("ROLLBACK TO item")
        driver.execute("RELEASE item")
        return _Failed(error)
    driver.execute("RELEASE item")
    return result

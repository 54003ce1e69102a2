"""One thread that writes to SQLite: what is queued while a commit runs shares the next one."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
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

    One that raises is undone alone. An outcome is told only after the commit, so what was told is on
    disk. A piece may run twice, so it changes nothing but the database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._ended = False
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
            while not self._ended and (first := self._queue.get()) is not None:
                self._write_group(connection, first)

    def _write_group(self, connection: Connection, first: _Item) -> None:
        """Write the first item and what waits behind it, then tell everyone."""
        items: list[_Item] = []
        outcomes: list[Any] = []
        try:
            try:
                with connection.begin():
                    for item in self._group(first):
                        items.append(item)
                        outcomes.append(_attempt(connection, item.work))
            except _Spoiled:
                with connection.begin():
                    outcomes = [_attempt_apart(connection, item.work) for item in items]
        except Exception as error:  # noqa: BLE001 - whatever stopped the group is told to everyone in it
            items = items or [first]
            outcomes = [_Failed(error)] * len(items)
            if sqlite_driver(connection).in_transaction:
                # SQLite keeps a transaction open whose commit failed: the next group would inherit it.
                sqlite_driver(connection).execute("ROLLBACK")
        for item, outcome in zip(items, outcomes, strict=True):
            if isinstance(outcome, _Failed):
                item.outcome.set_exception(outcome.error)
            else:
                item.outcome.set_result(outcome)

    def _group(self, first: _Item) -> Iterator[_Item]:
        """Give the first item and those that wait behind it, until the group is large or old enough."""
        closes_at = time.monotonic() + _MOST_SECONDS
        item: _Item | None = first
        for _ in range(_MOST_ITEMS):
            if item is None:
                self._ended = True
                return
            if item.outcome.set_running_or_notify_cancel():
                yield item
            if time.monotonic() > closes_at:
                return
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return


@dataclass(frozen=True, slots=True)
class _Failed:
    """Work that raised, and left nothing behind."""

    error: Exception


class _Spoiled(Exception):
    """Work that raised after it had written, so that its transaction must be undone."""


def _attempt(connection: Connection, work: Callable[[Connection], Any]) -> Any:
    """Run a piece of work among others. Raises `_Spoiled`.

    Without a savepoint, at which the full-text index would write out what it gathers for the commit. Most
    refusals come before anything is written, so the group is rarely spoiled.
    """
    driver = sqlite_driver(connection)
    before = driver.total_changes
    try:
        return work(connection)
    except Exception as error:
        # A full disk ends the transaction, and with it what others in the group wrote.
        if driver.total_changes != before or not driver.in_transaction:
            raise _Spoiled from error
        return _Failed(error)


def _attempt_apart(connection: Connection, work: Callable[[Connection], Any]) -> Any:
    """Run a piece of work so that it can be undone alone."""
    driver = sqlite_driver(connection)
    driver.execute("SAVEPOINT item")
    try:
        result = work(connection)
    except Exception as error:
        if not driver.in_transaction:
            raise  # the disk is full: the whole group is undone already
        driver.execute("ROLLBACK TO item")
        driver.execute("RELEASE item")
        return _Failed(error)
    driver.execute("RELEASE item")
    return result

"""A real server on a real socket, in a thread of the test process."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from queue import Queue
from typing import Any

import httpx

from server.config import ServerSettings
from server.sample.load import load
from server.serve import Ready, serve
from server.store.database import Database
from tests.desk import PASSWORD, SETTINGS, people

_TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class LiveServer:
    """Where a server listens, and how to get in: sign-in names are the roles, all with one password."""

    url: str
    tokens: dict[str, str]
    """An access token for each role, good for as long as a test run."""
    database_url: str
    password: str = PASSWORD

    def client(self, role: str = "staff") -> httpx.Client:
        """Give a plain client that is signed in."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        return httpx.Client(base_url=self.url, headers=headers, trust_env=False)


@contextmanager
def live(
    database_url: str, *, customers: int = 0, access_token_seconds: int = 24 * 3600, **others: Any
) -> Iterator[LiveServer]:
    """Serve a migrated empty database with an account for each role and some sample customers.

    `others` are further settings of the server.
    """
    own = {"database": database_url, "port": 0, "access_token_seconds": access_token_seconds}
    settings = SETTINGS.model_copy(update=own | others)
    database = Database(database_url)
    try:
        if customers:
            database.write_now(lambda connection: load(connection, customers, _TODAY))
        tokens = database.write_now(lambda connection: people(connection, settings))
    finally:
        database.close()
    with _running(settings) as ready:
        yield LiveServer(ready.url.rstrip("/"), tokens, database_url)


@contextmanager
def _running(settings: ServerSettings) -> Iterator[Ready]:
    told: Queue[Ready | BaseException] = Queue()
    stop_here, stop_there = os.pipe()

    def run() -> None:
        try:
            serve(settings, ready=told.put, stop_on_eof=stop_here)
        except BaseException as error:  # noqa: BLE001 - told to the test
            told.put(error)

    thread = threading.Thread(target=run, name="live server", daemon=True)
    thread.start()
    try:
        ready = told.get(timeout=30)
        if isinstance(ready, BaseException):
            raise ready
        yield ready
    finally:
        os.close(stop_there)
        thread.join(30)
        os.close(stop_here)

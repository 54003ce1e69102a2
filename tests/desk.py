"""A desk to test at: an application with its people, and clients that are signed in as one of them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import httpx
from fastapi import FastAPI
from sqlalchemy import Connection

from client.models import Customer
from server.accounts import add
from server.app import build_app
from server.auth.passwords import Passwords
from server.auth.tokens import Lifetimes, open_session
from server.config import ServerSettings
from server.store.database import Database

PASSWORD: Final = "tall ships at anchor"
"""The password of every account at a test desk."""

PEOPLE: Final[Mapping[str, str]] = {"viewer": "Vera View", "staff": "Stan Staff", "admin": "Ada Admin"}
"""One account for each role, with the role as its sign-in name."""

MERGE_PATCH: Final = {"Content-Type": "application/merge-patch+json"}

SETTINGS: Final = ServerSettings(
    database="",
    business="Test desk",
    country="GB",
    language="en-GB",
    # Cheap on purpose: tests sign in often.
    password_memory_kib=8,
    password_passes=1,
    password_lanes=1,
    requests_per_minute=0,
    sign_in_limits=False,
)


@dataclass(frozen=True)
class Desk:
    """An application, its database, and a token for each role."""

    app: FastAPI
    database: Database
    tokens: Mapping[str, str]

    @asynccontextmanager
    async def client(self, role: str | None = "staff") -> AsyncIterator[httpx.AsyncClient]:
        """Give a client that is signed in with a role, or not at all."""
        headers = {} if role is None else {"Authorization": f"Bearer {self.tokens[role]}"}
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk", headers=headers) as client:
            yield client


def open_desk(database: Database, settings: ServerSettings = SETTINGS) -> Desk:
    """Build the application on an empty migrated database, and add one account for each role."""
    tokens = database.write_now(lambda connection: people(connection, settings))
    return Desk(build_app(settings, database), database, tokens)


def people(connection: Connection, settings: ServerSettings = SETTINGS) -> dict[str, str]:
    """Add one account for each role, all with PASSWORD, and give an access token of each."""
    moment = datetime.now(UTC)
    password_hash = Passwords(settings).hash_now(PASSWORD)
    given: dict[str, str] = {}
    for role, name in PEOPLE.items():
        members = {"login": role, "name": name, "role": role, "email": f"{role}@desk.example"}
        account = add(connection, members, password_hash, moment)
        session = open_session(connection, account.id, role, "test", Lifetimes.of(settings), moment)
        given[role] = session.access_token
    return given


async def make_customer(client: httpx.AsyncClient, **members: Any) -> Customer:
    """Make a customer and give it as the server has it."""
    given = {"given_name": "Joanna", "family_name": "Byrne"} | members
    answer = await client.post("/v1/customers", json=given)
    assert answer.status_code == 201, answer.text
    return Customer.model_validate(answer.json())

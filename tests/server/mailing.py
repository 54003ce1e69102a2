"""A mail server over a real socket that keeps what it gets, and the sender that hands messages to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import httpx
from sqlalchemy import Connection, select, update

from server.mail.sender import MailSender
from server.mail.settings import MailServer, MailSettings
from server.mail.sink import Sink
from server.store.database import Database
from server.store.tables import messages
from tests.desk import make_customer

OFFICE = "office@desk.example"
EMAILS = [{"address": "joanna@example.org"}]


class Post:
    """What arrived, and what the mail server says instead of yes."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.answers: dict[str, list[str]] = {}
        """For a command, the answers to give one after the other."""
        self.asked: list[tuple[str, str]] = []
        self.sink = Sink(self.raw.append, self._verdict)

    def _verdict(self, command: str, about: str) -> str | None:
        self.asked.append((command, about))
        waiting = self.answers.get(command, [])
        return waiting.pop(0) if waiting else None

    @property
    def letters(self) -> list[EmailMessage]:
        """What arrived, read."""
        return [message_from_bytes(raw, policy=default) for raw in self.raw]


@asynccontextmanager
async def post() -> AsyncIterator[Post]:
    """Run a mail server."""
    made = Post()
    await made.sink.start()
    try:
        yield made
    finally:
        await made.sink.stop()


def mail_settings(url: str, **others: Any) -> MailSettings:
    """Give settings that try often."""
    given: dict[str, Any] = {
        "seconds": 5,
        "poll_seconds": 0.02,
        "portal_url": "https://desk.example",
    } | others
    return MailSettings(server=MailServer.of(url), address=OFFICE, business="Test desk", **given)


@asynccontextmanager
async def sending(database: Database, url: str, **others: Any) -> AsyncIterator[MailSender]:
    """Send what is queued while the block runs."""
    trusted = others.pop("trusted", None)
    sender = MailSender(database, mail_settings(url, **others), trusted)
    sender.start()
    try:
        yield sender
    finally:
        await sender.stop()


async def until(holds: Callable[[], Any], seconds: float = 10) -> None:
    """Wait for something to come true."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is waited for happens in the database
            await asyncio.sleep(0.01)


def rows(database: Database) -> list[Any]:
    """Give the queue as it is."""
    return list(database.read_now(lambda c: c.execute(select(messages).order_by(messages.c.id)).all()))


def hurry(database: Database) -> None:
    """Let whatever waits be due now."""

    def work(connection: Connection) -> None:
        waiting = update(messages).where(messages.c.due_at.is_not(None))
        connection.execute(waiting.values(due_at=messages.c.created_at))

    database.write_now(work)


async def write_message(client: httpx.AsyncClient, customer_id: str = "", **members: Any) -> httpx.Response:
    """Ask for a message to a customer, a new one where none is named."""
    if not customer_id:
        customer_id = (await make_customer(client, emails=EMAILS)).id
    given = {"subject": "Your appointment", "body": "Tuesday at ten."} | members
    return await client.post(f"/v1/customers/{customer_id}/messages", json=given)

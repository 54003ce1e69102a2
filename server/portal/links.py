"""Links in confirmation e-mails: good once, for a week, and only for the address that they went to."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from server.auth.tokens import token_hash
from server.mail.letter import Queued, Unwritable
from server.store.database import Database
from server.store.tables import customers, portal_links

GOOD_FOR: Final = timedelta(days=7)
LINK_HERE: Final = "[your personal link]"
"""Stands in the body of a confirmation as it is kept; the link itself is made when it is sent."""


async def completed(database: Database, message: Queued, portal_url: str) -> Queued:
    """Give a message as it goes out, with a link of its own where it needs one. Raises Unwritable."""
    if LINK_HERE not in message.body or message.kind != "confirmation":
        return message
    if not portal_url:
        raise Unwritable("The server does not know its own address, which the link needs: set --public-url.")
    token = await database.write(
        lambda connection: made(connection, message.customer_id, message.to, datetime.now(UTC))
    )
    link = f"{portal_url}/v1/portal/confirm?token={token}"
    return replace(message, body=message.body.replace(LINK_HERE, link))


def made(connection: Connection, customer_id: str, address: str, now: datetime) -> str:
    """Make a link's token: 192 random bits, of which the database keeps the SHA-256 only."""
    connection.execute(delete(portal_links).where(portal_links.c.expires_at <= now))
    token = secrets.token_urlsafe(24)
    values = {"customer_id": customer_id, "address": address, "expires_at": now + GOOD_FOR}
    connection.execute(insert(portal_links).values(hash=token_hash(token), **values))
    return token


def void(connection: Connection, customer_id: str) -> None:
    """End every link of a customer: one was used, or a new one is under way."""
    connection.execute(delete(portal_links).where(portal_links.c.customer_id == customer_id))


def customer_of(connection: Connection, token: str, now: datetime) -> str | None:
    """Give the customer whose link this is; None where it is used, over, or went to somebody else's address.

    A link that went to a mistyped address ends when the address is put right.
    """
    wanted = (
        select(portal_links.c.customer_id, portal_links.c.address, customers.c.emails)
        .join_from(portal_links, customers)
        .where(portal_links.c.hash == token_hash(token), portal_links.c.expires_at > now)
    )
    found = connection.execute(wanted).first()
    if found is None or all(email["address"] != found.address for email in found.emails):
        return None
    return str(found.customer_id)

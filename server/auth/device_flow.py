"""Sign-ins that wait for their person on another device (RFC 8628), in the database.

The terminal holds the device code, 128 random bits; the person reads the user code from its screen. Every
function runs inside one read or write, and neither code is stored: the database holds their SHA-256.
"""

import secrets as randomness
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from server.auth.tokens import (
    Ended,
    Issued,
    Lifetimes,
    open_session,
    reopened,
    revoke_session,
    token_hash,
)
from server.store.tables import device_requests, staff

GRANT_TYPE: Final = "urn:ietf:params:oauth:grant-type:device_code"
LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so that no code is a word, and no digits to take for letters (RFC 8628, section 6.1)."""
_LENGTH: Final = 8
_KEPT: Final = timedelta(hours=1)
"""So long a code that is over is told apart from one that never was."""
_SWEPT: Final = 20

Standing = Literal["unknown", "over", "pending", "refused", "approved"]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks to be signed in, as the person who decides sees it."""

    user_code: str
    client_id: str
    address: str
    began_at: datetime
    ticket: str
    """Lets this person decide, once, about this request; good for as long as the code."""


def typed_code(typed: str) -> str:
    """Give a user code as it is made: people type it in any case, with or without the hyphen."""
    letters = "".join(letter for letter in typed[:64].upper() if letter in LETTERS)
    return f"{letters[:4]}-{letters[4:]}" if len(letters) == _LENGTH else ""


def begin(
    connection: Connection, client_id: str, device: str, address: str, now: datetime, good_for: timedelta
) -> tuple[str, str]:
    """Let a sign-in wait, and give its device code and user code."""
    over = select(device_requests.c.hash).where(device_requests.c.expires_at <= now - _KEPT).limit(_SWEPT)
    swept = device_requests.c.hash.in_(over.with_for_update(skip_locked=True))
    connection.execute(delete(device_requests).where(swept))
    device_code = randomness.token_urlsafe(16)
    user_code = typed_code("".join(randomness.choice(LETTERS) for _ in range(_LENGTH)))
    connection.execute(
        insert(device_requests).values(
            hash=token_hash(device_code),
            user_code_hash=token_hash(user_code),
            client_id=client_id,
            device=device[:200],
            address=address[:64],
            created_at=now,
            expires_at=now + good_for,
        )
    )
    return device_code, user_code


def standing(connection: Connection, device_code: str, client_id: str, now: datetime) -> tuple[Standing, str]:
    """Say how a waiting sign-in stands, and who decides; to another client than its own it is unknown."""
    wanted = select(device_requests).where(
        device_requests.c.hash == token_hash(device_code), device_requests.c.client_id == client_id
    )
    found = connection.execute(wanted).first()
    if found is None:
        return "unknown", ""
    stands: Standing = "pending" if found.approved_at is None else "approved"
    if found.refused_at is not None:
        stands = "refused"
    elif found.expires_at <= now and found.used_at is None:
        stands = "over"
    return stands, found.staff_id or ""


def redeem(
    connection: Connection, device_code: str, device: str, lifetimes: Lifetimes, now: datetime
) -> Issued | Ended:
    """Open the session that was approved; within the grace, give the same tokens again.

    As with refresh tokens, the same code after the grace ends the session: somebody has a copy of it.
    """
    this = device_requests.c.hash == token_hash(device_code)
    found = connection.execute(select(device_requests).where(this).with_for_update()).first()
    if found is None or found.approved_at is None:
        return Ended()
    if found.used_at is None:
        return _opened(connection, found.staff_id, device_code, device, lifetimes, now)
    if now - found.used_at > lifetimes.grace:
        revoke_session(connection, found.session_id, now)
        return Ended(reused=True)
    again = reopened(connection, found.session_id, found.used_at, lifetimes, now, out_of=device_code)
    return again or Ended()


def _opened(
    connection: Connection, staff_id: str, device_code: str, device: str, lifetimes: Lifetimes, now: datetime
) -> Issued | Ended:
    able = (staff.c.id == staff_id) & ~staff.c.disabled
    role = connection.execute(
        update(staff).where(able).values(last_sign_in_at=now).returning(staff.c.role)
    ).scalar()
    if role is None:
        return Ended()
    issued = open_session(connection, staff_id, role, device, lifetimes, now, out_of=device_code)
    used = update(device_requests).where(device_requests.c.hash == token_hash(device_code))
    connection.execute(used.values(used_at=now, session_id=issued.session_id))
    return issued


def withdraw(connection: Connection, device_code: str, now: datetime) -> bool:
    """Forget a sign-in that its terminal no longer waits for, with its session where there is one already."""
    removed = connection.execute(
        delete(device_requests)
        .where(device_requests.c.hash == token_hash(device_code))
        .returning(device_requests.c.session_id)
    ).first()
    if removed is not None and removed.session_id:
        revoke_session(connection, removed.session_id, now)
    return removed is not None


def is_waiting(connection: Connection, device_code: str) -> bool:
    """Say whether this server made this device code."""
    wanted = select(device_requests.c.hash).where(device_requests.c.hash == token_hash(device_code))
    return connection.execute(wanted).first() is not None


def look(
    connection: Connection, user_code: str, staff_id: str, password_hash: str, now: datetime
) -> Asking | None:
    """Show a person who asks, with the ticket to decide; None where the code is not good.

    Nor where `password_hash` is not the person's any more: a new password that came in between counts.
    """
    ticket = randomness.token_urlsafe(16)
    proven = select(staff.c.id).where(
        staff.c.id == staff_id, staff.c.password_hash == password_hash, ~staff.c.disabled
    )
    found = connection.execute(
        update(device_requests)
        .where(device_requests.c.user_code_hash == token_hash(user_code), _open_at(now), proven.exists())
        .values(staff_id=staff_id, ticket_hash=token_hash(ticket))
        .returning(device_requests.c.client_id, device_requests.c.address, device_requests.c.created_at)
    ).first()
    if found is None:
        return None
    return Asking(user_code, found.client_id, found.address, found.created_at, ticket)


def decider(connection: Connection, ticket: str, now: datetime) -> str | None:
    """Give whom a ticket lets decide; None where it is made up, used or over, or its person is disabled."""
    able = select(staff.c.id).where(~staff.c.disabled)
    wanted = select(device_requests.c.staff_id).where(
        device_requests.c.ticket_hash == token_hash(ticket),
        *_open_at(now),
        device_requests.c.staff_id.in_(able),
    )
    return connection.execute(wanted).scalar()


def decide(connection: Connection, ticket: str, *, approved: bool, now: datetime) -> bool:
    """Approve or refuse a sign-in, once; say whether the ticket was still good."""
    if decider(connection, ticket, now) is None:
        return False
    decision = {"approved_at" if approved else "refused_at": now}
    made = connection.execute(
        update(device_requests)
        .where(device_requests.c.ticket_hash == token_hash(ticket), _open_at(now))
        .values(**decision)
        .returning(device_requests.c.hash)
    )
    return made.first() is not None


def _open_at(now: datetime) -> ColumnElement[bool]:
    table = device_requests.c
    return and_(table.expires_at > now, table.approved_at.is_(None), table.refused_at.is_(None))

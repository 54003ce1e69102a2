"""Sessions and their tokens: made, replaced, revoked. Every function runs inside one write.

A token is 128 random bits in 22 characters that are safe in URLs; the database holds its SHA-256 only.
A refresh token is good once (RFC 9700, section 4.14). Its successors are not random but derived from it
with a secret of this database, so that a client whose answer was lost gets the same pair again within
the grace, from any process, although no token is stored. Who has the database alone can derive nothing.
"""

import secrets as randomness
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import digest as hmac_digest
from typing import Final, Literal

from sqlalchemy import Connection, delete, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.config import ServerSettings
from server.store.ids import new_id
from server.store.tables import UtcDateTime, device_requests, secrets, sessions, staff, tokens

_SECRET: Final = "token_successors"  # noqa: S105 - the name of a row
_SWEPT: Final = 20
"""So many expired rows go with each write: more than it adds, so that they never pile up."""


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long things are good for."""

    access: timedelta
    refresh: timedelta
    session: timedelta
    grace: timedelta

    @classmethod
    def of(cls, settings: ServerSettings) -> "Lifetimes":
        """Take them from the settings."""
        return cls(
            access=timedelta(seconds=settings.access_token_seconds),
            refresh=timedelta(days=settings.refresh_token_days),
            session=timedelta(days=settings.session_days),
            grace=timedelta(seconds=settings.refresh_grace_seconds),
        )


@dataclass(frozen=True, slots=True)
class Issued:
    """A pair of tokens for a client; the only place where they exist in clear."""

    access_token: str
    refresh_token: str
    expires_in: int
    role: str
    session_id: str


@dataclass(frozen=True, slots=True)
class Ended:
    """Why a refresh token gives nothing any more."""

    reused: bool = False
    """It had been used before, longer ago than the grace: someone else may have a copy."""


def token_hash(token: str) -> bytes:
    """Give what is stored of a token: its SHA-256. A slow hash would add nothing to 128 random bits."""
    return sha256(token.encode("utf-8", "surrogateescape")).digest()


def open_session(
    connection: Connection,
    staff_id: str,
    role: str,
    device: str,
    lifetimes: Lifetimes,
    now: datetime,
    *,
    out_of: str = "",
) -> Issued:
    """Sign a person in on a device; `out_of` is the code that the same tokens can be derived from again."""
    session_id = new_id()
    connection.execute(
        sessions.insert().values(
            id=session_id, staff_id=staff_id, created_at=now, last_used_at=now, device=device[:200]
        )
    )
    pair = (randomness.token_urlsafe(16), randomness.token_urlsafe(16))
    if out_of:
        pair = _successors(connection, out_of)
    _sweep(connection, lifetimes, now)
    ends = (now + lifetimes.access, _refresh_end(lifetimes, now, now))
    return _store(connection, pair, session_id, role, ends, now)


def reopened(
    connection: Connection,
    session_id: str,
    opened_at: datetime,
    lifetimes: Lifetimes,
    now: datetime,
    *,
    out_of: str,
) -> Issued | None:
    """Give the tokens once more that a session was opened with; None where it has ended."""
    role = connection.execute(
        select(staff.c.role)
        .join_from(sessions, staff)
        .where(sessions.c.id == session_id, sessions.c.revoked_at.is_(None), ~staff.c.disabled)
    ).scalar()
    if role is None:
        return None
    ends = (opened_at + lifetimes.access, _refresh_end(lifetimes, opened_at, opened_at))
    return _store(connection, _successors(connection, out_of), session_id, role, ends, now)


def refresh(connection: Connection, presented: str, lifetimes: Lifetimes, now: datetime) -> Issued | Ended:
    """Replace a refresh token by its successors; within the grace, give the same ones again.

    Later reuse ends the session. That is an outcome and no exception, because it must be committed.
    """
    digest = token_hash(presented)
    refreshing = (tokens.c.hash == digest) & (tokens.c.kind == "refresh")
    session_id = connection.execute(select(tokens.c.session_id).where(refreshing)).scalar()
    # The session's row is held first and to the end: of two concurrent requests the second waits, sees
    # the first use, and cannot meet the other half-way along the chain.
    session = connection.execute(
        select(sessions.c.created_at, staff.c.role)
        .join_from(sessions, staff)
        .where(sessions.c.id == session_id, sessions.c.revoked_at.is_(None), ~staff.c.disabled)
        .with_for_update(of=sessions, key_share=True)
    ).first()
    if session_id is None or session is None:
        return Ended()
    first_use = func.coalesce(tokens.c.used_at, literal(now, UtcDateTime))
    used = connection.execute(
        update(tokens)
        .where(refreshing, tokens.c.expires_at > now)
        .values(used_at=first_use)
        .returning(tokens.c.used_at)
    ).first()
    if used is None:
        return Ended()
    if now - used.used_at > lifetimes.grace:
        revoke_session(connection, session_id, now)
        return Ended(reused=True)
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(last_used_at=now))
    pair = _successors(connection, presented)
    # All from the first use, so that a repeated answer says the same as the lost one.
    ends = (used.used_at + lifetimes.access, _refresh_end(lifetimes, used.used_at, session.created_at))
    _sweep(connection, lifetimes, now)
    return _store(connection, pair, session_id, session.role, ends, now)


def revoke(connection: Connection, presented: str, now: datetime) -> None:
    """End the session that a token of either kind belongs to (RFC 7009); an unknown token ends nothing."""
    session_id = connection.execute(
        select(tokens.c.session_id).where(tokens.c.hash == token_hash(presented))
    ).scalar()
    if session_id is not None:
        revoke_session(connection, session_id, now)


def revoke_session(connection: Connection, session_id: str, now: datetime) -> None:
    """End one session; its tokens are refused from the commit on."""
    connection.execute(
        update(sessions)
        .where(sessions.c.id == session_id, sessions.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def revoke_sessions_of(
    connection: Connection, staff_id: str, now: datetime, *, spared: str | None = None
) -> None:
    """End every session of a person but the `spared` one: after a new password, or when disabled.

    With them goes what the person has approved on another device and nobody has fetched yet.
    """
    unfetched = (device_requests.c.staff_id == staff_id) & device_requests.c.used_at.is_(None)
    connection.execute(delete(device_requests).where(unfetched))
    connection.execute(
        update(sessions)
        .where(
            sessions.c.staff_id == staff_id, sessions.c.revoked_at.is_(None), sessions.c.id != (spared or "")
        )
        .values(revoked_at=now)
    )


def _refresh_end(lifetimes: Lifetimes, now: datetime, session_began: datetime) -> datetime:
    return min(now + lifetimes.refresh, session_began + lifetimes.session)


def _successors(connection: Connection, token: str) -> tuple[str, str]:
    secret = _secret(connection)
    return _successor(secret, "access", token), _successor(secret, "refresh", token)


def _successor(secret: bytes, kind: Literal["access", "refresh"], token: str) -> str:
    derived = hmac_digest(secret, f"{kind} {token}".encode("utf-8", "surrogateescape"), "sha256")
    return urlsafe_b64encode(derived[:16]).rstrip(b"=").decode("ascii")


def _store(
    connection: Connection,
    pair: tuple[str, str],
    session_id: str,
    role: str,
    ends: tuple[datetime, datetime],
    now: datetime,
) -> Issued:
    rows = [
        {"hash": token_hash(token), "session_id": session_id, "kind": kind, "expires_at": end}
        for kind, token, end in zip(("access", "refresh"), pair, ends, strict=True)
    ]
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(tokens).on_conflict_do_nothing(), rows)
    return Issued(*pair, max(0, int((ends[0] - now).total_seconds())), role, session_id)


def _secret(connection: Connection) -> bytes:
    stored = select(secrets.c.value).where(secrets.c.name == _SECRET)
    secret = connection.execute(stored).scalar()
    if secret is None:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        fresh = insert(secrets).values(name=_SECRET, value=randomness.token_bytes(32))
        connection.execute(fresh.on_conflict_do_nothing())
        secret = connection.execute(stored).scalar_one()
    return bytes(secret)


def _sweep(connection: Connection, lifetimes: Lifetimes, now: datetime) -> None:
    # What another process is sweeping at this moment is left to it.
    over = select(tokens.c.hash).where(tokens.c.expires_at <= now - lifetimes.grace).limit(_SWEPT)
    connection.execute(delete(tokens).where(tokens.c.hash.in_(over.with_for_update(skip_locked=True))))
    resting = select(sessions.c.id).where(sessions.c.last_used_at <= now - lifetimes.refresh).limit(_SWEPT)
    connection.execute(delete(sessions).where(sessions.c.id.in_(resting.with_for_update(skip_locked=True))))

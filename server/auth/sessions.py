"""What a token means now: one read, for every request."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from server.auth.actor import Actor
from server.auth.tokens import token_hash
from server.store.tables import sessions, staff, tokens

# Driver-level SQL: this runs before every answer, and building it costs more than running it.
_ACTOR: Final = (
    "SELECT staff.id, staff.name, staff.role, sessions.id FROM tokens"
    " JOIN sessions ON sessions.id = tokens.session_id JOIN staff ON staff.id = sessions.staff_id"
    " WHERE tokens.hash = {0} AND tokens.kind = 'access' AND tokens.expires_at > {0}"
    " AND sessions.revoked_at IS NULL AND NOT staff.disabled"
)
_ACTOR_SQLITE: Final = _ACTOR.format("?")
_ACTOR_POSTGRESQL: Final = _ACTOR.format("%s")


def actor_of(connection: Connection, access_token: str) -> Actor | None:
    """Give the person whose access token this is.

    None where the token is unknown, over, or revoked, or the account is disabled: all of that holds from
    the moment it is committed, in every process.
    """
    now, digest = datetime.now(UTC), token_hash(access_token)
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        # As the driver stores instants: UTC without saying so.
        found = driver.execute(_ACTOR_SQLITE, (digest, f"{now:%Y-%m-%d %H:%M:%S.%f}")).fetchone()
    else:
        found = driver.execute(_ACTOR_POSTGRESQL, (digest, now)).fetchone()
    return None if found is None else Actor(*found)


def still_may(connection: Connection, actor: Actor, permission: str) -> bool:
    """Say whether a person may go on with what takes longer than a token lives.

    Not where the sign-in has ended, the account is disabled, or the role is less than it was.
    """
    wanted = (
        select(staff.c.role)
        .join_from(sessions, staff)
        .where(sessions.c.id == actor.session_id, sessions.c.revoked_at.is_(None), ~staff.c.disabled)
    )
    role = connection.scalar(wanted)
    now = replace(actor, role=role or "")
    return now.may(permission) and now.permissions >= actor.permissions


def is_known(connection: Connection, presented: str) -> bool:
    """Say whether this server made this token, of either kind and good or not."""
    wanted = select(tokens.c.hash).where(tokens.c.hash == token_hash(presented))
    return connection.execute(wanted).first() is not None

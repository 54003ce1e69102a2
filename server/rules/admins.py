"""There is always an admin who can sign in, whichever way an account is changed."""

from typing import Final

from sqlalchemy import Connection, func, select

from server.store.tables import staff

_LOCK: Final = 1_262_834_036
"""A number for the lock that guards the last admin."""

ABLE: Final = (staff.c.role == "admin") & ~staff.c.disabled & (staff.c.password_hash != "")
"""An admin who can sign in; one who cannot helps nobody."""


def is_last_admin(connection: Connection, staff_id: str) -> bool:
    """Say whether no other admin can sign in. Until the end of the transaction nobody else gets an answer.

    Two admins who shut each other out at once: the second waits, then sees none left.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    others = select(staff.c.id).where(ABLE, staff.c.id != staff_id)
    return connection.execute(others.limit(1)).first() is None

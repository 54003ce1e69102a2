"""The history read in the order in which it was settled."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from server.auth.actor import Actor
from server.store.positions import settled
from server.store.tables import events, sessions, staff, tokens


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the history as far as hints need it."""

    position: int
    customer_id: str
    version: int
    kind: str
    admin_only: bool

    def shown_to(self, actor: Actor) -> bool:
        """Say whether this person may know that something happened."""
        if self.admin_only and not actor.is_admin:
            return False
        return actor.may(f"{self.kind.partition('.')[0]}:read")


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries one after the other."""

    entries: Sequence[Entry]
    position: int
    """Up to where they go."""
    more: bool = False
    """Whether more is there already."""
    unsettled: bool = False
    """Whether there are entries that cannot be told yet: an older transaction is still under way."""


_COLUMNS = (
    events.c.position,
    events.c.customer_id,
    events.c.record_id,
    events.c.version,
    events.c.kind,
    events.c.visibility,
)


def after(
    connection: Connection, position: int, most: int, customers: Collection[str] = frozenset()
) -> Batch:
    """Give the entries behind a position, some `most`; with `customers`, only theirs."""
    end = settled(connection)
    wanted = select(*_COLUMNS).order_by(events.c.position, events.c.id)
    if customers:
        wanted = wanted.where(events.c.customer_id.in_(customers) | events.c.record_id.in_(customers))
    behind = wanted.where(events.c.position > position, events.c.position <= end)
    rows = connection.execute(behind.limit(most + 1)).all()
    unsettled = select(events.c.position).where(events.c.position > end).limit(1)
    waiting = connection.execute(unsettled).first() is not None
    if len(rows) <= most:
        return Batch(list(map(_entry, rows)), max(end, position), unsettled=waiting)
    # A position may be shared by a whole transaction: it is told as a whole.
    last = rows[most].position
    whole = [row for row in rows if row.position < last]
    if not whole:
        whole = list(connection.execute(wanted.where(events.c.position == last)))
    return Batch(list(map(_entry, whole)), whole[-1].position, more=True, unsettled=waiting)


def good_tokens(connection: Connection, hashes: Collection[bytes], now: datetime) -> Mapping[bytes, str]:
    """Give the role behind each access token that is still good."""
    good = (
        select(tokens.c.hash, staff.c.role)
        .join_from(tokens, sessions)
        .join(staff)
        .where(tokens.c.hash.in_(hashes), tokens.c.kind == "access", tokens.c.expires_at > now)
        .where(sessions.c.revoked_at.is_(None), ~staff.c.disabled)
    )
    return {bytes(row.hash): row.role for row in connection.execute(good)}


def _entry(row: Any) -> Entry:
    # A customer who is gone has no history any more, but for the entry that says so.
    gone = row.record_id if row.kind == "customers.removed" else ""
    return Entry(row.position, row.customer_id or gone, row.version, row.kind, row.visibility == "admin")

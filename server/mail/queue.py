"""The queue of messages, which is the table of messages: taken one by one, and put back or done with.

Whoever takes a message holds it for a while only. A process that is killed while it sends leaves a message
that is due again when that time is over: it may then go out a second time, with the same Message-ID, but it
is never lost.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select, update

from server.auth.actor import Actor
from server.mail.delivery import Outcome
from server.mail.letter import Queued
from server.rules import history
from server.rules.work import Work
from server.store.tables import messages

MOST_ATTEMPTS: Final = 14
"""About two days; then people had better know that it does not go out."""
_SHORTEST: Final = timedelta(seconds=30)
_LONGEST: Final = timedelta(hours=4)

_THE_SERVER: Final = Actor(id="", name="", role="admin", session_id="")
_MEMBERS: Final = tuple(messages.c[name] for name in Queued.__slots__)


def wait_after(attempts: int) -> timedelta:
    """Give how long to wait after so many attempts: half a minute, then four times as long each time."""
    doubled = 2 * min(attempts - 1, 10)
    return min(_SHORTEST * (1 << doubled), _LONGEST)


def is_due(connection: Connection, now: datetime) -> bool:
    """Say whether there is anything to send."""
    due = select(messages.c.id).where(messages.c.due_at <= now).limit(1)
    return connection.execute(due).first() is not None


def take(connection: Connection, now: datetime, held: timedelta) -> Queued | None:
    """Take the message that has waited longest and hold it for so long; None where nothing is due.

    Of several processes each gets another one: what one is taking, the others pass over.
    """
    due = select(messages.c.id).where(messages.c.due_at <= now).order_by(messages.c.due_at, messages.c.id)
    found = connection.execute(due.limit(1).with_for_update(skip_locked=True)).scalar()
    if found is None:
        return None
    taken = (
        update(messages)
        .where(messages.c.id == found)
        .values(
            state="sending",
            attempts=messages.c.attempts + 1,
            due_at=now + held,
            version=messages.c.version + 1,
            updated_at=now.replace(microsecond=0),
        )
        .returning(*_MEMBERS)
    )
    return Queued(*connection.execute(taken).one())


def settle(connection: Connection, message: Queued, outcome: Outcome, now: datetime) -> None:
    """Write down what became of an attempt, and tell it in the customer's history where that is for good."""
    state, due_at = outcome.state, None
    if state == "later" and message.attempts >= MOST_ATTEMPTS:
        state = "failed"
    if state == "later":
        due_at = now + wait_after(message.attempts)
    told = now.replace(microsecond=0)
    changed = update(messages).where(messages.c.id == message.id, messages.c.state == "sending")
    if state != "sent":
        # Somebody else may have taken it over because this took too long; then that attempt counts. What
        # has gone out has gone out, whoever thinks what of it.
        changed = changed.where(messages.c.attempts == message.attempts)
    version = connection.execute(
        changed.values(
            state="queued" if state == "later" else state,
            sent_at=told if state == "sent" else None,
            error=outcome.sentence,
            due_at=due_at,
            version=messages.c.version + 1,
            updated_at=told,
        ).returning(messages.c.version)
    ).scalar()
    if version is not None and state != "later":
        history.record(
            Work(connection, _THE_SERVER, told),
            f"messages.{state}",
            changes=[{"field": "/state", "old": "queued", "new": state}],
            version=version,
            customer_id=message.customer_id,
            record_id=message.id,
        )

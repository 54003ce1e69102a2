"""Requests that may be sent again: the first answer is kept in the transaction of what it tells."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from server.problems import Refusal
from server.routes.answer import Answer
from server.routes.call import Call
from server.store.clock import now
from server.store.tables import idempotency_keys

KEPT: Final = timedelta(days=7)
"""How long an answer is kept: longer than an outbox waits for a link."""


def once(call: Call, work: Callable[[Connection], Answer]) -> Callable[[Connection], Answer]:
    """Give `work` made safe to send again under the request's `Idempotency-Key`, where it has one.

    The same request gets the first answer again. Refused work stores nothing: it may be corrected and sent
    under the same key.
    """
    key = call.idempotency_key()
    if key is None:
        return work
    fingerprint = fingerprint_of(call)

    def guarded(connection: Connection) -> Answer:
        _claim(connection, call.actor.id, key)
        known = _known(connection, call.actor.id, key, fingerprint)
        if known is not None:
            return known
        answer = work(connection)
        _keep(connection, call, key, fingerprint, answer)
        return answer

    return guarded


def answered_before(call: Call) -> Callable[[Connection], Answer | None]:
    """Give work that finds the first answer to the same request, for what is done before `once`.

    It raises `Refusal` with 422 where the key was used for another request.
    """
    key = call.idempotency_key()
    if key is None:
        return lambda _: None
    return lambda connection: _known(connection, call.actor.id, key, fingerprint_of(call))


def fingerprint_of(call: Call) -> bytes:
    """Give what tells one request from another under the same key: method, address, body."""
    request = call.request
    return sha256(b"\0".join((request.method.encode(), request.url.path.encode(), call.body))).digest()


def reused() -> Refusal:
    """Give the refusal of a key that was used for another request."""
    sentence = "This Idempotency-Key was used for another request. Use a fresh one."
    return Refusal(422, sentence, code="idempotency_reused")


def _claim(connection: Connection, actor_id: str, key: str) -> None:
    """Make sure that nobody else is at work under this key; SQLite has one writer anyway."""
    if connection.dialect.name != "postgresql":
        return
    statement = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
    if not connection.exec_driver_sql(statement, (f"{actor_id} {key}",)).scalar_one():
        sentence = "The same request is still being worked on. Ask again in a moment."
        raise Refusal(409, sentence, code="idempotency_running", headers={"Retry-After": "1"})


def _known(connection: Connection, actor_id: str, key: str, fingerprint: bytes) -> Answer | None:
    kept = idempotency_keys.c
    statement = select(kept.fingerprint, kept.status, kept.headers, kept.body)
    row = connection.execute(statement.where(kept.key == key, kept.actor_id == actor_id)).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise reused()
    return Answer(row.status, {**row.headers, "Idempotency-Replayed": "true"}, row.body)


def _keep(connection: Connection, call: Call, key: str, fingerprint: bytes, answer: Answer) -> None:
    moment = now()
    kept = idempotency_keys
    connection.execute(delete(kept).where(kept.c.created_at < moment - KEPT))
    connection.execute(
        insert(kept),
        {
            "key": key,
            "actor_id": call.actor.id,
            "fingerprint": fingerprint,
            "status": answer.status,
            "headers": dict(answer.headers),
            "body": answer.body,
            "created_at": moment,
            "customer_id": _about(call, answer),
        },
    )


def _about(call: Call, answer: Answer) -> str:
    """Give the customer whom an answer is about, so that it can be erased with that customer."""
    place = answer.headers.get("Location", call.request.url.path)
    before, _, rest = place.partition("/customers/")
    return rest.partition("/")[0] if before == "/v1" else ""

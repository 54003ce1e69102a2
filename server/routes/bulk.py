"""Bulk work: one thing done to many customers in one request, and each refusal told by itself."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi import Response
from pydantic_core import from_json, to_json
from sqlalchemy import Connection, select

from client.models import BulkRequest, BulkResult, Customer
from client.models.bulk import MOST
from client.models.kinds import Several
from client.models.written import kind_of, new_model
from server.problems import Fault, Refusal, invalid
from server.routes import making, shelf
from server.routes.answer import Answer
from server.routes.call import Call
from server.routes.customer_actions import STANDING
from server.routes.customers import CUSTOMERS
from server.routes.idempotency import once
from server.routes.operation import Operation, Sent, Shown
from server.rules.names import name_key
from server.rules.work import Work
from server.store.tables import customers, labels

_BULK: Final = new_model(BulkRequest)
_STANDING: Final = {action.name: action for action in STANDING}
_LABELS: Final = kind_of(Customer.model_fields["labels"])
_MOST_LABELS: Final = _LABELS.max_items if isinstance(_LABELS, Several) else 0


@dataclass(frozen=True, slots=True)
class _Thing:
    """What is done to each customer."""

    event: str
    """What the history calls it."""
    members: Callable[[Work, Customer], Mapping[str, Any]]
    """From a customer to the members to set. Raises `Refusal`."""


async def _bulk(call: Call) -> Response:
    asked: Any = call.read(_BULK)
    ids = list(dict.fromkeys(asked.ids))
    if not ids:
        raise invalid(Fault("/ids", "missing", "Name at least one customer."))

    def work(connection: Connection) -> Answer:
        thing = _thing(connection, asked.operation, asked.label)
        # In one order for everybody, so that two who work on the same customers never wait for each other.
        outcomes = {customer_id: _done(call, connection, customer_id, thing) for customer_id in sorted(ids)}
        # Without names: this answer is kept for those who ask again, and names may have to be forgotten.
        return Answer(200, {}, to_json({"items": [{"id": one} | outcomes[one] for one in ids]}))

    answer = await call.database.write(once(call, work))
    body: dict[str, Any] = from_json(answer.body)
    await call.database.read(lambda connection: _name(connection, body["items"]))
    return replace(answer, body=to_json(body)).response()


def _done(call: Call, connection: Connection, customer_id: str, thing: _Thing) -> dict[str, str]:
    """Do it to one customer, all of it or nothing, and say what became of it."""
    frame = replace(call.work(connection, {}), notify=False)
    try:
        with _apart(connection):
            old = _there(shelf.lock(connection, CUSTOMERS, call.actor, customer_id))
            new = making.change(frame, CUSTOMERS, old, thing.members(frame, old), thing.event)
    except Refusal as refusal:
        return {"outcome": "refused", "code": refusal.code or "refused", "sentence": refusal.sentence}
    return {"outcome": "unchanged" if new is old else "changed"}


def _there(customer: Customer | None) -> Customer:
    if customer is None:
        raise Refusal(404, "There is no such customer (any more).", "not_found")
    return customer


@contextmanager
def _apart(connection: Connection) -> Iterator[None]:
    """Undo what is done inside where it is refused, and nothing else."""
    connection.exec_driver_sql("SAVEPOINT one")
    try:
        yield
    except Refusal:
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT one")
        connection.exec_driver_sql("RELEASE SAVEPOINT one")
        raise
    # What is no refusal ends the whole transaction, and the savepoint with it.
    connection.exec_driver_sql("RELEASE SAVEPOINT one")


def _thing(connection: Connection, operation: str, label: str) -> _Thing:
    """Give what is to be done. Raises 422 where no label is named, 409 where there is none of that name."""
    action = _STANDING.get(operation)
    if action is not None:
        return _Thing(action.event, action.change)
    if not label:
        raise invalid(Fault("/label", "missing", "Say which label."))
    name = connection.scalar(select(labels.c.name).where(labels.c.name_key == name_key(label)))
    if name is None:
        sentence = f"There is no label {label!r}."
        raise Refusal(409, sentence, "unknown_label", [Fault("/label", "unknown_label", sentence)])
    return _Thing("changed", _with(name) if operation == "label" else _without(name))


def _with(label: str) -> Callable[[Work, Customer], Mapping[str, Any]]:
    def members(work: Work, customer: Customer) -> Mapping[str, Any]:
        del work
        if label in customer.labels:
            return {}
        if len(customer.labels) >= _MOST_LABELS:
            sentence = f"This customer has {_MOST_LABELS} labels already, which is as many as there can be."
            raise Refusal(409, sentence, "too_many")
        return {"labels": [*customer.labels, label]}

    return members


def _without(label: str) -> Callable[[Work, Customer], Mapping[str, Any]]:
    def members(work: Work, customer: Customer) -> Mapping[str, Any]:
        del work
        return {"labels": [name for name in customer.labels if name != label]}

    return members


def _name(connection: Connection, items: list[dict[str, Any]]) -> None:
    """Add number and name to those that were refused."""
    refused = {item["id"]: item for item in items if item["outcome"] == "refused"}
    if not refused:
        return
    columns = customers.c
    wanted = select(columns.id, columns.number, columns.display_name).where(columns.id.in_(refused))
    for row in connection.execute(wanted):
        refused[row.id] |= {"number": row.number, "name": row.display_name}


BULK: Final = Operation(
    method="POST",
    path="/v1/customers/bulk",
    name="change_customers",
    tag="customers",
    summary="Do one thing to many customers",
    description=f"To up to {MOST} customers, each by itself: one that is refused holds up no other, and the "
    "answer says what became of each. The history of each tells it as if it were done alone. "
    "Takes `Idempotency-Key`, see `#/components/parameters/IdempotencyKey`.",
    permission="customers:write",
    handle=_bulk,
    answers={200: Shown(description="What became of each.", model=BulkResult)},
    refusals=(400, 409, 413, 415, 422),
    sent=Sent(
        model=_BULK,
        example={"ids": ["0190e1c0-7f3a-7c3e-9c5b-2f6a3d1e8b47"], "operation": "label", "label": "donor"},
    ),
)

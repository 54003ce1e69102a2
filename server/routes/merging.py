"""Merging two customers, looking at it before, and finding who may be the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from fastapi import Response
from pydantic import create_model
from pydantic_core import to_json
from sqlalchemy import Connection, select

from client.models import Customer, CustomerMerge, MergePreview, MergeQuery
from client.models.written import new_model
from server.merging.choosing import proposed, refuse_too_many
from server.merging.moving import move
from server.privacy.holding import of_customers
from server.problems import Fault, Refusal, not_found
from server.routes import making, shelf
from server.routes.answer import PEOPLE, Answer, found, version_tag
from server.routes.call import Call, query_of, version_conflict
from server.routes.collection import CUSTOMER, Collection
from server.routes.contract import IF_MATCH, IF_NONE_MATCH, SAVED, id_parameter
from server.routes.customers import CUSTOMERS
from server.routes.former import successor
from server.routes.idempotency import once
from server.routes.operation import Operation, Sent, Shown
from server.routes.reading import shown
from server.routes.writing import merged_members
from server.rules.work import Work
from server.store.tables import customers

_MERGE: Final[Any] = create_model(
    "CustomerMergeNew",
    __base__=new_model(CustomerMerge),
    __doc__="What is sent to merge two customers.",
    values=(CUSTOMERS.patch_model, CUSTOMERS.patch_model()),
)
_QUERY: Final = new_model(MergeQuery)
_MOST_COUNTED: Final = 10_000

Handler = Callable[[Call], Any]


def merging(collections: Sequence[Collection[Any]]) -> Sequence[Operation]:
    """Give the operations that merge customers with all that is in these collections."""
    return (_previewing(_preview(collections)), _merging(_merge(collections)))


def _preview(collections: Sequence[Collection[Any]]) -> Handler:
    async def preview(call: Call) -> Response:
        customer_id = call.place(CUSTOMER, "customer")
        from_id = query_of(call.request, _QUERY, frozenset()).model_dump()["from_id"]
        readable = [one for one in of_customers(collections) if call.actor.may(f"{one.path}:read")]

        def work(connection: Connection) -> dict[str, Any]:
            stays = shelf.get(connection, CUSTOMERS, call.actor, customer_id)
            if stays is None:
                raise not_found("customer")
            goes = _other(connection, call, stays, from_id)
            moves = {
                one.path: _count(connection, call, one, from_id) for one in readable if one.parent is None
            }
            return {
                "merged": shown(call, CUSTOMERS, proposed(stays, goes).customer),
                "other": shown(call, CUSTOMERS, goes),
                "moves": {path: number for path, number in moves.items() if number},
            }

        return found(call.request, await call.database.read(work), PEOPLE).response()

    return preview


def _count(connection: Connection, call: Call, collection: Collection[Any], customer_id: str) -> int:
    number = shelf.count(connection, collection, call.actor, {CUSTOMER: customer_id}, _MOST_COUNTED)
    return _MOST_COUNTED if number is None else number


def _merge(collections: Sequence[Collection[Any]]) -> Handler:
    async def act(call: Call) -> Response:
        customer_id = call.place(CUSTOMER, "customer")
        body: Any = call.read(_MERGE)
        if not call.actor.may("customers:write"):
            raise Refusal(403, "Your role does not allow this (customers:write).")
        expected = call.expected_versions()

        def work_on(connection: Connection) -> Answer:
            _lock(connection, customer_id, body.from_id)
            stays = shelf.lock(connection, CUSTOMERS, call.actor, customer_id)
            if stays is None:
                raise not_found("customer")
            before = successor(connection, body.from_id)
            if before is None or before.id != customer_id:
                conflict = version_conflict(expected, stays.version, shown(call, CUSTOMERS, stays))
                if conflict is not None:
                    raise conflict
                goes = _other(connection, call, stays, body.from_id)
                _refuse_stale(call, goes, body.from_version)
                work = call.work(connection, {CUSTOMER: customer_id})
                sent = body.values.model_dump(exclude_unset=True)
                try:
                    stays = _merged(work, collections, stays, goes, sent)
                except Refusal as refusal:
                    raise _placed(refusal, sent) from None
            headers = {"ETag": version_tag(stays.version), "Cache-Control": CUSTOMERS.cache}
            return Answer(200, headers, to_json(shown(call, CUSTOMERS, stays)))

        return (await call.database.write(once(call, work_on))).response()

    return act


def _lock(connection: Connection, *ids: str) -> None:
    """Let nobody change either, nor anything that belongs to it, before this transaction ends."""
    if connection.dialect.name == "postgresql":
        both = select(customers.c.id).where(customers.c.id.in_(ids)).order_by(customers.c.id)
        connection.execute(both.with_for_update())


def _other(connection: Connection, call: Call, stays: Customer, from_id: str) -> Customer:
    """Give the record that goes. Raises 409 where there is none, or where it must not go."""
    goes = shelf.get(connection, CUSTOMERS, call.actor, from_id)
    code, sentence = "", ""
    if from_id == stays.id:
        code, sentence = "same_customer", "These are one and the same record. Choose another one."
    elif goes is None:
        where = successor(connection, from_id)
        code, sentence = "unknown_reference", "This is not in customers (any more)."
        if where is not None:
            code, sentence = "merged", f"This record was merged into customer {where.number} before."
    elif stays.archived_at is not None and goes.archived_at is None:
        code = "stays_archived"
        sentence = f"Customer {stays.number} is archived and {goes.number} is not: keep that one instead."
    if goes is None or code:
        raise Refusal(409, sentence, code, [Fault("/from_id", code, sentence)])
    return goes


def _refuse_stale(call: Call, goes: Customer, version: int) -> None:
    if goes.version != version:
        sentence = f"Somebody changed customer {goes.number} meanwhile. Look at both again."
        fault = Fault("/from_version", "stale", sentence)
        raise Refusal(412, sentence, faults=[fault], current=shown(call, CUSTOMERS, goes))


def _merged(
    work: Work, collections: Sequence[Collection[Any]], stays: Customer, goes: Customer, sent: dict[str, Any]
) -> Customer:
    """Merge two customers in this transaction and give the one that is left."""
    proposal = proposed(stays, goes)
    wanted = proposal.customer
    _refuse_laxer(work, wanted, sent)
    chosen = merged_members(CUSTOMERS, wanted, sent)
    members = {name: getattr(wanted, name) for name in Customer.model_fields} | chosen
    refuse_too_many(Customer.model_construct(**members))
    move(work, collections, CUSTOMERS, stays, goes, proposal)
    moved = shelf.get(work.connection, CUSTOMERS, work.actor, stays.id)
    if moved is not None:  # whether one works here is told from the account, which may have come along
        members["privilege"] = moved.privilege
    return making.become(
        work,
        CUSTOMERS,
        stays,
        members,
        event="merged",
        given=frozenset({"display_name", "access", *sent}),
        kept={} if "alerts" in sent else {"alerts": wanted.alerts},
        told=_told(goes, members),
    )


def _placed(refusal: Refusal, sent: Mapping[str, Any]) -> Refusal:
    """Give a refusal with pointers to where the members that were chosen stand in the request."""
    faults = [
        replace(fault, pointer=f"/values{fault.pointer}") if _member(fault.pointer) in sent else fault
        for fault in refusal.faults
    ]
    return replace(refusal, faults=faults)


def _member(pointer: str) -> str:
    return pointer.removeprefix("/").partition("/")[0]


def _told(goes: Customer, members: dict[str, Any]) -> list[dict[str, Any]]:
    """Tell of the record that goes who it was, and what of it is nowhere else any more."""
    told: list[dict[str, Any]] = [{"field": "/merged/number", "new": goes.number}]
    left = Customer.model_construct(**members).to_json()
    for name, value in goes.to_json().items():
        written = name in CUSTOMERS.patch_model.model_fields and not isinstance(value, list | dict)
        if written and left.get(name) != value:
            told.append({"field": f"/merged/{name}", "old": value})
    return told


def _refuse_laxer(work: Work, wanted: Customer, sent: dict[str, Any]) -> None:
    """Raise 409 where an opt-out would be lost, and 403 where a block would and this is no admin."""
    for name in ("mail_opt_out", "email_opt_out"):
        if getattr(wanted, name) and not sent.get(name, True):
            sentence = (
                "One of both said no to this, and a no is never merged away. Take a new answer afterwards."
            )
            raise Refusal(
                409, sentence, "consent_needed", [Fault(f"/values/{name}", "consent_needed", sentence)]
            )
    laxer = wanted.status == "blocked" != sent.get("status", "blocked")
    laxer |= wanted.access != "allowed" and sent.get("access", wanted.access) not in (
        wanted.access,
        "blocked",
    )
    if laxer and not work.actor.is_admin:
        raise Refusal(403, "One of both is blocked or restricted: only admins may let that go in a merge.")


_PLACE: Final = (id_parameter(CUSTOMER, "customer that stays"),)
_WHAT: Final = (
    "The record that stays keeps what it says and gets what it does not say; lists are united, of two "
    "primary ones its own is primary; an opt-out and a block of either stay."
)


def _previewing(handle: Handler) -> Operation:
    return Operation(
        method="GET",
        path="/v1/customers/{customer_id}/merge",
        name="preview_merge",
        tag="customers",
        summary="What a merge of two customers would do",
        description=f"{_WHAT} Nothing is changed.",
        permission="customers:read",
        handle=handle,
        answers={
            200: Shown(
                description="What would come of it.", model=MergePreview, headers=("ETag", "Cache-Control")
            ),
            304: Shown(description="Nothing changed.", headers=("ETag", "Cache-Control")),
        },
        refusals=(404, 409, 422),
        parameters=(*_PLACE, IF_NONE_MATCH),
        query=_QUERY,
    )


def _merging(handle: Handler) -> Operation:
    return Operation(
        method="POST",
        path="/v1/customers/{customer_id}/merge",
        name="merge_customer",
        tag="customers",
        summary="Merge another record of the same person into this one",
        description=f"For good. {_WHAT} `values` are members that were chosen. Everything that belongs to "
        "the other record moves along with its history; its number finds this customer from now on, and its "
        "address answers 410 with the code `merged` and this customer's id. Done already, it changes "
        "nothing. Takes `Idempotency-Key`, see `#/components/parameters/IdempotencyKey`.",
        permission="customers:delete",
        further=frozenset({"customers:write"}),
        handle=handle,
        answers={200: Shown(description="Merged.", model=Customer, headers=SAVED)},
        refusals=(400, 404, 409, 412, 413, 415, 422, 428),
        parameters=(*_PLACE, IF_MATCH),
        sent=Sent(
            model=_MERGE,
            example={
                "from_id": "0190e1c0-7f3a-7c3e-9c5b-2f6a3d1e8b47",
                "from_version": 3,
                "values": {"given_name": "Joanna"},
            },
        ),
    )

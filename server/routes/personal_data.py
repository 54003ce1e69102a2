"""Personal data of one customer: everything that is held, and its erasure."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from fastapi import Response
from pydantic_core import to_json
from sqlalchemy import Connection

from client.models import Customer, ErasureRequest, PersonalData
from client.models.written import new_model
from server.privacy.erasing import erase
from server.privacy.holding import held
from server.problems import Fault, Refusal, invalid, not_found
from server.routes import shelf
from server.routes.answer import Answer, version_tag
from server.routes.call import Call, version_conflict
from server.routes.collection import CUSTOMER, Collection
from server.routes.contract import SAVED, id_parameter
from server.routes.customers import CUSTOMERS
from server.routes.forgetting import forget_cards
from server.routes.idempotency import answered_before, once
from server.routes.operation import Operation, Sent, Shown
from server.routes.reading import shown
from server.rules import history
from server.store.clock import now

_ERASURE: Final = new_model(ErasureRequest)


def personal_data(collections: Sequence[Collection[Any]]) -> Sequence[Operation]:
    """Give the operations on the personal data that is held in these collections."""
    return (_exporting(_export(collections)), _erasing(_erase(collections)))


Handler = Callable[[Call], Any]


def _export(collections: Sequence[Collection[Any]]) -> Handler:
    async def export(call: Call) -> Response:
        customer_id = call.place(CUSTOMER, "customer")

        def read(connection: Connection) -> bytes:
            told = PersonalData(
                made_at=now(),
                made_by=call.actor.name,
                customer=_known(shelf.get(connection, CUSTOMERS, call.actor, customer_id)).to_json(),
                collections=held(connection, collections, call.actor, customer_id),
            )
            return to_json(told.to_json())

        def remember(connection: Connection) -> None:
            work = call.work(connection, {CUSTOMER: customer_id})
            version = _known(shelf.get(connection, CUSTOMERS, call.actor, customer_id)).version
            history.record(work, "customers.exported", changes=[], version=version, customer_id=customer_id)

        body = await call.database.read(read)
        await call.database.write(remember)
        return Answer(200, {"Cache-Control": "no-store"}, body).response()

    return export


def _erase(collections: Sequence[Collection[Any]]) -> Handler:
    async def act(call: Call) -> Response:
        customer_id = call.place(CUSTOMER, "customer")
        typed: Any = call.read(_ERASURE)
        expected = call.expected_versions() or frozenset()

        def check(found: Customer | None) -> Customer:
            old = _known(found)
            conflict = version_conflict(expected, old.version, shown(call, CUSTOMERS, old))
            if conflict is not None:
                raise conflict
            _refuse(old, typed.number)
            return old

        def look(connection: Connection) -> Answer | None:
            answered = answered_before(call)(connection)
            if answered is None:
                check(shelf.get(connection, CUSTOMERS, call.actor, customer_id))
            return answered

        def work_on(connection: Connection) -> Answer:
            old = check(shelf.lock(connection, CUSTOMERS, call.actor, customer_id))
            work = call.work(connection, {CUSTOMER: customer_id})
            new = erase(work, collections, CUSTOMERS, old)
            headers = {"ETag": version_tag(new.version), "Cache-Control": CUSTOMERS.cache}
            return Answer(200, headers, to_json(shown(call, CUSTOMERS, new)))

        answered = await call.database.read(look)
        if answered is not None:
            return answered.response()
        await forget_cards(call, customer_id)
        return (await call.database.write(once(call, work_on))).response()

    return act


def _known(customer: Customer | None) -> Customer:
    if customer is None:
        raise not_found("customer")
    return customer


def _refuse(customer: Customer, number: int) -> None:
    if number != customer.number:
        sentence = "This is not the number of this customer."
        raise invalid(Fault("/number", "other_number", sentence))
    if customer.status != "inactive" and customer.archived_at is None:
        sentence = "Only an inactive or archived customer can be erased. Archive this one first."
        raise Refusal(409, sentence, "not_erasable")


_PLACE: Final = (id_parameter(CUSTOMER, "customer"),)


def _exporting(handle: Handler) -> Operation:
    return Operation(
        method="GET",
        path="/v1/customers/{customer_id}/personal-data",
        name="export_personal_data",
        tag="customers",
        summary="Everything that is held of a customer",
        description="The customer and every record of each collection, with the history, as admins see "
        "them: what a person may ask to hear. That it was exported is written into the history.",
        permission="personal-data:read",
        handle=handle,
        answers={
            200: Shown(description="Everything that is held.", model=PersonalData, headers=("Cache-Control",))
        },
        refusals=(404,),
        parameters=_PLACE,
    )


def _erasing(handle: Handler) -> Operation:
    return Operation(
        method="POST",
        path="/v1/customers/{customer_id}/erase",
        name="erase_customer",
        tag="customers",
        summary="Erase the person behind a customer",
        description="For good. Names, contact data and whatever else tells of the person go; the number, and "
        "what the books need, stay; the history keeps who did what when to which field, and no value. The "
        "payment provider is asked to forget the cards first; where it does not answer, nothing is done. "
        "Only an inactive or archived customer can be erased (409), and only by its number. `If-Match` is "
        "honoured, not demanded. Takes `Idempotency-Key`, see `#/components/parameters/IdempotencyKey`.",
        permission="personal-data:delete",
        handle=handle,
        answers={
            200: Shown(description="Erased.", model=Customer, headers=SAVED),
        },
        refusals=(400, 404, 409, 412, 413, 415, 422),
        parameters=_PLACE,
        sent=Sent(model=_ERASURE, example={"number": 1033}),
    )

"""How customers pay: cards that the payment provider keeps, by words that name them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import Response
from pydantic_core import to_json
from sqlalchemy import Connection, select

from client.models import PaymentMethod, PaymentPage
from server.merging.room import one_default
from server.payments.charging import provider_silent
from server.payments.provider import Described, ProviderRefused, ProviderSilent
from server.problems import Fault, invalid, not_found
from server.routes import making, shelf
from server.routes.answer import PEOPLE, Answer, version_tag
from server.routes.call import Call, version_conflict
from server.routes.charging import charging_of, key_of
from server.routes.collection import CUSTOMER, Action, Collection
from server.routes.contract import id_parameter
from server.routes.idempotency import answered_before, once
from server.routes.operation import Operation, Shown
from server.routes.operations import page_model
from server.routes.reading import owners_in, require_owners, shown
from server.routes.writing import delete_record
from server.rules.payment_methods import PaymentMethodRules, keep_reference, refuse_known
from server.rules.work import Work
from server.store.tables import payment_methods

_MOST: Final = 50
"""Of the methods of one customer, as many come in one answer; nobody has more."""


async def _add(call: Call) -> Response:
    """Have the provider say what is behind a token, then write that down: 201."""
    body: Any = call.read(PAYMENT_METHODS.new_model)
    charging, owners = charging_of(call), owners_in(call, PAYMENT_METHODS)
    await call.database.read(_customer_there(call, owners))
    answered = await call.database.read(answered_before(call))
    if answered is not None:
        return answered.response()
    try:
        described = await charging.provider.describe(owners[CUSTOMER], body.token, key_of(call).text)
    except ProviderRefused as refused:
        sentence = refused.sentence or "The payment provider does not take this token."
        raise invalid(Fault("/token", "token_refused", sentence)) from None
    except ProviderSilent:
        raise provider_silent() from None

    def make(connection: Connection) -> Answer:
        require_owners(connection, PAYMENT_METHODS, call.actor, owners)
        method = _made(call.work(connection, owners), described)
        place = f"{call.request.url.path}/{method.id}"
        headers = {"ETag": version_tag(1), "Location": place, "Cache-Control": PEOPLE}
        return Answer(201, headers, to_json(shown(call, PAYMENT_METHODS, method)))

    return (await call.database.write(once(call, make))).response()


def _made(work: Work, described: Described) -> PaymentMethod:
    refuse_known(work, described.reference)
    members = {
        "brand": described.brand,
        "last4": described.last4,
        "exp_month": described.exp_month,
        "exp_year": described.exp_year,
    }
    method = making.make(work, PAYMENT_METHODS, members)
    keep_reference(work, method.id, described.reference)
    return method


async def _remove(call: Call) -> Response:
    """Have the provider forget a card, then remove it here: nothing is kept there that nobody sees here."""
    owners = owners_in(call, PAYMENT_METHODS)
    method_id = call.place(PAYMENT_METHODS.id_name, PAYMENT_METHODS.singular)
    expected = call.expected_versions() or frozenset()

    def look(connection: Connection) -> str:
        method = shelf.get(connection, PAYMENT_METHODS, call.actor, method_id, owners)
        if method is None:
            raise not_found(PAYMENT_METHODS.singular)
        conflict = version_conflict(expected, method.version, shown(call, PAYMENT_METHODS, method))
        if conflict is not None:
            raise conflict
        reference = select(payment_methods.c.reference).where(payment_methods.c.id == method_id)
        return str(connection.scalar(reference))

    reference = await call.database.read(look)
    charging = call.request.app.state.charging
    if charging is not None:
        try:
            await charging.provider.forget(reference)
        except ProviderSilent:
            raise provider_silent() from None
    return await delete_record(call, PAYMENT_METHODS)


async def _open_page(call: Call) -> Response:
    """Give the address of a page of the provider where the customer types a card."""
    charging, owners = charging_of(call), owners_in(call, PAYMENT_METHODS)
    await call.database.read(_customer_there(call, owners))
    try:
        url = await charging.provider.hosted_page(owners[CUSTOMER], key_of(call).text)
    except (ProviderRefused, ProviderSilent):
        raise provider_silent() from None
    return Answer(200, {"Cache-Control": "no-store"}, to_json(PaymentPage(url=url).to_json())).response()


async def _collect(call: Call) -> Response:
    """Write down every card that the provider keeps for a customer and that is not here yet."""
    charging, owners = charging_of(call), owners_in(call, PAYMENT_METHODS)
    await call.database.read(_customer_there(call, owners))
    try:
        kept = await charging.provider.kept(owners[CUSTOMER])
    except (ProviderRefused, ProviderSilent):
        raise provider_silent() from None

    def collect(connection: Connection) -> Answer:
        require_owners(connection, PAYMENT_METHODS, call.actor, owners)
        work = call.work(connection, owners)
        for described in _strange(work, kept):
            _made(work, described)
        methods, _ = shelf.page(connection, PAYMENT_METHODS, call.actor, owners, _MOST, None)
        items = [shown(call, PAYMENT_METHODS, method) for method in methods]
        return Answer(200, {"Cache-Control": PEOPLE}, to_json({"items": items, "total": len(items)}))

    return (await call.database.write(once(call, collect))).response()


def _strange(work: Work, kept: Sequence[Described]) -> list[Described]:
    columns = payment_methods.c
    known = set(
        work.connection.scalars(select(columns.reference).where(columns.customer_id == work.customer_id))
    )
    return [described for described in kept if described.reference not in known]


def _customer_there(call: Call, owners: Mapping[str, str]) -> Any:
    """Give work that refuses to ask the provider about a customer who is not there."""
    return lambda connection: require_owners(connection, PAYMENT_METHODS, call.actor, owners)


def _make_default(work: Work, method: PaymentMethod) -> Mapping[str, Any]:  # noqa: ARG001 - all actions are alike
    return {"is_default": True}


_ADDRESS: Final = f"/v1/customers/{{{CUSTOMER}}}/payment-methods"
_UNCONFIGURED: Final = "Without a payment provider: 409 (`payments_not_configured`)."

PAYMENT_METHODS: Final = Collection(
    model=PaymentMethod,
    table=payment_methods,
    path="payment-methods",
    singular="payment method",
    about="Cards and accounts that the payment provider keeps for a customer. A card's number is typed there "
    "and nowhere else: one is made from the token that the provider gave, or from its hosted page. Whatever "
    "holds 12 to 19 digits that pass the check of card numbers is refused (422, `card_number`). Exactly one "
    f"is the default one, where there are any. {_UNCONFIGURED}",
    rules=PaymentMethodRules(),
    of_customer=True,
    settle=one_default,
    verbs=frozenset({"list", "get", "create", "delete"}),
    handlers={"create": _add, "delete": _remove},
    removal="The provider forgets it too. When the default one goes, the newest other takes its place.",
    actions=(
        Action(
            name="make-default",
            summary="Make a payment method the default one",
            description="It is charged where nothing else is said.",
            event="made_default",
            change=_make_default,
        ),
    ),
    operations=(
        Operation(
            method="POST",
            path=f"{_ADDRESS}/page",
            name="open_payment_page",
            tag="payment-methods",
            summary="Get a page on which the customer types a card",
            description="The page is the payment provider's. Afterwards `collect` brings what was typed. "
            + _UNCONFIGURED,
            permission="payment-methods:write",
            handle=_open_page,
            answers={200: Shown(description="Its address.", model=PaymentPage)},
            refusals=(404, 409, 413, 422),
            parameters=(id_parameter(CUSTOMER, "customer"),),
        ),
        Operation(
            method="POST",
            path=f"{_ADDRESS}/collect",
            name="collect_payment_methods",
            tag="payment-methods",
            summary="Write down what was typed at the provider",
            description="Adds every card that the payment provider keeps for the customer and that is not "
            f"here yet, and gives all of them. {_UNCONFIGURED}",
            permission="payment-methods:write",
            handle=_collect,
            answers={
                200: Shown(
                    description="All payment methods.",
                    model=page_model(PaymentMethod),
                    headers=("Cache-Control", "Idempotency-Replayed"),
                )
            },
            refusals=(404, 409, 413, 422),
            parameters=(id_parameter(CUSTOMER, "customer"),),
        ),
    ),
    example={"token": "tok_visa"},
    given={"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2031, "is_default": True},
)

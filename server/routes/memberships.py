"""Plans, memberships, and what belongs to one: credits and payments."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import Response
from sqlalchemy import ColumnElement

from client.models import Credit, Membership, MembershipCancellation, MembershipPayment, Plan
from server.payments.charging import Charge, Intent, refuse_while_charged
from server.problems import Refusal
from server.routes import making, shelf
from server.routes.answer import REFERENCE
from server.routes.call import Call
from server.routes.charging import charge_record
from server.routes.collection import CUSTOMER, EXAMPLE_ID, Action, Collection
from server.routes.contract import id_parameter
from server.routes.erasure import KEPT, without
from server.routes.invoices import INVOICES
from server.routes.operation import Operation, Shown
from server.routes.purchases import PURCHASES
from server.rules import memberships as rules
from server.rules.office import office_day
from server.rules.work import Rules, Work
from server.store.tables import membership_credits, membership_payments, memberships, plans

SUBJECT: Final = "membership"
"""What charges call a membership."""
_MEMBERSHIP: Final = "membership_id"
_WAIVE: Final = "memberships:waive"
"""The permission to let a cancellation fee go."""


def intent_for(work: Work, membership: Membership) -> Intent:
    """Say what the next payment of a membership is. Raises 409 where there is none to come."""
    if membership.state != "active" or membership.next_payment_on is None:
        raise rules.not_active(membership)
    rules.refuse_left_alone(work, work.customer_id, "be charged")
    return Intent(
        subject=SUBJECT,
        subject_id=membership.id,
        customer_id=work.customer_id,
        money=membership.price,
        payment_method_id=membership.payment_method_id or "",
    )


async def _process(call: Call) -> Response:
    """Take the next payment now; with `If-Match`, only the one that the caller saw coming."""
    return await charge_record(call, MEMBERSHIPS, intent_for)


def settle(work: Work, charge: Charge) -> None:
    """Write down what came of a payment; one that succeeded brings credits and moves the next one on."""
    owners = {CUSTOMER: charge.customer_id}
    membership = shelf.lock(work.connection, MEMBERSHIPS, work.actor, charge.subject_id, owners)
    if membership is None:
        return
    below = owners | {_MEMBERSHIP: membership.id}
    today = office_day(work.connection, work.now)
    period = membership.next_payment_on or today
    told = {"amount": charge.amount, "period_on": period, "card": charge.card, "actor": charge.actor}
    state = "succeeded" if charge.succeeded else "failed"
    making.make(work, PAYMENTS, told | {"state": state, "reason": charge.reason}, owners=below)
    if not charge.succeeded:
        return
    for credit in rules.credits_of(work, membership, today):
        making.make(work, CREDITS, credit, owners=below)
    bought = {"what": f"{membership.plan}, membership"[:200], "amount": charge.amount, "bought_on": today}
    making.make(work, PURCHASES, bought, owners=owners)
    members = {"next_payment_on": rules.following_payment(membership)}
    making.change(work, MEMBERSHIPS, membership, members, "paid")


def _cancel(work: Work, membership: Membership, given: Any) -> Mapping[str, Any]:
    if membership.state != "active":
        return {}
    refuse_while_charged(work, membership.id)
    fee = rules.fee_for(work, membership)
    if given.waive_fee and fee is not None and not work.actor.may(_WAIVE):
        raise Refusal(403, "Only admins may let the cancellation fee go.", "fee_not_waived")
    if fee is not None and fee.minor and not given.waive_fee:
        what = f"Cancellation fee, {membership.plan}"[:200]
        line = {"description": what, "quantity": "1", "unit_price": fee.model_dump()}
        making.make(work, INVOICES, {"lines": [line]}, owners={CUSTOMER: work.customer_id})
    today = office_day(work.connection, work.now)
    paid_until = membership.next_payment_on
    runs_on = paid_until is not None and paid_until > today
    return {
        "state": "cancelled" if runs_on else "ended",
        "ends_on": paid_until if runs_on else today,
        "next_payment_on": None,
        "cancel_reason": given.reason,
    }


def _credits_left(dialect: str) -> Sequence[ColumnElement[Any]]:  # noqa: ARG001 - the same on both
    return (rules.credits_left().label("credits_left"),)


_PRICE: Final = {"amount": "89.00", "currency": "EUR"}

PLANS: Final = Collection(
    model=Plan,
    table=plans,
    path="plans",
    singular="plan",
    about="What memberships offer and cost. A change is for those who join from then on.",
    order=(("name_key", False), ("id", False)),
    ordered="Ordered by name.",
    rules=rules.PlanRules(),
    cache=REFERENCE,
    removal="One that a customer has or had stays (409); offer it no longer instead.",
    example={"name": "Spa 4", "price": _PRICE, "credit": "Massage, 60 minutes", "credits": 4},
)

MEMBERSHIPS: Final = Collection(
    model=Membership,
    table=memberships,
    path="memberships",
    singular="membership",
    about="Memberships of a customer. Only new and active customers who are not archived can join (409) or "
    "be charged (409); others are left alone, their day passes. On its day the next payment is taken by "
    "itself, once; what it brings are credits.",
    rules=rules.MembershipRules(),
    of_customer=True,
    unversioned=True,
    extra_columns=_credits_left,
    verbs=frozenset({"list", "get", "create", "patch"}),
    erasure=without("note", "cancel_reason"),
    actions=(
        Action(
            name="cancel",
            summary="Cancel a membership",
            description="It runs to the end of what was paid for. Within its minimum term that costs "
            "`cancellation_fee`, as an invoice; admins can let the fee go (403 for others).",
            event="cancelled",
            further=frozenset({_WAIVE}),
            sent=MembershipCancellation,
            example={"reason": "Moves away"},
            change=_cancel,
        ),
    ),
    operations=(
        Operation(
            method="POST",
            path=f"/v1/customers/{{{CUSTOMER}}}/memberships/{{membership_id}}/process",
            name="process_membership",
            tag="memberships",
            summary="Take the next payment of a membership now",
            description="Once for each `Idempotency-Key`. `If-Match` is honoured, not demanded: with it, "
            "two who ask at once pay one period, not two. The attempt is among the payments whatever comes "
            "of it. A card that is declined: 409 (`payment_declined`). A provider that does not say what it "
            "did: 503 (`payment_unknown`); the server asks again by itself. Without a provider: 409 "
            "(`payments_not_configured`).",
            permission="memberships:write",
            handle=_process,
            answers={200: Shown(description="Paid.", model=Membership, headers=("ETag", "Cache-Control"))},
            refusals=(404, 409, 412, 413, 422),
            parameters=(id_parameter(CUSTOMER, "customer"), id_parameter(_MEMBERSHIP, "membership")),
        ),
    ),
    example={"plan_id": EXAMPLE_ID, "branch_id": EXAMPLE_ID, "note": "Came with her sister"},
    given={"plan": "Spa 4", "state": "active", "price": _PRICE, "next_payment_on": "2026-03-02"},
)

CREDITS: Final = Collection(
    model=Credit,
    table=membership_credits,
    path="credits",
    singular="credit",
    about="What a membership has paid for already: each can be used, expires, or is taken back.",
    rules=rules.CreditRules(),
    parent=MEMBERSHIPS,
    verbs=frozenset({"list", "get", "create", "patch"}),
    erasure=without("note"),
    example={"what": "Massage, 60 minutes", "expires_on": "2099-12-31"},
)

PAYMENTS: Final = Collection(
    model=MembershipPayment,
    table=membership_payments,
    path="payments",
    feature="membership_payments",
    singular="payment",
    about="Every attempt to take a payment for a membership, those that failed among them.",
    rules=Rules[MembershipPayment](),
    parent=MEMBERSHIPS,
    verbs=frozenset({"list", "get"}),
    erasure=KEPT,
    given={"state": "succeeded", "amount": _PRICE, "period_on": "2026-03-02", "card": "Visa 4242"},
)

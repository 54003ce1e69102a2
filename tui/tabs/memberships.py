"""Memberships of the open customer: the list, and what is asked before a payment or a cancellation."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from client.errors import Conflict, Stale
from client.models import Membership, MembershipCancellation, MembershipPayment
from client.models.membership import left_alone
from client.models.subscription import INTERVALS
from tui.commands import Command
from tui.forms.formats import Formats
from tui.tabs.billing_actions import DECLINED
from tui.tabs.billing_rows import amount_text
from tui.tabs.opened_membership import opened_membership
from tui.tabs.records import NewForm, Question, RecordAction, Records
from tui.text import fit, one_line
from tui.widgets.lines import Row, Span, edges, within

if TYPE_CHECKING:
    from tui.screens.records import RecordsHost
    from tui.services.desk import Desk
    from tui.services.open_customer import OpenCustomer


class TakePayment(Command):
    """Take the next payment of the marked membership now."""

    keys = "k"
    footer = "pay now"


class CancelMembership(Command):
    """Cancel the marked membership."""

    keys = "c"
    footer = "cancel"


_ROLES: Final[Mapping[str, str]] = {"cancelled": "warn", "ended": "muted"}
_NEW: Final = ("branch_id", "plan_id", "sold_by_id", "next_payment_on", "payment_method_id", "note")
_EDITED: Final = ("payment_method_id", "next_payment_on", "branch_id", "note")
_NAME_WIDTH: Final = 24
_COMING_WIDTH: Final = len("next payment")


def why_left_alone(opened: "OpenCustomer") -> str:
    """Say why the customer can neither join nor be charged; empty where that is not so."""
    customer = opened.customer
    return left_alone(customer.status, archived=customer.archived_at is not None)


def credits_text(count: int) -> str:
    """Give how many credits are left: `3 credits left`."""
    return f"{count} {'credit' if count == 1 else 'credits'} left"


def payment_text(next_on: date | None, ends_on: date | None, state: str, formats: Formats) -> tuple[str, str]:
    """Give what comes next for a membership, with its role: a payment, or the end."""
    what, day, role = _coming(next_on, ends_on, state, formats)
    return f"{what} {formats.day(day)}" if day else what, role


def _coming(
    next_on: date | None, ends_on: date | None, state: str, formats: Formats
) -> tuple[str, date | None, str]:
    if state != "active":
        return "ends" if state == "cancelled" else "on", ends_on, _ROLES.get(state, "text")
    if next_on is None:
        return "", None, "text"
    due = next_on < formats.today()
    return "PAYMENT DUE" if due else "next payment", next_on, "bad" if due else "text"


def _rows(membership: Membership, formats: Formats, width: int) -> Sequence[Row]:
    state = membership.state
    what, day, role = _coming(membership.next_payment_on, membership.ends_on, state, formats)
    left = [
        Span(f" {fit(membership.plan, min(_NAME_WIDTH, width // 4))} ", "title"),
        Span(fit(formats.word(state), 10), _ROLES.get(state, "good")),
        Span(f"{fit(what, _COMING_WIDTH)} {formats.day(day) if day else ''}", role),
    ]
    first = edges(left, [Span(f"  {amount_text(membership.price, formats)}")], width)
    since = f"since {formats.day(membership.started_on)}" if membership.started_on else ""
    left_over = credits_text(membership.credits_left) if membership.credits_left else ""
    because = f"because: {membership.cancel_reason}" if membership.cancel_reason else ""
    every = INTERVALS.get(membership.every, membership.every).lower()
    more = " · ".join(text for text in (left_over, every, since, because, one_line(membership.note)) if text)
    rest = [Row(within((Span("   "), Span(more, "muted")), width))] if more else []
    return [Row(first.spans, membership.id), *rest]


async def _ask_before_payment(host: "RecordsHost", membership: Membership, who: str) -> Question | None:
    """Say what is taken from which card; nothing where there is none."""
    desk = host.keeptabs.desk
    formats, wanted = desk.formats, membership.payment_method_id
    methods = [method async for method in desk.api.payment_methods(host.customer_id).each()]
    card = next((one for one in methods if (one.id == wanted if wanted else one.is_default)), None)
    if card is None:
        there = "Its card is not there any more. Edit the membership and pick another."
        none = "This customer has no card. Add one to the payment methods first."
        host.say(there if wanted else none, "warn")
        return None
    amount = amount_text(membership.price, formats)
    period = (
        f" for the period from {formats.day(membership.next_payment_on)}"
        if membership.next_payment_on
        else ""
    )
    sentences = [
        f"This charges {amount} to {card.words} of {who}{period}, today.",
        "Where the card is declined nothing is taken; the attempt is among the payments all the same.",
        "Only the payment provider can give money back.",
    ]
    return Question(f"Take the payment of {membership.plan} now?", sentences, "pay")


async def _ask_before_cancel(host: "RecordsHost", membership: Membership, who: str) -> Question:
    """Say what cancelling costs today, and what becomes of what was paid for."""
    desk = host.keeptabs.desk
    formats, today = desk.formats, desk.formats.today()
    fee, until, paid_until = membership.fee_on(today), membership.minimum_until, membership.next_payment_on
    if fee is not None and fee.minor:
        term = f": the minimum term runs until {formats.day(until)}" if until else ""
        costs = (
            f"Cancelling today costs a fee of {amount_text(fee, formats)}{term}. It goes onto an invoice, "
        )
        costs += "with the customer's sales tax."
        costs += " On the next screen you can let it go." if desk.may("memberships:waive") else ""
    else:
        costs = "Cancelling costs nothing" + (": the minimum term is over." if until else ".")
    runs_on = paid_until is not None and paid_until > today
    ends = (
        f"It runs until {formats.day(paid_until)}, as paid for" if runs_on and paid_until else "It ends today"
    )
    kept = f" {credits_text(membership.credits_left)}: they stay." if membership.credits_left else ""
    sentences = [
        f"This cancels {membership.plan} for {who}.",
        costs,
        f"{ends}, and nothing more is charged.{kept}",
        "A cancelled membership cannot be resumed.",
    ]
    return Question(f"Cancel {membership.plan}?", sentences, "cancel")


async def _take_payment(
    host: "RecordsHost", records: Records[Membership], membership: Membership
) -> Membership:
    """Have the card charged, for the period that was shown and no other; tell of a card that was declined."""
    memberships = records.collection(host.keeptabs.desk.api, host.customer_id)
    try:
        answer = await memberships.act(
            membership.id, "process", version=membership.version, idempotency_key=uuid4().hex
        )
    except Conflict as refused:
        if refused.code != DECLINED:
            raise
        # Not that nothing was changed: the attempt is written down.
        host.say(refused.failed, "bad")
        host.load_records(*(part for part in host.record_parts() if part.records.model is MembershipPayment))
        return membership
    except Stale as stale:
        if stale.current is None:
            raise
        host.took(records, stale.current)
        host.say("Somebody changed this membership meanwhile; nothing was taken. Look at it again.", "warn")
        return membership
    return answer.value


def memberships_of(opened: "OpenCustomer", desk: "Desk") -> Records[Membership]:
    """Give the memberships of the open customer; payments are taken where the server can charge cards."""
    take: RecordAction[Membership] = RecordAction(
        command=TakePayment,
        name="process",
        applies=lambda membership: membership.state == "active" and not why_left_alone(opened),
        question=lambda host, membership: _ask_before_payment(host, membership, opened.customer.display_name),
        run=lambda host, membership: _take_payment(host, records, membership),
        doing="Charging the card…",
        done="Paid.",
    )
    cancel: RecordAction[Membership] = RecordAction(
        command=CancelMembership,
        name="cancel",
        applies=lambda membership: membership.state == "active",
        question=lambda host, membership: _ask_before_cancel(host, membership, opened.customer.display_name),
        body=MembershipCancellation,
        names=() if desk.may("memberships:waive") else ("reason",),
        done="Cancelled.",
    )

    def told(membership: Membership) -> str:
        then, _ = payment_text(membership.next_payment_on, None, "active", desk.formats)
        return f"Added {membership.plan}; {then}."

    def new_form(_: "RecordsHost") -> NewForm:
        branch_id = opened.customer.branch_id
        return NewForm(fields=_NEW, base={"branch_id": branch_id} if branch_id else {})

    records: Records[Membership] = Records(
        one="membership",
        title="Memberships",
        model=Membership,
        permission="memberships",
        collection=lambda api, customer_id: api.memberships(customer_id),
        rows=_rows,
        fields=_EDITED,
        new_form=new_form,
        editable=lambda membership: membership.state == "active",
        removable=lambda _: False,
        order=lambda membership: (membership.state != "active", -membership.created_at.timestamp()),
        name=lambda membership: membership.plan,
        told=told,
        empty="No memberships.",
        actions=(take, cancel) if desk.has("payments") else (cancel,),
        opens=lambda membership, host: opened_membership(membership, records, host),
    )
    return records

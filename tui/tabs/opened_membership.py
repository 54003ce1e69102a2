"""One membership on a screen of its own: its facts, what it has paid for, and every payment tried."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from client.models import Credit, Membership, MembershipPayment
from client.models.membership import CREDIT_STATES
from tui.forms.formats import Formats
from tui.forms.part import Part
from tui.tabs.billing_rows import amount_text
from tui.tabs.records import Records
from tui.tabs.records_part import RecordFacts, RecordsPart, records_parts
from tui.text import fit
from tui.widgets.lines import Row, Span, edges, within

if TYPE_CHECKING:
    from tui.screens.records import RecordsHost

_CREDIT_ROLES: Final[Mapping[str, str]] = {"available": "good", "used": "muted", "expired": "warn"}
_FACTS: Final = (
    "state",
    "price",
    "every",
    "started_on",
    "next_payment_on",
    "ends_on",
    "cancel_reason",
    "payment_method_id",
    "credits_left",
    "minimum_until",
    "cancellation_fee",
    "branch_id",
    "sold_by_id",
    "note",
)
_DATE_WIDTH: Final = 13
_MOMENT_WIDTH: Final = 20


def _credit_rows(credit: Credit, formats: Formats, width: int) -> Sequence[Row]:
    until = f"until {formats.day(credit.expires_on)}" if credit.expires_on else "always good"
    left = [
        Span(f" {fit(credit.what, min(30, width // 3))} ", "title"),
        Span(fit(formats.word(credit.state), 11), _CREDIT_ROLES.get(credit.state, "muted")),
        Span(fit(until, _DATE_WIDTH + 7), "muted"),
        Span(credit.note),
    ]
    return [Row(edges(left, (), width).spans, credit.id)]


def _payment_rows(payment: MembershipPayment, formats: Formats, width: int) -> Sequence[Row]:
    failed = payment.state == "failed"
    left = [
        Span(f" {fit(formats.moment(payment.created_at), _MOMENT_WIDTH)}", "muted"),
        Span(fit("FAILED" if failed else formats.word(payment.state), 10), "bad" if failed else "good"),
        Span(f" for {fit(formats.day(payment.period_on), _DATE_WIDTH)}"),
        Span(payment.card, "muted"),
    ]
    first = edges(left, [Span(f"  {amount_text(payment.amount, formats)}")], width)
    said = [payment.reason] if payment.reason else []
    said += [f"asked by {payment.actor}"] if payment.actor else []
    rest = [Row(within((Span("   "), Span(" · ".join(said), "bad" if failed else "muted")), width))]
    return [Row(first.spans, payment.id), *(rest if said else [])]


def _credit_order(credit: Credit) -> tuple[bool, int, float]:
    """Put first what can be used, and of that what expires soonest."""
    free = credit.state == "available"
    day = (credit.expires_on or date.max).toordinal()
    return (not free, day if free else -day, -credit.created_at.timestamp())


def credits_of(membership: Membership) -> Records[Credit]:
    """Give what a membership has paid for."""
    return Records(
        one="credit",
        title="Credits",
        model=Credit,
        permission="credits",
        collection=lambda api, customer_id: api.credits(customer_id, membership.id),
        rows=_credit_rows,
        fields=("what", "state", "expires_on", "note"),
        order=_credit_order,
        group=lambda credit: "Can be used" if credit.state == "available" else "Used or over",
        name=lambda credit: f"{credit.what}, {CREDIT_STATES.get(credit.state, credit.state).lower()}",
        empty="No credits.",
        removable=lambda _: False,
        parent_id=membership.id,
    )


def payments_of(membership: Membership) -> Records[MembershipPayment]:
    """Give every attempt to take a payment."""
    return Records(
        one="payment",
        title="Payment activity",
        model=MembershipPayment,
        permission="payments",
        collection=lambda api, customer_id: api.payments(customer_id, membership.id),
        rows=_payment_rows,
        fields=(),
        order=lambda payment: (-payment.created_at.timestamp(), payment.id),
        name=lambda payment: f"{payment.amount.amount} {payment.amount.currency}, {payment.state}",
        empty="Nothing was taken yet.",
        parent_id=membership.id,
    )


def opened_membership(
    membership: Membership, records: Records[Membership], host: "RecordsHost"
) -> Sequence[Part]:
    """Give the parts of the screen: the facts that say something, credits, payments."""
    desk = host.keeptabs.desk
    given = membership.to_json()
    names = [name for name in _FACTS if name in given or name in ("state", "price", "every")]
    if not desk.may("staff:read"):
        names = [name for name in names if name != "sold_by_id"]
    below: list[RecordsPart[Any]] = []
    below += records_parts(desk, credits_of(membership))
    adds_to = below[0] if below else None
    below += records_parts(desk, payments_of(membership))
    return [RecordFacts(records, membership, desk, names, adds_to=adds_to), *below]

"""Memberships: who may join, what a payment brings, and what leaving costs."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select

from client.models import Credit, Membership, Plan
from client.models.money import Money
from client.models.subscription import renewal_after
from server.problems import Fault, Refusal, invalid
from server.rules.names import NamedRules
from server.rules.office import office_day
from server.rules.references import refuse_unknown, unknown_references
from server.rules.work import Rules, Work
from server.store.tables import branches, customers, memberships, payment_methods, plans, staff

_POINTED_TO: Final = {"plans": plans, "branches": branches, "staff": staff}
_MONTHS: Final = "month"


class PlanRules(NamedRules[Plan]):
    """A plan that somebody has stays, and one with credits says what they are for."""

    def __init__(self) -> None:
        super().__init__(plans)

    def check(self, work: Work, old: Plan | None, new: Plan, given: frozenset[str]) -> Plan:
        """Refuse with 422 credits for nothing, and a fee in another currency than the price."""
        new = super().check(work, old, new, given)
        if new.credits and not new.credit:
            raise invalid(Fault("/credit", "missing", "Say what one credit is good for."))
        fee = new.cancellation_fee
        if fee is not None and fee.currency != new.price.currency:
            sentence = f"The price is in {new.price.currency}."
            raise invalid(Fault("/cancellation_fee", "mixed_currencies", sentence))
        return new

    def check_removal(self, work: Work, old: Plan) -> None:
        """Refuse with 409 to remove a plan that somebody has or had."""
        statement = select(memberships.c.id).where(memberships.c.plan_id == old.id).limit(1)
        if work.connection.scalar(statement) is not None:
            raise Refusal(409, "Customers have this membership. Offer it no longer instead.", "in_use")


class MembershipRules(Rules[Membership]):
    """The rules of memberships."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Take over what the plan costs today. Raises 409 for those who cannot join, and without a plan."""
        refuse_left_alone(work, parent_id, "join")
        chosen = select(plans).where(plans.c.id == values["plan_id"])
        row = work.connection.execute(chosen).first()
        if row is None:
            sentence = "This is not in plans (any more)."
            refuse_unknown([Fault("/plan_id", "unknown_reference", sentence)])
            return
        if not row.active:
            sentence = f"{row.name!r} is no longer offered."
            raise Refusal(409, sentence, "not_offered", [Fault("/plan_id", "not_offered", sentence)])
        started = values.get("started_on") or office_day(work.connection, work.now)
        values |= {
            "plan": row.name,
            "state": "active",
            "price": row.price,
            "every": row.every,
            "started_on": started,
            "next_payment_on": values.get("next_payment_on") or started,
            "minimum_until": months_after(started, row.minimum_months) if row.minimum_months else None,
            "cancellation_fee": row.cancellation_fee,
        }

    def check(self, work: Work, old: Membership | None, new: Membership, given: frozenset[str]) -> Membership:
        """Refuse with 409 changes of what is over, and a card that is not this customer's."""
        if old is not None and old.state != "active" and given & {"next_payment_on", "payment_method_id"}:
            raise not_active(old)
        faults = unknown_references(work, new, old, _POINTED_TO)
        if new.payment_method_id and (old is None or old.payment_method_id != new.payment_method_id):
            columns = payment_methods.c
            own = select(columns.id).where(
                columns.id == new.payment_method_id, columns.customer_id == work.customer_id
            )
            if work.connection.scalar(own) is None:
                sentence = "This is no card of this customer (any more)."
                faults.append(Fault("/payment_method_id", "unknown_reference", sentence))
        refuse_unknown(faults)
        if new.state == "active" and new.next_payment_on is None:
            raise invalid(Fault("/next_payment_on", "missing", "This needs the day of its next payment."))
        return new


def not_active(membership: Membership) -> Refusal:
    """Give the refusal to go on with a membership that is over."""
    sentence = f"This membership is {membership.state}. Add a new one."
    return Refusal(409, sentence, "membership_over")


_ALONE: Final = {
    "inactive": "is inactive",
    "blocked": "is blocked",
}


def refuse_left_alone(work: Work, customer_id: str, do: str) -> None:
    """Raise 409 where a customer is inactive, blocked or archived: memberships leave those alone."""
    columns = customers.c
    statement = select(columns.status, columns.archived_at).where(columns.id == customer_id)
    row = work.connection.execute(statement).one()
    why = "is archived" if row.archived_at is not None else _ALONE.get(row.status, "")
    if why:
        sentence = f"This customer {why}. Only new and active customers can {do}."
        raise Refusal(409, sentence, "customer_not_active")


def months_after(day: date, months: int) -> date:
    """Give the same day so many months later, or the last of that month."""
    for _ in range(months):
        day = renewal_after(day, _MONTHS, day.day)
    return day


def following_payment(membership: Membership) -> date | None:
    """Give the day of the payment after the next one."""
    if membership.next_payment_on is None:
        return None
    started = membership.started_on or membership.next_payment_on
    return renewal_after(membership.next_payment_on, membership.every, started.day)


def fee_for(work: Work, membership: Membership) -> Money | None:
    """Give what cancelling today costs."""
    return membership.fee_on(office_day(work.connection, work.now))


def credits_of(work: Work, membership: Membership, day: date) -> list[Mapping[str, Any]]:
    """Give the members of the credits that one payment brings, by the plan as it is now."""
    row = work.connection.execute(select(plans).where(plans.c.id == membership.plan_id)).one()
    expires_on = day + timedelta(days=row.credit_days) if row.credit_days else None
    return [{"what": row.credit, "state": "available", "expires_on": expires_on}] * row.credits


class CreditRules(Rules[Credit]):
    """A credit that expired is made good again only with a day to come."""

    def check(self, work: Work, old: Credit | None, new: Credit, given: frozenset[str]) -> Credit:
        """Refuse with 409 a credit that can be used, but only until a day that is over."""
        today = office_day(work.connection, work.now)
        if new.state == "available" and new.expires_on is not None and new.expires_on < today:
            sentence = "A credit that can be used needs a day that is still to come, or none."
            raise Refusal(409, sentence, "expired", [Fault("/expires_on", "expired", sentence)])
        return new

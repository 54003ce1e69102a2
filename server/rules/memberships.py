"""Memberships: who may join, what a payment brings, and what leaving costs."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, ScalarSelect, func, select

from client.models import Credit, Membership, Plan
from client.models.membership import MembershipBrief, left_alone
from client.models.money import Money
from client.models.subscription import renewal_after
from server.auth.actor import Actor
from server.problems import Fault, Refusal, invalid
from server.rules.names import NamedRules
from server.rules.office import office_day
from server.rules.references import refuse_unknown, unknown_references
from server.rules.work import Rules, Work
from server.store.tables import (
    branches,
    customers,
    membership_credits,
    memberships,
    payment_methods,
    plans,
    staff,
)

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
        today = office_day(work.connection, work.now)
        started = values.get("started_on") or today
        values |= {
            "plan": row.name,
            "state": "active",
            "price": row.price,
            "every": row.every,
            "started_on": started,
            "next_payment_on": values.get("next_payment_on") or first_payment(started, row.every, today),
            "sold_by_id": values.get("sold_by_id") or work.actor.id,
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


def refuse_left_alone(work: Work, customer_id: str, do: str) -> None:
    """Raise 409 where a customer is inactive, blocked or archived: memberships leave those alone."""
    columns = customers.c
    statement = select(columns.status, columns.archived_at).where(columns.id == customer_id)
    row = work.connection.execute(statement).one()
    why = left_alone(row.status, archived=row.archived_at is not None)
    if why:
        sentence = f"This customer {why}. Only new and active customers can {do}."
        raise Refusal(409, sentence, "customer_not_active")


def months_after(day: date, months: int) -> date:
    """Give the same day so many months later, or the last of that month."""
    for _ in range(months):
        day = renewal_after(day, _MONTHS, day.day)
    return day


def first_payment(started: date, every: str, today: date) -> date:
    """Give the first day of a membership on which something is paid that is not over already."""
    day = started
    while day < today:
        day = renewal_after(day, every, started.day)
    return day


def following_payment(membership: Membership) -> date | None:
    """Give the day of the payment after the next one.

    It stays on the day of the month that the membership began on, until somebody moves a payment elsewhere.
    """
    day = membership.next_payment_on
    if day is None:
        return None
    began_on = membership.started_on.day if membership.started_on is not None else day.day
    usual = min(began_on, monthrange(day.year, day.month)[1])
    return renewal_after(day, membership.every, began_on if day.day == usual else day.day)


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


def credits_left() -> ScalarSelect[int]:
    """Give how many credits of a membership can still be used, as a column beside its own."""
    columns = membership_credits.c
    left = select(func.count()).where(columns.membership_id == memberships.c.id, columns.state == "available")
    return left.scalar_subquery()


def brief_memberships(connection: Connection, actor: Actor, customer_id: str) -> Mapping[str, Any]:  # noqa: ARG001 - all subjects are alike
    """Give what the summary tells of memberships: those that are not over, the newest first."""
    columns = memberships.c
    told = [columns[name] for name in MembershipBrief.model_fields if name in columns]
    statement = (
        select(*told, credits_left().label("credits_left"))
        .where(columns.customer_id == customer_id, columns.state != "ended")
        .order_by(columns.id.desc())
    )
    return {"memberships": [dict(row._mapping) for row in connection.execute(statement)]}  # noqa: SLF001 - how SQLAlchemy names it

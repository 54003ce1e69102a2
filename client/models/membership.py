"""Plans, the memberships that customers have on them, and the credits and payments that follow."""

from datetime import date
from typing import Annotated, Final

from pydantic import Field

from client.models.base import Model, Record
from client.models.kinds import (
    CREATE_ONLY,
    READ_ONLY,
    Choice,
    Day,
    Initially,
    Line,
    Number,
    Paragraph,
    Reference,
)
from client.models.money import Money, Price
from client.models.subscription import INTERVALS

MEMBERSHIP_STATES: Final = {
    "active": "Paid again and again",
    "cancelled": "Runs to the end of what was paid for, then ends",
    "ended": "Over",
}
CREDIT_STATES: Final = {
    "available": "Can be used",
    "used": "Used",
    "expired": "Not used in time",
    "void": "Taken back",
}


class Plan(Record):
    """What a membership offers and costs. Stripe: `price`."""

    name: Annotated[str, Line(max_length=100, required=True), Field(title="Name", examples=["Spa 4"])]
    """No two are called alike; capitals make no difference."""
    description: Annotated[str, Paragraph(max_length=2_000), Field(title="About")] = ""
    """What colleagues tell customers."""
    price: Annotated[Money, Price(), Field(title="Price")]
    """What one period costs."""
    every: Annotated[str, Choice(options=INTERVALS), Initially("month"), Field(title="Paid")] = "month"
    """How long a period is."""
    credit: Annotated[str, Line(max_length=100), Field(title="Credit", examples=["Massage, 60 minutes"])] = ""
    """What one credit is good for; empty: the plan gives none."""
    credits: Annotated[int, Number(minimum=0, maximum=100), Field(title="Credits")] = 0
    """How many credits each payment brings."""
    credit_days: Annotated[int, Number(minimum=0, maximum=3_650, unit="days"), Field(title="Good for")] = 0
    """After how many days a credit expires; 0: never."""
    minimum_months: Annotated[
        int, Number(minimum=0, maximum=60, unit="months"), Field(title="Minimum term")
    ] = 0
    """How long a membership lasts at least; ending it earlier costs the fee."""
    cancellation_fee: Annotated[Money | None, Price(), Field(title="Cancellation fee")] = None
    """What ending it within the minimum term costs."""
    active: Annotated[bool, Field(title="Offered")] = True
    """Whether customers can still join it."""


class Membership(Record):
    """A customer's membership. What it costs is what the plan cost on the day it was joined."""

    plan_id: Annotated[str, CREATE_ONLY, Reference(collection="plans"), Field(title="Membership")]
    """The plan."""
    plan: Annotated[str, READ_ONLY, Field(title="Membership")] = ""
    """The name that the plan had."""
    branch_id: Annotated[str, Reference(collection="branches"), Field(title="Branch")]
    """The branch that it belongs to."""
    sold_by_id: Annotated[str | None, CREATE_ONLY, Reference(collection="staff"), Field(title="Sold by")] = (
        None
    )
    """The staff member who sold it; whoever adds it, where nothing is said."""
    state: Annotated[str, READ_ONLY, Choice(options=MEMBERSHIP_STATES), Field(title="State")]
    """active, cancelled or ended."""
    price: Annotated[Money, READ_ONLY, Field(title="Price")]
    """What one period costs."""
    every: Annotated[str, READ_ONLY, Choice(options=INTERVALS), Field(title="Paid")] = "month"
    """How long a period is."""
    started_on: Annotated[date | None, CREATE_ONLY, Day(earliest=date(1900, 1, 1)), Field(title="Since")] = (
        None
    )
    """The first day; today, where nothing is said."""
    next_payment_on: Annotated[date | None, Day(), Field(title="Next payment")] = None
    """When the next period is paid; where nothing is said, the first day, or the next one counted from it."""
    payment_method_id: Annotated[str | None, Reference(collection="payment-methods"), Field(title="Card")] = (
        None
    )
    """The card that pays; left out: the customer's default one."""
    note: Annotated[str, Paragraph(max_length=2_000), Field(title="Note")] = ""
    """For colleagues."""
    ends_on: Annotated[date | None, READ_ONLY, Field(title="Ends")] = None
    """The last day, once it is cancelled."""
    cancel_reason: Annotated[str, READ_ONLY, Field(title="Why cancelled")] = ""
    """What was said."""
    minimum_until: Annotated[date | None, READ_ONLY, Field(title="Minimum term")] = None
    """Until then, cancelling costs the fee."""
    cancellation_fee: Annotated[Money | None, READ_ONLY, Field(title="Cancellation fee")] = None
    """What cancelling within the minimum term costs."""
    credits_left: Annotated[int, READ_ONLY, Field(title="Credits left")] = 0
    """How many credits can still be used."""

    def fee_on(self, day: date) -> Money | None:
        """Give what cancelling on a day costs, None where it costs nothing."""
        within = self.minimum_until is not None and day < self.minimum_until
        return self.cancellation_fee if within and self.state == "active" else None


class MembershipBrief(Model):
    """A membership that is not over, as the summary tells of it."""

    plan: str
    """The name that the plan had."""
    state: str
    """active or cancelled."""
    credits_left: int = 0
    """How many credits can still be used."""
    next_payment_on: date | None = None
    """When the next period is paid."""
    ends_on: date | None = None
    """The last day of a cancelled one."""


def left_alone(status: str, *, archived: bool) -> str:
    """Say why memberships leave a customer alone, such as `is inactive`; empty where they do not."""
    if archived:
        return "is archived"
    return f"is {status}" if status in ("inactive", "blocked") else ""


class MembershipCancellation(Model):
    """What is said when a membership is cancelled."""

    reason: Annotated[str, Line(max_length=200), Field(title="Reason")] = ""
    """Why."""
    waive_fee: Annotated[bool, Field(title="Without the fee")] = False
    """Whether the fee is let go; admins only."""


class Credit(Record):
    """One thing that a membership has paid for already."""

    what: Annotated[str, Line(max_length=100, required=True), Field(title="Credit")]
    """What it is good for."""
    state: Annotated[str, Choice(options=CREDIT_STATES), Initially("available"), Field(title="State")]
    """available, used, expired or void."""
    expires_on: Annotated[date | None, Day(), Field(title="Good until")] = None
    """The last day on which it can be used; left out: always."""
    note: Annotated[str, Line(max_length=200), Field(title="Note")] = ""
    """Why it was changed."""


class MembershipPayment(Record):
    """An attempt to take the price of one period. Stripe: `charge`."""

    state: Annotated[str, READ_ONLY, Field(title="State")]
    """succeeded or failed."""
    amount: Annotated[Money, READ_ONLY, Field(title="Amount")]
    """What was asked for."""
    period_on: Annotated[date, READ_ONLY, Field(title="For")]
    """The first day of the period that it pays."""
    card: Annotated[str, READ_ONLY, Field(title="Card")] = ""
    """Brand and last digits."""
    reason: Annotated[str, READ_ONLY, Field(title="Why it failed")] = ""
    """What the payment provider said."""
    actor: Annotated[str, READ_ONLY, Field(title="By")] = ""
    """Who asked for it; `the server`, where it was taken by itself on its day."""

"""Usage allowances: how much a customer may transfer in a period, what was used, what was granted on top."""

from datetime import date, datetime
from typing import Annotated, Final

from pydantic import Field

from client.models.base import Model, Record
from client.models.kinds import READ_ONLY, Choice, Day, Initially, Line, Moment
from client.models.volume import Volume

PERIODS: Final = {"daily": "Each day", "weekly": "Each week", "monthly": "Each month"}

AT_CAP: Final = {
    "nothing": "Goes on as before",
    "throttle": "Slowed down",
    "cut_off": "Cut off",
}
"""What happens to a customer who has used everything."""


class Bonus(Model):
    """Something granted on top of the cap."""

    id: str
    """Names it within the allowance."""
    amount: int
    """Bytes."""
    reason: str = ""
    """Why it was granted."""
    until_on: date | None = None
    """The last day on which it counts; left out where it stays."""
    granted_by: str = ""
    """The staff member who granted it, by name."""
    granted_at: datetime | None = None
    """When, RFC 3339 in UTC."""

    def counts(self, today: date) -> bool:
        """Say whether it counts on a day."""
        return self.until_on is None or self.until_on >= today


class Allowance(Record):
    """What a customer may use of a product in a period. TMF677: `UsageConsumption`."""

    product: Annotated[str, Line(max_length=100, required=True), Field(title="Product")]
    """What is counted, such as the name of an internet plan."""
    period: Annotated[str, Choice(options=PERIODS), Initially("monthly"), Field(title="Period")] = "monthly"
    """After which counting begins anew."""
    included: Annotated[int | None, Volume(), Field(title="Cap of the plan")] = None
    """Bytes in a period that the plan includes; left out where it has no cap."""
    manual_cap: Annotated[int | None, Volume(), Field(title="Manual cap")] = None
    """Bytes that hold instead of the plan's, set by hand."""
    at_cap: Annotated[str, Choice(options=AT_CAP), Initially("throttle"), Field(title="At the cap")] = (
        "throttle"
    )
    """What happens once everything is used."""
    may_buy_more: Annotated[bool, Field(title="May buy more")] = False
    """Whether the customer may buy more before the period ends."""
    used: Annotated[int, READ_ONLY, Volume(), Field(title="Used")] = 0
    """Bytes used in the period, as the network reported them last."""
    period_starts_on: Annotated[date | None, READ_ONLY, Field(title="Since")] = None
    """The first day of the period that `used` counts."""
    used_at: Annotated[datetime | None, READ_ONLY, Field(title="Counted")] = None
    """When the network counted `used`, RFC 3339 in UTC."""
    bonuses: Annotated[list[Bonus], READ_ONLY, Field(title="Bonus")] = []
    """What was granted on top; what is over stays listed and counts no more."""

    def bonus(self, today: date) -> int:
        """Give the bytes of the bonuses that count on a day."""
        return sum(bonus.amount for bonus in self.bonuses if bonus.counts(today))

    def cap(self, today: date) -> int | None:
        """Give the bytes that may be used in the period: the cap by hand or of the plan, and the bonuses."""
        cap = self.included if self.manual_cap is None else self.manual_cap
        return None if cap is None else cap + self.bonus(today)


class BonusGrant(Model):
    """What is granted on top of a cap."""

    amount: Annotated[int, Volume(minimum=1), Field(title="Amount", examples=[5_000_000_000])]
    """Bytes."""
    reason: Annotated[str, Line(max_length=200, required=True), Field(title="Reason")]
    """Why, as colleagues and the history see it."""
    until_on: Annotated[date | None, Day(earliest=date(2000, 1, 1)), Field(title="Until")] = None
    """The last day on which it counts; left out: it stays."""


class BonusWithdrawal(Model):
    """Which bonus is taken back."""

    bonus_id: Annotated[str, Line(max_length=64, required=True), Field(title="Bonus")]
    """The `id` of the bonus."""


class UsageReport(Model):
    """What the network counted: the whole of a period so far, so that sending it twice counts once."""

    used: Annotated[int, Volume(), Field(title="Used", examples=[48_300_000_000])]
    """Bytes used since the period began."""
    period_starts_on: Annotated[date, Day(earliest=date(2000, 1, 1)), Field(title="Since")]
    """The first day of the period."""
    measured_at: Annotated[datetime, Moment(), Field(title="Counted")]
    """When it was counted; one from before the last report changes nothing."""

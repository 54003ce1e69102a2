"""When things happened: working hours of three years that end on the day before today."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final

from server.sample.dice import Dice
from server.store import ids

_YEARS: Final = 3
_NODE: Final = 0x5EED_0F_2026_00
_DAY_SECONDS: Final = 37_800  # half past seven to six, in UTC


@dataclass(frozen=True, slots=True)
class Moments:
    """The past of the business, Monday to Saturday, as a line from 0 to 1."""

    first_day: date
    working_days: int

    @classmethod
    def until(cls, today: date) -> "Moments":
        """Give the past that ends on the last working day before `today`."""
        first = today - timedelta(days=365 * _YEARS)
        first -= timedelta(days=first.weekday())
        weeks, days = divmod((today - first).days, 7)
        return cls(first, weeks * 6 + min(days, 6))

    def at(self, place: float) -> datetime:
        """Give the instant at a place on the line, in whole milliseconds and UTC."""
        day, part = divmod(place * self.working_days, 1)
        weeks, days = divmod(min(int(day), self.working_days - 1), 6)
        passed = timedelta(days=weeks * 7 + days, milliseconds=int(part * _DAY_SECONDS * 1000))
        return _morning(self.first_day) + passed


@cache
def _morning(day: date) -> datetime:
    return datetime.combine(day, time(7, 30), UTC)


def created_at(dice: Dice, index: int, count: int) -> float:
    """Give the place on the line where customer `index` of `count` was added; the business grew over time."""
    return float(((index + dice.fraction()) / count) ** 0.85) * 0.9999


def changed_at(dice: Dice, created: float) -> float:
    """Give the place where a customer added at `created` was last changed: there, or later."""
    if dice.chance(23):
        return created
    return float(created + (0.99999 - created) * (1 - dice.fraction() ** 1.6))


def identifier(moment: datetime, dice: Dice) -> str:
    """Give a UUID version 7 (RFC 9562) of that moment."""
    count = dice.bits(12) << 14 | dice.bits(14)
    return ids.identifier(int(moment.timestamp() * 1000), count, _NODE)

"""What hangs on a customer and is not made with the customer itself: each kind of thing is a part of its own.

Every part has its own dice for every customer, so that adding one changes nothing of the others. What is made
depends on the customer and the day alone.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final
from zlib import crc32

from sqlalchemy import Connection, Table

from server.sample import moments
from server.sample.business import FOUNDED_AT, Business, Colleague, business
from server.sample.customers import FIRST_NUMBER, SampleCustomer, identity
from server.sample.dice import Dice
from server.sample.moments import Moments

Row = dict[str, Any]

_CURRENCIES: Final = {"CA": "CAD", "GB": "GBP", "JP": "JPY", "PL": "PLN", "US": "USD"}
_ELSEWHERE: Final = "EUR"


@dataclass(frozen=True, slots=True)
class Subject:
    """The customer whose things are made."""

    record: dict[str, Any]
    """The customer's members, those that are empty left out."""
    branch: dict[str, Any]
    """The branch that the customer goes to."""
    created: float
    """When the customer was added, as a place on the line of `past`."""
    past: Moments
    today: date
    events: list[Row]
    """The history of the customer's own record, oldest first."""
    count: int
    """How many customers there are."""

    @property
    def id(self) -> str:
        """Give the customer's id."""
        return str(self.record["id"])

    @property
    def created_at(self) -> datetime:
        """Give when the customer was added."""
        at: datetime = self.record["created_at"]
        return at

    @property
    def country(self) -> str:
        """Give the country of the branch."""
        return str(self.branch["country"])

    @property
    def currency(self) -> str:
        """Give the currency of the branch."""
        return _CURRENCIES.get(self.country, _ELSEWHERE)

    @property
    def business(self) -> Business:
        """Give the business with its branches and its staff."""
        return business()

    def colleague(self, dice: Dice) -> Colleague:
        """Give someone of the business who may have done a thing for this customer."""
        return self.business.colleague(dice, self.branch["name"])

    def moment(self, fraction: float) -> datetime:
        """Give a moment in working hours between the day the customer was added, 0, and yesterday, 1."""
        return self.past.at(self.created + (0.9999 - self.created) * fraction)

    @property
    def index(self) -> int:
        """Give the customer's place among all, from 0; `server.sample.people.person` knows who that is."""
        return int(self.record["number"]) - FIRST_NUMBER

    def earlier(self, steps: int) -> str:
        """Give the id of the customer who was added so many before this one, who must be there."""
        return identity(self.index - steps, self.count, self.past)

    def made(self, dice: Dice, at: datetime) -> Row:
        """Give the columns of a new record of this customer that was made at a moment."""
        return {
            "id": moments.identifier(at, dice),
            "version": 1,
            "created_at": at,
            "updated_at": at,
            "customer_id": self.id,
        }


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing that customers have."""

    name: str
    """Seeds its dice: never changes."""
    tables: tuple[Table, ...]
    """The tables that it writes, one that others refer to before those."""
    rows: Callable[[Dice, Subject], Iterable[tuple[Table, Row]]]
    """Give the rows of one customer; columns left out get their defaults."""
    finish: Callable[[Connection], None] | None = None
    """What is done when the rows of all customers are there."""


@dataclass(frozen=True)
class SampleList:
    """A reference list of the business that customers' things point to."""

    table: Table
    make: Callable[[], list[Row]]
    """Give the records without ids and times, in an order to which later ones are appended."""

    def rows(self) -> list[Row]:
        """Give the records with their ids, the same ones each time."""
        return _rows(self)


@cache
def _rows(listed: SampleList) -> list[Row]:
    dice = Dice(crc32(listed.table.name.encode()))
    made = {"version": 1, "created_at": FOUNDED_AT, "updated_at": FOUNDED_AT}
    return [{"id": moments.identifier(FOUNDED_AT, dice), **made, **record} for record in listed.make()]


def rows_of(
    customer: SampleCustomer, today: date, past: Moments, count: int, parts: Iterable[Part]
) -> Iterator[tuple[Table, Row]]:
    """Give all that hangs on a customer."""
    own = [event for event in customer.events if event["kind"].startswith("customers.")]
    subject = Subject(customer.record, customer.branch, customer.created, past, today, own, count)
    for part in parts:
        yield from part.rows(dice_of(part, subject), subject)


def dice_of(part: Part, subject: Subject) -> Dice:
    """Give the dice that a part falls by for one customer: another part may look at what it makes."""
    return Dice(crc32(part.name.encode()) * 10_000_019 + int(subject.record["number"]))

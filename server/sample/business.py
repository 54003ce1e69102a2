"""What the business itself consists of: branches, partners, areas, labels and the people who work there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from math import cos, radians
from typing import Any, Final

from server.sample.dice import Dice
from server.sample.files import read
from server.sample.moments import identifier
from server.sample.places import City, Country

FOUNDED_AT: Final = datetime(2019, 3, 4, 9, tzinfo=UTC)
"""When the business set up its books; never changes, so that its ids never do."""
_SEED: Final = 20190304


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone who works there."""

    id: str
    login: str
    name: str
    role: str
    email: str
    branch: str
    disabled: bool


@dataclass(frozen=True, slots=True)
class Business:
    """The tables of the business; every reference record carries its id."""

    settings: dict[str, str]
    branches: list[dict[str, Any]]
    partners: list[dict[str, Any]]
    locations: list[dict[str, Any]]
    labels: list[dict[str, Any]]
    staff: list[Colleague]

    def label_id(self, name: str) -> str:
        """Give the id of a label by its name."""
        return str(next(label["id"] for label in self.labels if label["name"] == name))

    def colleague(self, dice: Dice, branch: str) -> Colleague:
        """Give someone who may have done a thing there: mostly someone of that branch."""
        writers = [one for one in self.staff if one.role != "viewer" and not one.disabled]
        at_home = [one for one in writers if one.branch == branch]
        return dice.pick(at_home if at_home and dice.chance(88) else writers)

    def names_at(self, branch: str) -> list[str]:
        """Name those whom colleagues of a branch speak of."""
        return [one.name for one in self.staff if one.role == "staff" and one.branch in (branch, "")]

    def branch_near(self, dice: Dice, country: Country, city: City) -> dict[str, Any]:
        """Give the branch that someone there would go to: the nearest, or from far away often the first."""
        near = _nearest(city)
        if near["country"] == country.code:
            others = [branch for branch in self.branches if branch["country"] == country.code]
            return near if dice.chance(92) else dice.pick(others)
        return self.branches[0] if dice.chance(45) else near

    def location_of(self, branch: dict[str, Any], country: Country) -> str:
        """Give the id of the service area of a branch, or of the one for those who live elsewhere."""
        area = branch["area"] if branch["country"] == country.code else "Abroad"
        return str(next(location["id"] for location in self.locations if location["name"] == area))

    def partner_of(self, dice: Dice, country: Country) -> str | None:
        """Give the id of a partner who works there, or None where there is none."""
        there = [partner for partner in self.partners if country.code in partner["countries"].split()]
        return str(dice.pick(there)["id"]) if there else None


@cache
def business() -> Business:
    """Give the business; its records are older than every customer and have the same ids everywhere."""
    table, dice = read("business"), Dice(_SEED)

    def with_ids(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{"id": identifier(FOUNDED_AT, dice), **record} for record in records]

    staff = [
        Colleague(
            id=record["id"],
            login=record["login"],
            name=record["name"],
            role=record["role"],
            email=f"{record['login']}@riverside.example.com",
            branch=record.get("branch", ""),
            disabled=record.get("disabled", False),
        )
        for record in with_ids(table["staff"])
    ]
    return Business(
        settings={
            "business": table["name"],
            **{name: table[name] for name in ("country", "language", "currency", "time_zone")},
        },
        branches=with_ids(table["branches"]),
        partners=with_ids(table["partners"]),
        locations=with_ids(table["locations"]),
        labels=with_ids(table["labels"]),
        staff=staff,
    )


@cache
def _nearest(city: City) -> dict[str, Any]:
    def distance(branch: dict[str, Any]) -> float:
        north = branch["latitude"] - city.latitude
        east = (branch["longitude"] - city.longitude) * cos(radians(city.latitude))
        return float(north * north + east * east)

    return min(business().branches, key=distance)

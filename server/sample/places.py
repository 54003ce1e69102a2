"""Countries, cities, streets, postcodes and telephone numbers."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from server.sample.dice import Dice, Weighted, room, spread
from server.sample.files import read
from server.sample.names import Tradition, traditions


@dataclass(frozen=True, slots=True)
class City:
    """A town, or a part of a large one."""

    name: str
    region: str
    latitude: float
    longitude: float
    postal_code: str
    landline: str

    @classmethod
    def of(cls, text: str) -> tuple["City", int]:
        """Read a city and its weight from the form it has in the table."""
        name, region, latitude, longitude, postal_code, landline, weight = text.split("|")
        return cls(name, region, float(latitude), float(longitude), postal_code, landline), int(weight)


class Country:
    """A country in which customers live."""

    def __init__(self, code: str, table: dict[str, Any]) -> None:
        self.code = code
        self.share: int = table["share"]
        self.language: str = table["language"]
        self.time_zone: str = table["time_zone"]
        self.cities = Weighted(City.of(text) for text in table["cities"])
        mix = table["people"].split()
        self.people: Weighted[Tradition] = Weighted(
            (traditions()[name], int(share)) for name, share in zip(mix[::2], mix[1::2], strict=True)
        )
        self.own: Tradition = self.people.things[0]
        """The tradition of most people there."""
        self.streets: list[str] = table["streets"]
        self._line1: str = table["line1"]
        self._line2: list[str] = table["line2"]
        self._mobile: str = table["mobile"]
        self._mobile_wide: str = table.get("mobile_wide", self._mobile)
        self._areas: list[str] = table.get("area", "0").split()

    def mobile(self, slot: int) -> str:
        """Give the mobile number of a slot; ranges kept for fiction first, as far as they reach."""
        roomy = slot < room(self._mobile) * len(self._areas)
        return self._number(self._mobile if roomy else self._mobile_wide, slot)

    def landline(self, city: City, slot: int) -> str:
        """Give the landline number of a slot in a city."""
        return self._number(city.landline, slot)

    def _number(self, pattern: str, slot: int) -> str:
        if "{area}" not in pattern:
            return spread(pattern, slot)
        # Area codes take turns, so that each one's few numbers last.
        slot, area = divmod(slot, len(self._areas))
        return spread(pattern.format(area=self._areas[area]), slot)

    def address(self, dice: Dice, city: City, kind: str = "home") -> dict[str, Any]:
        """Give an address in a city, with coordinates within a kilometre or so of its middle."""
        address = {
            "line1": dice.fill(
                self._line1.format(
                    street=dice.pick(self.streets),
                    number=1 + int(160 * dice.fraction() ** 2),
                    number2=100 + 2 * dice.below(4000) + dice.below(2),
                )
            ),
            "city": city.name,
            "country": self.code,
            "latitude": round(city.latitude + (dice.fraction() - 0.5) / 45, 5),
            "longitude": round(city.longitude + (dice.fraction() - 0.5) / 40, 5),
        }
        if kind != "home":
            address["type"] = kind
        if city.region:
            address["region"] = city.region
        if city.postal_code:
            address["postal_code"] = dice.fill(city.postal_code)
        if self._line2 and dice.chance(34):
            address["line2"] = dice.fill(dice.pick(self._line2))
        return address


@cache
def countries() -> dict[str, Country]:
    """Give every country by its ISO 3166-1 alpha-2 code."""
    return {code: Country(code, table) for code, table in read("places").items()}


@cache
def weighted_countries() -> Weighted[Country]:
    """Give the countries to choose from."""
    return Weighted((country, country.share) for country in countries().values())

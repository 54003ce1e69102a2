"""Where an address is: its coordinates, or else the town or the country that it names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tui.map.picture import Mark
from tui.map.sphere import Place, from_mercator

if TYPE_CHECKING:
    from client.models import Branch
    from tui.forms.formats import Formats
    from tui.map.world import World

_WEB_MAP: Final = "https://www.openstreetmap.org/"
_FARTHEST_TOWN_KM: Final = 400.0


@dataclass(frozen=True, slots=True)
class Located:
    """An address with its place on the map."""

    title: str
    """The address in one line."""
    name: str
    """What stands beside the mark."""
    country: str = ""
    """ISO 3166-1 alpha-2."""
    place: Place | None = None
    """None where not even the town is known."""
    doubt: str = ""
    """Why the place is not exactly that of the address; empty where it is."""

    @property
    def link(self) -> str:
        """The place on a web map; for a town no mark is set, for nobody lives at its middle."""
        if self.place is None:
            return ""
        where = f"{self.place.latitude:.5f}/{self.place.longitude:.5f}"
        if self.doubt:
            return f"{_WEB_MAP}#map=12/{where}"
        mark = f"?mlat={self.place.latitude:.5f}&mlon={self.place.longitude:.5f}"
        return f"{_WEB_MAP}{mark}#map=16/{where}"


def locate(address: Mapping[str, Any], world: "World", formats: "Formats") -> Located:
    """Find the place of an address, given as its JSON."""
    text = {
        name: str(address.get(name) or "").strip() for name in ("line1", "city", "postal_code", "country")
    }
    country = text["country"].upper()
    town = f"{text['city']} {text['postal_code']}".strip()
    known = [part for part in (text["line1"], town, formats.country_name(country) if country else "") if part]
    title = ", ".join(known) or "An address without a word"
    name = text["line1"] or text["city"] or "This address"
    place = Place.of(_degrees(address.get("latitude")), _degrees(address.get("longitude")))
    if place is not None:
        return Located(title, name, country, place)
    found = world.town_named(text["city"], country)
    if found is not None:
        doubt = f"No coordinates: this is the middle of {found.name}."
        return Located(title, found.name, country, from_mercator(found.x, found.y), doubt)
    land = next((known for known in world.countries if known.code == country), None)
    if land is not None:
        doubt = f"No coordinates: only the country, {formats.country_name(country)}, is known."
        name = formats.country_name(country)
        return Located(title, name, country, from_mercator(land.x, land.y), doubt)
    return Located(title, name, country)


def marks_of(branches: Iterable["Branch"]) -> Sequence[Mark]:
    """Give those branches that have a place."""
    marks = []
    for branch in branches:
        place = Place.of(branch.latitude, branch.longitude)
        if place is not None:
            marks.append(Mark(branch.name, place))
    return marks


def nearest(place: Place, marks: Iterable[Mark]) -> Mark | None:
    """Give the mark with the shortest way to a place."""
    return min(marks, key=lambda mark: place.km_to(mark.place), default=None)


def nearest_town(place: Place, world: "World") -> Mark | None:
    """Give the nearest populated place within reach; None at sea and in the desert."""
    towns = (Mark(town.name, from_mercator(town.x, town.y)) for town in world.towns)
    near = nearest(place, (mark for mark in towns if abs(mark.place.latitude - place.latitude) < 4))
    return near if near is not None and place.km_to(near.place) < _FARTHEST_TOWN_KM else None


def coordinates(place: Place, formats: "Formats") -> str:
    """Give the coordinates as maps write them: `51.4545° N, 2.5879° W`."""
    north = formats.number(abs(round(place.latitude, 4)))
    east = formats.number(abs(round(place.longitude, 4)))
    return f"{north}° {'N' if place.latitude >= 0 else 'S'}, {east}° {'E' if place.longitude >= 0 else 'W'}"


def _degrees(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

"""Places on the globe: how far apart they are, and in which direction."""

import math
from dataclasses import dataclass
from typing import Final

EARTH_KM: Final = 6371.0088
"""The mean radius of the earth (IUGG)."""
_WINDS: Final = (
    "north",
    "north-east",
    "east",
    "south-east",
    "south",
    "south-west",
    "west",
    "north-west",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in degrees (WGS 84)."""

    latitude: float
    longitude: float

    @classmethod
    def of(cls, latitude: float | None, longitude: float | None) -> "Place | None":
        """Give the place of two coordinates; None where one is missing, no number, or not on the globe."""
        if latitude is None or longitude is None:
            return None
        on_globe = abs(latitude) <= 90 and abs(longitude) <= 180  # Of a NaN neither is true.
        return cls(latitude, longitude) if on_globe else None

    def km_to(self, other: "Place") -> float:
        """Give the length of the great circle to another place (haversine formula)."""
        north, other_north = math.radians(self.latitude), math.radians(other.latitude)
        east = math.radians(other.longitude - self.longitude)
        half = (
            math.sin((other_north - north) / 2) ** 2
            + math.cos(north) * math.cos(other_north) * math.sin(east / 2) ** 2
        )
        return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))

    def bearing_to(self, other: "Place") -> float:
        """Give the direction in which the way to another place begins: degrees from north by east."""
        north, other_north = math.radians(self.latitude), math.radians(other.latitude)
        east = math.radians(other.longitude - self.longitude)
        across = math.sin(east) * math.cos(other_north)
        ahead = math.cos(north) * math.sin(other_north)
        ahead -= math.sin(north) * math.cos(other_north) * math.cos(east)
        return math.degrees(math.atan2(across, ahead)) % 360

    def wind_to(self, other: "Place") -> str:
        """Give the direction to another place in words: `north-east`."""
        return _WINDS[round(self.bearing_to(other) / 45) % 8]


def mercator(place: Place) -> tuple[float, float]:
    """Give the place on the square of Web Mercator (EPSG:3857): 0 to 1, west to east and north to south.

    The poles are infinitely far on it; it ends at 85 degrees.
    """
    latitude = max(-85.0511, min(85.0511, place.latitude))
    down = math.asinh(math.tan(math.radians(latitude)))
    return (place.longitude + 180) / 360, (1 - down / math.pi) / 2


def from_mercator(x: float, y: float) -> Place:
    """Give the place at a point of the square; east of it the world begins again."""
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * max(0.0, min(1.0, y))))))
    return Place(latitude, (x % 1.0) * 360 - 180)

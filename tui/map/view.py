"""Which part of the world is shown, and how large."""

import math
from dataclasses import dataclass, replace
from typing import Final

from tui.map.sphere import EARTH_KM, Place, from_mercator, mercator
from tui.map.world import Country

DOTS_ACROSS: Final = 2
"""Dots in a cell from left to right; a cell is about twice as high as wide, so dots are square."""
DOTS_DOWN: Final = 4

TOWN_KM: Final = 40.0
"""The width of the picture of a town."""
COUNTRY_KM: Final = 1_000.0
"""The width of the picture of a country whose own size is not known."""
_CLOSEST_KM: Final = 2.0
_AROUND_KM: Final = 2 * math.pi * EARTH_KM
_NORTHERN_END: Final = mercator(Place(84.0, 0.0))[1]
_SOUTHERN_END: Final = mercator(Place(-60.0, 0.0))[1]


@dataclass(frozen=True, slots=True)
class View:
    """A part of the world on a rectangle of cells, in Web Mercator."""

    x: float
    """The middle, 0 to 1 from west to east."""
    y: float
    """The middle, 0 to 1 from north to south."""
    size: float
    """How many dots the whole world is wide."""
    columns: int
    rows: int

    @classmethod
    def around(cls, place: Place, km: float, columns: int, rows: int) -> "View":
        """Show a place in the middle of a picture that is `km` wide, or high where that is less."""
        x, y = mercator(place)
        across, down = columns * DOTS_ACROSS, rows * DOTS_DOWN
        return cls(x, y, min(across, down * 1.6) * _stretch(y) * _AROUND_KM / km, columns, rows).within()

    @classmethod
    def of_country(cls, country: Country, columns: int, rows: int) -> "View":
        """Show the mainland of a country with some room around it."""
        width, height = country.east - country.west, country.south - country.north
        size = 0.88 * min(columns * DOTS_ACROSS / width, rows * DOTS_DOWN / height)
        middle = (country.west + country.east) / 2, (country.north + country.south) / 2
        return cls(*middle, size, columns, rows).within()

    @classmethod
    def of_world(cls, place: Place, columns: int, rows: int) -> "View":
        """Show the whole world, as far as the place allows in its middle."""
        return cls(mercator(place)[0], 0.5, 1.0, columns, rows).within()

    @property
    def km_per_dot(self) -> float:
        """How much of the ground a dot covers in the middle of the picture."""
        return _AROUND_KM * _stretch(self.y) / self.size

    @property
    def degrees_per_dot(self) -> float:
        """How much of the equator a dot would cover."""
        return 360 / self.size

    @property
    def width_km(self) -> float:
        """How much of the ground the picture is wide."""
        return self.km_per_dot * self.columns * DOTS_ACROSS

    @property
    def middle(self) -> Place:
        """The place in the middle."""
        return from_mercator(self.x, self.y)

    def dot(self, x: float, y: float) -> tuple[float, float]:
        """Give the dot, from the upper left, at which a point of the square lies, the nearer way round."""
        across = (x - self.x + 0.5) % 1.0 - 0.5
        return (
            across * self.size + self.columns * DOTS_ACROSS / 2,
            (y - self.y) * self.size + self.rows * DOTS_DOWN / 2,
        )

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Give the column and row of a point of the square; they may be outside the picture."""
        across, down = self.dot(x, y)
        return math.floor(across / DOTS_ACROSS), math.floor(down / DOTS_DOWN)

    def shows(self, place: Place) -> bool:
        """Say whether a place is in the picture."""
        column, row = self.cell(*mercator(place))
        return 0 <= column < self.columns and 0 <= row < self.rows

    def zoomed(self, factor: float, place: Place) -> "View":
        """Show the world `factor` times as large; a `place` in the picture stays where it is in it."""
        size = self._allowed(self.size * factor)
        if not self.shows(place):
            return replace(self, size=size).within()
        x, y = mercator(place)
        rest = self.size / size
        x += ((self.x - x + 0.5) % 1.0 - 0.5) * rest
        return replace(self, x=x, y=y + (self.y - y) * rest, size=size).within()

    def panned(self, right: float, down: float) -> "View":
        """Move by parts of the picture's width and height."""
        x = self.x + right * self.columns * DOTS_ACROSS / self.size
        y = self.y + down * self.rows * DOTS_DOWN / self.size
        return replace(self, x=x, y=y).within()

    def resized(self, columns: int, rows: int) -> "View":
        """Show the same on another number of cells."""
        if (columns, rows) == (self.columns, self.rows):
            return self
        size = self.size * columns / max(1, self.columns)
        return replace(self, columns=columns, rows=rows, size=size).within()

    def within(self) -> "View":
        """Give the same view, within what there is to see: no smaller than the world, not beyond its ends."""
        size = self._allowed(self.size)
        half = self.rows * DOTS_DOWN / 2 / size
        low, high = _NORTHERN_END + half, _SOUTHERN_END - half
        # A middle that is beyond the ends on its own, such as a pole, may be there; the world needs none.
        y = max(low, min(high, self.y)) if low < high else (_NORTHERN_END + _SOUTHERN_END) / 2
        if self.width_km < COUNTRY_KM:
            y = max(0.0, min(1.0, self.y))
        return replace(self, x=self.x % 1.0, y=y, size=size)

    def _allowed(self, size: float) -> float:
        smallest = float(max(1, self.columns * DOTS_ACROSS))
        largest = smallest * _AROUND_KM * _stretch(self.y) / _CLOSEST_KM
        return max(smallest, min(size, max(smallest, largest)))


def _stretch(y: float) -> float:
    """Give how much of the equator's length a parallel has at a place of the square."""
    return math.cos(math.radians(from_mercator(0.5, y).latitude))

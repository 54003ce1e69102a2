"""Lengths on the ground, in kilometres or miles as the country has it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

KM_A_MILE: Final = 1.609344
_COUNTRIES_OF_MILES: Final = frozenset({"US", "GB", "LR", "MM"})
"""Where distances between places are told in miles (Unicode CLDR)."""


@dataclass(frozen=True)
class Lengths:
    """Tells lengths in one unit."""

    number: Callable[[float], str]
    """Writes a number as the locale does."""
    miles: bool = False

    @classmethod
    def of(cls, locale: str, number: Callable[[float], str]) -> "Lengths":
        """Take the unit of a locale such as `en_GB`."""
        return cls(number, miles=locale.rpartition("_")[2] in _COUNTRIES_OF_MILES)

    def told(self, km: float) -> str:
        """Give a length in few digits: `850 m`, `12.4 km`, `1,204 mi`."""
        length = km / KM_A_MILE if self.miles else km
        if not self.miles and length < 0.995:
            return f"{self.number(max(10, round(length * 100) * 10))} m"
        return f"{self.number(round(length, 1) if length < 99.95 else round(length))} {self._unit}"

    def round_km(self, longest_km: float) -> float:
        """Give the longest round length that is no longer than this, in kilometres: 1, 2 or 5 and noughts."""
        unit = KM_A_MILE if self.miles else 1.0
        longest = max(longest_km / unit, 1e-3)
        power = 10.0 ** math.floor(math.log10(longest))
        return unit * power * next(step for step in (5, 2, 1) if step * power <= longest * 1.0001)

    def told_round(self, km: float) -> str:
        """Give a length of `round_km`, which has few digits by itself."""
        length = km / KM_A_MILE if self.miles else km
        if not self.miles and length < 0.9:
            return f"{self.number(round(length * 1000))} m"
        return f"{self.number(round(length, 3))} {self._unit}"

    @property
    def _unit(self) -> str:
        return "mi" if self.miles else "km"

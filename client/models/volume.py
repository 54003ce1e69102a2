"""Amounts of transferred bytes: what a usage allowance counts. Exact, in decimal units (IEC 80000-13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from client.models.kinds import Number, Refused

UNITS: Final[Mapping[str, int]] = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
"""Bytes of each unit, the smallest first. Providers count a gigabyte as 10^9 bytes."""

MOST: Final = 10**15
"""A thousand terabytes; every number up to it is exact in JSON (RFC 8259, section 6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume(Number):
    """A whole number of bytes."""

    minimum: float = 0
    maximum: float = MOST
    unit: str = "B"

    def check(self, value: float) -> float:
        """Give the number. Refuses less than `minimum` and more than a thousand terabytes."""
        if value < self.minimum:
            raise Refused("out_of_range", "This must be more than nothing.")
        if value > self.maximum:
            raise Refused("out_of_range", f"This is too much: at most {self.maximum / 10**12:,.0f} TB.")
        return value

"""Exact decimals that are no money: rates and quantities."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from client.models.kind import Refused
from client.models.money import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact(Amount):
    """An exact decimal between two bounds, as text, with at most four digits behind the point."""

    minimum: int = 0
    maximum: int
    unit: str = ""

    def check(self, value: str) -> str:
        """Give the number without superfluous zeros. Refuses what is no plain decimal or out of bounds."""
        number = Decimal(Amount.check(self, value))
        if not self.minimum <= number <= self.maximum:
            raise Refused("out_of_range", f"This must lie between {self.minimum:,} and {self.maximum:,}.")
        written = f"{number:f}"
        return written.rstrip("0").rstrip(".") if "." in written else written

    def schema(self) -> dict[str, Any]:
        """Give the form: no more digits before the point than the bounds have."""
        sign = "-?" if self.minimum < 0 else ""
        digits = len(str(max(-self.minimum, self.maximum))) - 1
        top = f"{self.maximum}(\\.0{{1,4}})?"
        return {"pattern": f"^({sign}[0-9]{{1,{digits}}}(\\.[0-9]{{1,4}})?|{top})$", "examples": ["7.25"]}

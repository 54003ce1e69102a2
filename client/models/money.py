"""Money as it travels: an exact decimal as text, with its currency (ISO 4217). Never a binary fraction."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Final

from pydantic import Field

from client.models.base import Model
from client.models.kind import Kind, Refused
from client.models.text_kinds import Code

_EXPONENTS: Final[Mapping[int, str]] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS: Final = {code: digits for digits, codes in _EXPONENTS.items() for code in codes.split()}
_USUAL_DIGITS: Final = 2
_SHAPE: Final = "-?[0-9]{1,12}(\\.[0-9]{1,4})?"

CURRENCY: Final = Code(pattern="[A-Z]{3}", example="EUR", what="a currency code", upper=True, max_length=3)
"""ISO 4217."""


def digits_of(currency: str) -> int:
    """Give how many digits a currency has behind the point (the exponent of ISO 4217)."""
    return _DIGITS.get(currency, _USUAL_DIGITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Kind):
    """An exact decimal, as text: at most twelve digits before the point and four behind it."""

    def check(self, value: str) -> str:
        """Give the number without superfluous zeros. Refuses all that is no plain decimal."""
        if not re.fullmatch(_SHAPE, value, re.ASCII):
            raise Refused("not_an_amount", "This is not an amount, such as 12.50.")
        return str(Decimal(value))

    def schema(self) -> dict[str, Any]:
        """Give the form."""
        return {"pattern": f"^{_SHAPE}$", "examples": ["12.50"]}


class Money(Model):
    """An amount of a currency."""

    amount: Annotated[str, Amount(), Field(title="Amount")]
    """A decimal, with the digits that the currency has."""
    currency: Annotated[str, CURRENCY, Field(title="Currency")]
    """ISO 4217."""

    @property
    def exact(self) -> Decimal:
        """The amount as a number."""
        return Decimal(self.amount)

    @property
    def minor(self) -> int:
        """The amount in the smallest unit of the currency, such as cents: what databases sum."""
        return int(self.exact.scaleb(digits_of(self.currency)).to_integral_value(ROUND_HALF_UP))


@dataclass(frozen=True, slots=True, kw_only=True)
class Price(Kind):
    """A field that holds `Money`; `negative` where it may be owed the other way."""

    negative: bool = False

    def check(self, value: Any) -> Any:
        """Give the money with all its digits. Refuses fractions of the smallest unit, and debts."""
        amount, digits = Decimal(value.amount), digits_of(value.currency)
        if amount != amount.quantize(Decimal(1).scaleb(-digits)):
            raise Refused("too_exact", f"{value.currency} has {digits or 'no'} digits behind the point.")
        if amount < 0 and not self.negative:
            raise Refused("negative", "This cannot be less than nothing.")
        return value.model_copy(update={"amount": str(amount.quantize(Decimal(1).scaleb(-digits)))})


def money(amount: Decimal, currency: str) -> Money:
    """Give money, rounded half up to the smallest unit of the currency."""
    unit = Decimal(1).scaleb(-digits_of(currency))
    return Money(amount=str(amount.quantize(unit, ROUND_HALF_UP)), currency=currency)


def money_of_minor(minor: int, currency: str) -> Money:
    """Give money from its smallest units, as databases keep it."""
    return money(Decimal(minor).scaleb(-digits_of(currency)), currency)


def total(parts: Iterable[Money], currency: str) -> Money:
    """Add money of one currency; others are left out."""
    return money(sum((part.exact for part in parts if part.currency == currency), Decimal(0)), currency)

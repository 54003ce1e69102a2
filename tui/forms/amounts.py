"""Amounts of money as a locale writes them, and as people type them."""

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from tui.forms.locales import locale_of, plain
from tui.forms.numbers import read_number

if TYPE_CHECKING:
    from client.models.money import Money

_SIGNS: Final = {"€": "EUR", "£": "GBP", "¥": "JPY"}
"""Signs that mean one currency wherever they stand; the many dollars are those of the business."""


def shown_money(amount: str, currency: str, identifier: str) -> str:
    """Give an amount with the sign of its currency; what is no amount stands as it is."""
    from babel import numbers

    try:
        exact = Decimal(amount)
        written = numbers.format_currency(exact, currency, locale=locale_of(identifier), currency_digits=True)
    except (InvalidOperation, ValueError, KeyError):
        return f"{amount} {currency}".strip()
    return plain(written)


def money_to_edit(amount: str, currency: str, identifier: str, own_currency: str) -> str:
    """Give an amount without groups, and its currency where that is not the own one."""
    mark = locale_of(identifier).number_symbols["latn"]["decimal"]
    written = amount.replace(".", mark)
    return written if currency == own_currency else f"{written} {currency}"


def read_money(text: str, identifier: str, own_currency: str) -> "Money":
    """Give the money that `12.50`, `€12`, `1 234,50 CHF` name. Raises `Refused`."""
    from client.models.money import CURRENCY, Money, digits_of

    currency, bare = own_currency, text.strip()
    for sign, code in _SIGNS.items():
        if sign in bare:
            currency, bare = code, bare.replace(sign, "")
    bare = bare.replace("$", "")
    named = re.search(r"[A-Za-z]+", bare)
    if named is not None:
        currency, bare = CURRENCY.check(named[0]), bare.replace(named[0], "")
    likeliest = read_number(bare, identifier)
    digits = digits_of(currency)
    # `1.234` may be either; where a currency has two digits behind the point, three part thousands.
    fitting = [number for number in likeliest if -int(number.as_tuple().exponent) <= digits] or likeliest
    return Money(amount=str(fitting[0]), currency=currency)

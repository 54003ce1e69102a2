"""Numbers as a locale writes them, and in every other sensible form."""

import re
import unicodedata
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from client.models.kinds import Refused
from tui.forms.locales import locale_of, plain

if TYPE_CHECKING:
    from babel import Locale

_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2019": "'"})


def shown_number(value: float, identifier: str, *, groups: bool = True) -> str:
    """Give a number as the locale writes it, with all its digits: `1 234,5`."""
    from babel import numbers

    locale = locale_of(identifier)
    # As many digits as a float can have: with the usual 28, larger numbers are an error.
    with localcontext(prec=350):
        exact = Decimal(repr(value))
        return plain(
            numbers.format_decimal(exact, locale=locale, decimal_quantization=False, group_separator=groups)
        )


def read_number(text: str, identifier: str) -> list[Decimal]:
    """Give the numbers that `text` can mean, the likeliest first: `1.234` may be either. Raises `Refused`."""
    decimal, group = _symbols(locale_of(identifier))
    if decimal not in ",.":
        text = text.replace(decimal, ".")
    if group not in ",.":
        text = text.replace(group, "")
    bare = re.sub(r"[\s_']", "", "".join(map(_ascii, text.translate(_SIGNS))))
    readings = [
        Decimal(written)
        for written in _readings(bare, group)
        if re.fullmatch(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})", written)
    ]
    if not readings:
        raise Refused("not_a_number", f"This is not a number, such as {shown_number(1234.5, identifier)}.")
    return readings


def _ascii(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _symbols(locale: "Locale") -> tuple[str, str]:
    symbols = locale.number_symbols["latn"]
    return symbols["decimal"], symbols["group"]


def _readings(text: str, group: str) -> list[str]:
    """Give what `text` may be with a decimal point and no groups."""
    marks = [character for character in text if character in ",."]
    if not marks:
        return [text]
    last = marks[-1]
    other = "," if last == "." else "."
    whole = text.replace(",", "").replace(".", "") if _grouped(text, last) else ""
    parted = text.replace(other, "").replace(last, ".") if marks.count(last) == 1 else ""
    if other in marks:
        # Both marks: the last one is the decimal mark, the others must part thousands.
        return [parted] if parted and _grouped(text.rpartition(last)[0], other) else []
    if marks.count(last) > 1:
        return [whole]
    return [whole, parted] if last == group else [parted, whole]


def _grouped(text: str, mark: str) -> bool:
    return (
        re.fullmatch(rf"[+-]?\d{{1,3}}({re.escape(mark)}\d{{2,3}})*{re.escape(mark)}\d{{3}}", text)
        is not None
    )

"""Amounts of bytes as people write and read them: `48.3 GB`, never 48300000000."""

import re
from decimal import Decimal
from typing import Final

from client.models.kinds import Refused
from client.models.volume import UNITS
from tui.forms.numbers import read_number, shown_number

_BY_LETTER: Final = {unit[0].casefold(): size for unit, size in UNITS.items()}
_USUAL: Final = "g"
"""What a number without a unit is of."""


def shown_volume(value: int, identifier: str) -> str:
    """Give bytes in the largest unit that fits, rounded to three digits or to the whole: `48.3 GB`."""
    unit, size = _unit_of(value)
    exact = Decimal(value) / size
    digits = max(0, 2 - max(0, exact.adjusted()))
    return f"{_written(exact.quantize(Decimal(1).scaleb(-digits)), identifier)} {unit}"


def volume_to_edit(value: int, identifier: str) -> str:
    """Give bytes with every digit, to type over."""
    unit, size = _unit_of(value)
    return f"{_written(Decimal(value) / size, identifier)} {unit}"


def read_volume(text: str, identifier: str) -> int:
    """Give the bytes that `200`, `200 GB`, `1.5tb`, `500 MB` name. Raises `Refused`."""
    found = re.fullmatch(r"(.*?)\s*([kmgt]?)(?:b|byte|bytes)?", text.strip(), re.IGNORECASE | re.ASCII)
    number, letter = (found[1], found[2].casefold()) if found else (text, "")
    bare = number == text.strip()
    size = _BY_LETTER[letter or (_USUAL if bare else "b")]
    exact = read_number(number, identifier)[0] * size
    if exact != exact.to_integral_value():
        raise Refused("too_exact", "There are no parts of a byte.")
    return int(exact)


def _unit_of(value: int) -> tuple[str, int]:
    fitting = [(unit, size) for unit, size in UNITS.items() if value >= size]
    return fitting[-1] if fitting else ("B", 1)


def _written(exact: Decimal, identifier: str) -> str:
    plain = exact.normalize()
    whole = plain == plain.to_integral_value()
    return shown_number(int(plain) if whole else float(plain), identifier, groups=False)

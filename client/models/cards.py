"""Card numbers: recognised wherever they stand, so that none is ever taken."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from client.models.kind import Kind, Refused
from client.models.text_kinds import Line

_SHORTEST: Final = 12
_LONGEST: Final = 19
"""Digits of a card number (ISO/IEC 7812-1)."""
_RUN: Final = re.compile(r"\d(?:[\W_]*\d)*")
"""Digits of any script, with nothing between them but blanks, dashes and other punctuation."""


def holds_card_number(text: str) -> bool:
    """Say whether 12 to 19 digits in a row pass the check of card numbers (Luhn, ISO/IEC 7812-1 annex B).

    Blanks and punctuation between the digits do not hide a number, nor do further digits around it.
    """
    return any(_among([unicodedata.digit(sign, -1) for sign in run]) for run in _runs(text))


def _runs(text: str) -> list[str]:
    return [re.sub(r"[\W_]", "", found[0]) for found in _RUN.finditer(text)]


def _among(digits: list[int]) -> bool:
    """Look at every stretch of digits that could be a number, from each possible last digit backwards."""
    for end in range(_SHORTEST, len(digits) + 1):
        checksum = 0
        for length, digit in enumerate(reversed(digits[max(0, end - _LONGEST) : end]), start=1):
            checksum += digit if length % 2 else sum(divmod(2 * digit, 10))
            if length >= _SHORTEST and checksum % 10 == 0:
                return True
    return False


CARD_NUMBER: Final = (
    "This looks like a card number. Card numbers never enter Keeptabs: "
    "have it typed at the payment provider, and give the token that comes back."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token(Kind):
    """What a payment provider gave for a card: one line of text that is no card number."""

    max_length: int = 255

    def check(self, value: str) -> str:
        """Give the token without outer blanks. Refuses card numbers, and all that is no line of text."""
        # As long as it may be at most: looking for numbers in a megabyte of digits takes seconds.
        if holds_card_number(value[: self.max_length]):
            raise Refused("card_number", CARD_NUMBER)
        return Line(max_length=self.max_length, required=True).check(value)

    def schema(self) -> dict[str, Any]:
        """Describe the length and the characters."""
        return Line(max_length=self.max_length, required=True).schema()

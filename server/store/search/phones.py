"""Telephone numbers as people type them: any fragment, any punctuation, with or without the country code."""

import re
from dataclasses import dataclass

# ITU-T E.164 country codes of one and two digits; every other code has three.
_ONE = frozenset("17")
_TWO = frozenset({*range(30, 35), *range(51, 59), *range(60, 67), *range(90, 96)}) | {
    *(20, 27, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 81, 82, 84, 86, 98),
}

_TRUNK = re.compile(r"\(\s*0\s*\)")


def country_code_length(digits: str) -> int:
    """Say how many digits of an E.164 number are its country code."""
    if digits[:1] in _ONE:
        return 1
    return 2 if int(digits[:2] or 0) in _TWO else 3


def starts(digits: str) -> tuple[str, str]:
    """Give what may be typed first of a number: all of it, or what follows country code and trunk 0."""
    return digits, digits[country_code_length(digits) :].lstrip("0")


@dataclass(frozen=True, slots=True)
class Fragment:
    """Digits typed for a number: `anywhere` may stand at any place in it, `beginnings` only at its start."""

    anywhere: str
    beginnings: tuple[str, ...]

    def ends(self, numbers: tuple[str, ...]) -> bool:
        """Say whether one of the numbers ends with the digits."""
        return any(number.endswith(self.anywhere) for number in numbers)

    def begins(self, numbers: tuple[str, ...]) -> bool:
        """Say whether one of the numbers begins with the digits, its country code left out or not."""
        typed = tuple(form for form in self.beginnings if len(form) > 1)
        return any(form.startswith(typed) for number in numbers for form in starts(number))

    def within(self, numbers: tuple[str, ...]) -> bool:
        """Say whether one of the numbers contains the digits."""
        return any(self.anywhere in number for number in numbers)


def fragment(typed: str) -> Fragment:
    """Read digits out of what was typed: `(0)`, 00 and a trunk 0 are understood.

    A country code followed by the trunk 0 (`+44 020…`) is understood as well.
    """
    digits = re.sub(r"\D", "", _TRUNK.sub("", typed))
    beginnings = [digits]
    if digits.startswith("00"):
        beginnings.append(digits[2:])
    elif digits.startswith("0"):
        beginnings.append(digits[1:])
    whole = digits.removeprefix("00")
    code = country_code_length(whole)
    if whole[code : code + 1] == "0" and ("+" in typed or whole != digits):
        beginnings.append(whole[:code] + whole[code + 1 :])
    return Fragment(digits, tuple(form for form in beginnings if form))

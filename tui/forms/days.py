"""Reading a calendar date in any form that people type, by the order and the words of a locale."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from client.fold import fold_words
from client.models.kinds import Refused

_RELATIVE: Final = {"today": 0, "yesterday": -1, "tomorrow": 1}
_YEARS_AHEAD: Final = 20
"""A two-digit year means at most this far from now, where a day to come makes sense at all."""


@dataclass(frozen=True, slots=True)
class DayWords:
    """What a locale says about dates."""

    order: str
    """The letters `d`, `m`, `y` in the order in which the locale writes numbers."""
    months: Mapping[str, int]
    """Folded names of months."""
    fillers: frozenset[str]
    """Folded words that may stand in a date and say nothing, such as `de` or a weekday."""
    example: str
    """A date as the locale writes it, for refusals."""


def read_day(text: str, words: DayWords, *, past: bool, today: date) -> date:
    """Give the date that `text` names.

    Accepted are year-month-day, three numbers in the locale's order (with dots always day first), digits
    alone (`120385`, `12031985`, `19850312`), a day with the name of a month, and today, yesterday and
    tomorrow. A two-digit year is the latest that makes a past day when `past`. Raises `Refused`.
    """
    numbers, names = _pieces(text, words)
    if not numbers and len(names) == 1 and names[0] in _RELATIVE:
        return today + timedelta(days=_RELATIVE[names[0]])
    if len(numbers) == 2 and not names:
        raise Refused("not_a_date", f"The year is missing; write it like {words.example}.")
    if len(numbers) == 1 and not names:
        year, month, day = _together(numbers[0], words)
    elif len(numbers) == 3 and not names:
        year, month, day = _in_order(numbers, _order(text, words))
    elif len(numbers) == 2 and len(names) == 1:
        year, month, day = _with_month(numbers, _month(names[0], words), words.order)
    else:
        raise _not_a_date(words)
    try:
        return date(_year(year, int(month), int(day), past=past, today=today), int(month), int(day))
    except (ValueError, OverflowError):
        raise Refused("no_such_day", f"There is no such day; write it like {words.example}.") from None


def _order(text: str, words: DayWords) -> str:
    dotted = text.count(".") >= 2 and not words.order.startswith("y")
    return "dmy" if dotted else words.order


def _not_a_date(words: DayWords) -> Refused:
    return Refused("not_a_date", f"This is not a date, such as {words.example}.")


def _pieces(text: str, words: DayWords) -> tuple[list[str], list[str]]:
    """Give the numbers, in ASCII digits, and the words that are no fillers."""
    numbers: list[str] = []
    names: list[str] = []
    for word in fold_words(text):
        for piece in re.findall(r"\d+|\D+", word):
            if piece[0].isdecimal():
                numbers.append("".join(str(unicodedata.decimal(digit)) for digit in piece))
            elif piece in words.months or piece not in words.fillers:
                names.append(piece)
    if any(len(number) > 8 for number in numbers):
        raise _not_a_date(words)
    return numbers, names


def _month(name: str, words: DayWords) -> str:
    if name in words.months:
        return str(words.months[name])
    begun = {month for known, month in words.months.items() if len(name) >= 3 and known.startswith(name)}
    if len(begun) != 1:
        raise _not_a_date(words)
    return str(begun.pop())


def _together(digits: str, words: DayWords) -> tuple[str, str, str]:
    if len(digits) == 8 and "1800" <= digits[:4] <= "2199" and "01" <= digits[4:6] <= "12":
        return digits[:4], digits[4:6], digits[6:]
    if len(digits) not in (6, 8):
        raise _not_a_date(words)
    parts, place = {}, 0
    for letter in words.order:
        length = len(digits) - 4 if letter == "y" else 2
        parts[letter] = digits[place : place + length]
        place += length
    return parts["y"], parts["m"], parts["d"]


def _in_order(numbers: list[str], order: str) -> tuple[str, str, str]:
    if len(numbers[0]) > 2:
        order = "ymd"
    elif len(numbers[2]) > 2 and order.startswith("y"):
        order = "dmy"
    parts = dict(zip(order, numbers, strict=True))
    # What cannot be a month was meant as the day.
    if int(parts["m"]) > 12 >= int(parts["d"]):
        parts["m"], parts["d"] = parts["d"], parts["m"]
    return parts["y"], parts["m"], parts["d"]


def _with_month(numbers: list[str], month: str, order: str) -> tuple[str, str, str]:
    first, second = numbers
    if len(second) > 2 or int(second) > 31:
        return second, month, first
    if len(first) > 2 or int(first) > 31 or order.startswith("y"):
        return first, month, second
    return second, month, first


def _year(digits: str, month: int, day: int, *, past: bool, today: date) -> int:
    if len(digits) > 2:
        return int(digits)
    year = today.year - today.year % 100 + int(digits)
    if past:
        return year - 100 if (year, month, day) > (today.year, today.month, today.day) else year
    return year - 100 if year > today.year + _YEARS_AHEAD else year

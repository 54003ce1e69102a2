"""What is known of a locale: its words for dates, and its names of countries and languages.

Babel is imported inside the functions: it is not needed for the first frame. Its parts are taken
`from babel`, which waits until the package is whole: another thread may be loading it.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from client.fold import fold, fold_words
from client.models.kinds import Refused
from client.text import clean
from tui.forms.days import DayWords, read_day

if TYPE_CHECKING:
    from babel import Locale

_FILLERS: Final = ("of", "the", "st", "nd", "rd", "th", "de", "del", "den", "d")
_BLANKS: Final = re.compile("[\u00a0\u2007\u2009\u202f]")
_NO_COUNTRIES: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


def plain(text: str) -> str:
    """Give text of the locale database with ordinary blanks and without marks of direction."""
    return clean(_BLANKS.sub(" ", text))


def posix_locale(environment: Mapping[str, str], category: str) -> str:
    """Give the locale that the environment names for a category such as `LC_TIME`, or an empty string.

    `C` and `POSIX` name none.
    """
    named = next((environment[name] for name in ("LC_ALL", category, "LANG") if environment.get(name)), "")
    named = re.split(r"[.@]", named)[0]
    return "" if named in ("C", "POSIX") else named


@cache
def locale_of(identifier: str) -> "Locale":
    """Give the locale for `en_GB`, else that of its language, else English."""
    from babel import Locale, UnknownLocaleError

    for candidate in (identifier, identifier.split("_")[0]):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return Locale("en")


@cache
def day_words(identifier: str) -> DayWords:
    """Give the order of numbers and the words that dates have in a locale; English words work everywhere."""
    locale = locale_of(identifier)
    months: dict[str, int] = {}
    fillers = set(_FILLERS)
    for known in (locale, locale_of("en")):
        for names in (*known.months["format"].values(), *known.months["stand-alone"].values()):
            for number, name in names.items():
                words = fold_words(name)
                if len(words) == 1 and not words[0].isdecimal() and len(name) > 1:
                    months.setdefault(words[0], number)
                else:
                    fillers.update(_letters(words))
        for names in known.days["format"].values():
            fillers.update(word for name in names.values() for word in fold_words(name))
        for form in known.date_formats.values():
            literals = " ".join(re.findall("'([^']*)'", form.pattern))
            bare = re.sub("'[^']*'|[A-Za-z]+", " ", form.pattern)
            fillers.update(_letters(fold_words(f"{literals} {bare}")))
    example = numeric_day(date(1985, 3, 12), identifier)
    return DayWords(_numeric(locale)[0], months, frozenset(fillers), example)


def written_day(value: date, identifier: str) -> str:
    """Give a date with the name of its month where the locale has it so: `12 Mar 1985`."""
    from babel import dates

    if _reads_months_back(identifier):
        return plain(dates.format_date(value, "medium", locale=locale_of(identifier)))
    return numeric_day(value, identifier)


def weekday(value: date, identifier: str) -> str:
    """Give the day of the week in short: `Tue`."""
    from babel import dates

    return plain(dates.format_date(value, "EEE", locale=locale_of(identifier)))


@cache
def _reads_months_back(identifier: str) -> bool:
    """Say whether dates with names of months are read as what they are; a few languages inflect too much."""
    from babel import dates

    words = day_words(identifier)
    for month in range(1, 13):
        day = date(1985, month, 9 if month != 9 else 10)
        written = plain(dates.format_date(day, "medium", locale=locale_of(identifier)))
        try:
            if read_day(written, words, past=False, today=day) != day:
                return False
        except Refused:
            return False
    return True


def numeric_day(value: date, identifier: str) -> str:
    """Give a date in numbers, in the order of the locale: `12/03/1985`."""
    order, separator = _numeric(locale_of(identifier))
    numbers = {"d": f"{value.day:02}", "m": f"{value.month:02}", "y": f"{value.year:04}"}
    return separator.join(numbers[letter] for letter in order)


def _numeric(locale: "Locale") -> tuple[str, str]:
    """Give the order of day, month and year in numbers, and what stands between them."""
    pattern = plain(locale.date_formats["short"].pattern)
    order = "".join(dict.fromkeys(letter for letter in pattern.lower() if letter in "dmy"))
    separator = next((mark for mark in pattern if mark in "./-"), "-")
    return (order, separator) if len(order) == 3 else ("dmy", separator)


def _letters(words: Iterable[str]) -> Iterable[str]:
    return (part for word in words for part in re.findall(r"\D+", word))


@cache
def codes_by_name(what: Literal["territories", "languages"], identifier: str) -> Mapping[str, str]:
    """Give the codes of all countries or languages by their folded names, in the locale and in English."""
    codes: dict[str, str] = {}
    for known in (locale_of(identifier), locale_of("en")):
        names: Mapping[str, str] = getattr(known, what)
        for code, name in names.items():
            wanted = (
                len(code) == 2 and code not in _NO_COUNTRIES if what == "territories" else "_" not in code
            )
            if wanted:
                codes.setdefault(fold(plain(name)), code)
    return codes


def find_code(text: str, codes: Mapping[str, str], what: str, example: str) -> str:
    """Give the code that a name or an unmistakable beginning of it stands for. Raises `Refused`."""
    wanted = fold(text.strip())
    if wanted in codes:
        return codes[wanted]
    if wanted.upper() in codes.values() or wanted in codes.values():
        return wanted.upper() if wanted.upper() in codes.values() else wanted
    begun = {code for name, code in codes.items() if len(wanted) >= 3 and name.startswith(wanted)}
    if len(begun) != 1:
        raise Refused("not_a_code", f"This is not {what}, such as {example}.")
    return begun.pop()

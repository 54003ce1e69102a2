"""Where a customer's row matches what was typed: for highlighting, and for narrowing rows already at hand.

Pure. It knows less than the server's search (second phone numbers, logins and typos are not in a row), so
a row that matches here is surely a hit, while one that does not may still be one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from client.fold import fold, fold_positions, fold_words
from client.models import CustomerRow

Mark = tuple[int, int]
"""Start and end of a matched piece, as positions in the text that is shown."""

SHORTEST_FRAGMENT: Final = 3
"""Letters of an e-mail address, or digits of a phone, that are looked for anywhere, not only at a start."""

_PHONE_PART = re.compile(r"[+(]*\d[\d()./+\-]*")


@dataclass(frozen=True, slots=True)
class Needles:
    """What was typed, as it is looked for."""

    words: tuple[str, ...] = ()
    """Folded words with at least one letter."""
    numbers: tuple[str, ...] = ()
    """Pieces of digits; neighbours make one piece, since people write phones with blanks."""
    pieces: tuple[str, ...] = ()
    """The same digits as they were typed, piece by piece."""

    @classmethod
    def of(cls, text: str) -> "Needles":
        """Take `text` apart: words in any order, digits as one number where they stand side by side.

        The zero of "+44 (0)20…" is dialled only inside the country and is no part of the number.
        """
        words: list[str] = []
        runs: list[list[str]] = []
        joined = False
        for part in text.replace("(0)", "").split():
            if part.isascii() and _PHONE_PART.fullmatch(part):
                digits = "".join(filter(str.isdigit, part))
                if joined:
                    runs[-1].append(digits)
                else:
                    runs.append([digits])
                joined = True
            else:
                words += fold_words(part)
                joined = False
        return cls(
            tuple(words), tuple("".join(run) for run in runs), tuple(piece for run in runs for piece in run)
        )

    def __bool__(self) -> bool:
        return bool(self.words or self.numbers)


def matches(row: CustomerRow, needles: Needles) -> bool:
    """Say whether every word and number typed is found in the row."""
    parts = _words_of(row.display_name, row.city, row.email, *row.labels)
    email = fold(row.email)
    return all(
        any(part.startswith(word) for part in parts) or (len(word) >= SHORTEST_FRAGMENT and word in email)
        for word in needles.words
    ) and all(_has_number(row, parts, number) for number in needles.numbers)


def matches_by_name(row: CustomerRow, needles: Needles) -> bool:
    """Say whether every word typed begins a word of the name: such rows come first."""
    parts = _words_of(row.display_name)
    return all(any(part.startswith(word) for part in parts) for word in needles.words)


def marks(text: str, needles: Needles, *, anywhere: bool = False) -> list[Mark]:
    """Find the typed words in `text`, at the start of its words or, where nothing starts so, `anywhere`."""
    wanted = [*needles.words, *needles.pieces]
    if not wanted or not text:
        return []
    folded, places = fold_positions(text)
    found: list[Mark] = []
    for word in wanted:
        starts = [at for at in _occurrences(folded, word) if at == 0 or not _in_word(folded[at - 1])]
        if not starts and anywhere and len(word) >= SHORTEST_FRAGMENT:
            starts = _occurrences(folded, word)
        found += [_mark(text, places, start, start + len(word)) for start in starts]
    return _merged(found)


def phone_marks(shown: str, needles: Needles, number: str = "") -> list[Mark]:
    """Find the typed digits in a phone number as it is `shown`, across blanks and punctuation.

    `number` is the same in E.164 form: digits typed with a country code that is not shown are found by it.
    """
    places = [place for place, character in enumerate(shown) if character.isdecimal()]
    digits = "".join(shown[place] for place in places)
    whole = number.lstrip("+")
    found: list[Mark] = []
    for typed in needles.numbers:
        stretch = _stretch(_forms(typed), digits, whole)
        pieces = [stretch] if stretch else [_stretch([piece], digits, whole) for piece in needles.pieces]
        found += [(places[start], places[end - 1] + 1) for start, end in filter(None, pieces)]
    return _merged(found)


def _stretch(forms: Iterable[str], digits: str, whole: str) -> Mark | None:
    """Give where one of the forms stands in the shown `digits`, which end like the `whole` number."""
    shared = _shared_end(digits, whole)
    for form in forms:
        if len(form) < SHORTEST_FRAGMENT:
            continue
        at = digits.find(form)
        if at >= 0:
            return at, at + len(form)
        at = whole.find(form)
        hidden = len(whole) - shared
        if at >= 0 and at + len(form) > hidden:
            ahead = len(digits) - shared - hidden
            return max(at, hidden) + ahead, at + len(form) + ahead
    return None


def _shared_end(one: str, other: str) -> int:
    shared = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        shared += 1
    return shared


def _has_number(row: CustomerRow, parts: Sequence[str], number: str) -> bool:
    digits = row.phone.lstrip("+")
    return (
        str(row.number).startswith(number)
        or any(form in digits for form in _forms(number))
        or any(part.startswith(number) for part in parts)
    )


def _forms(number: str) -> list[str]:
    """Give the digits as typed, and without the zeros that stand for "abroad" or "another town"."""
    bare = number.lstrip("0")
    return [form for form in dict.fromkeys((number, bare)) if len(form) >= SHORTEST_FRAGMENT]


@lru_cache(maxsize=2048)
def _words_of(*texts: str) -> tuple[str, ...]:
    """Give the folded words of texts; the same rows are looked at again at every letter."""
    return tuple(word for text in texts for word in fold_words(text))


def _in_word(character: str) -> bool:
    return character.isalnum()


def _occurrences(text: str, piece: str) -> list[int]:
    found = []
    at = text.find(piece)
    while at >= 0:
        found.append(at)
        at = text.find(piece, at + len(piece))
    return found


def _mark(text: str, places: list[int], start: int, end: int) -> Mark:
    """Give the piece of `text` behind folded characters; accents that folding drops stay with letters."""
    last = places[end - 1]
    following = next((place for place in places[end:] if place > last), len(text))
    stop = last + 1
    while stop < following and not fold(text[stop]):
        stop += 1
    return places[start], stop


def _merged(found: Iterable[Mark]) -> list[Mark]:
    merged: list[Mark] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged

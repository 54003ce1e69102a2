"""Names as people of each tradition write them, in their own script and in Latin letters."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from server.sample.dice import Dice
from server.sample.files import read

_UNDECOMPOSED: Final = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "þ": "th", "Þ": "Th", "đ": "d", "Đ": "D"}
    | {"ı": "i", "ð": "d", "ʼ": "'", "\u2019": "'"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """One part of a name, in its own script and in Latin letters."""

    own: str
    latin: str


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as one office writes it down."""

    given: str
    middle: str
    family: str
    display: str
    latin_given: str
    latin_family: str


class Tradition:
    """How people of one origin are called."""

    def __init__(self, table: dict[str, Any]) -> None:
        self.given = {"female": _words(table["female"]), "male": _words(table["male"])}
        halves = table.get("middle", "|").split("|")
        self.middle = {"female": _words(halves[0]), "male": _words(halves[1])}
        self.families = [_family(word) for word in table["family"].split()]
        self.home = frozenset(table.get("home", "").split())
        self.own_script_at_home = table.get("native", 100)
        self.own_script_abroad = table.get("abroad", 100)
        self.family_first = table.get("order") == "family"
        self.close = table.get("close", False)
        self.double = table.get("double", 0)
        joints = table.get("joint", " ").split("|")
        self.joints = [f" {joint.strip()} " if joint.strip().isalpha() else joint for joint in joints]
        self.companies: list[str] = table["companies"]

    def name(self, dice: Dice, gender: str, country: str, family: tuple[str, ...] = ()) -> tuple[Name, Any]:
        """Give a name and the family names in it, to be handed on to others of that family."""
        names = self.given[gender]
        given, middle = names[dice.rank(len(names))], None
        if self.middle[gender] and dice.chance(60 if self.home else 18):
            middle = dice.pick(self.middle[gender])
        kin = family or self._draw_family(dice)
        form = 0 if gender == "male" else 1
        at_home = country in self.home
        own = dice.chance(self.own_script_at_home if at_home else self.own_script_abroad)
        joint, *drawn = kin
        words = [self.families[int(index)][form] for index in drawn]
        return self._written(given, middle, words, joint, own=own, at_home=at_home), kin

    def _draw_family(self, dice: Dice) -> tuple[str, ...]:
        first = dice.rank(len(self.families))
        if not dice.chance(self.double):
            return (" ", str(first))
        second = (first + 1 + dice.below(len(self.families) - 1)) % len(self.families)
        return (dice.pick(self.joints), str(first), str(second))

    def _written(
        self, given: Word, middle: Word | None, families: list[Word], joint: str, *, own: bool, at_home: bool
    ) -> Name:
        def spelt(word: Word) -> str:
            return word.own if own else word.latin

        family = joint.join(spelt(word) for word in families)
        latin_family = " ".join(word.latin for word in families)
        between = spelt(middle) if middle and (own or not self.home) else ""
        first = spelt(given)
        if self.family_first and (own if self.close else own and at_home):
            display = f"{family}{first}" if self.close else f"{family} {first}"
        else:
            display = " ".join(part for part in (first, between, family) if part)
        return Name(first, between, family, display, given.latin, latin_family)


@cache
def traditions() -> dict[str, Tradition]:
    """Give every tradition by its name."""
    return {name: Tradition(table) for name, table in read("names").items()}


def plain(text: str) -> str:
    """Give Latin text in small ASCII letters, as in an e-mail address; other letters are dropped."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED)).lower()
    return "".join(character for character in decomposed if character.isascii() and character.isalnum())


def _words(text: str) -> list[Word]:
    return [_word(word) for word in text.split()]


def _word(text: str) -> Word:
    own, _, latin = text.replace("_", " ").partition("=")
    return Word(own, latin or own)


def _family(text: str) -> tuple[Word, Word]:
    him, _, her = text.partition("|")
    return _word(him), _word(her or him)

"""Spelling alphabets: what is said for each letter, digit and sign.

Each is a TOML file named by its language: `letters` are the words for a to z, `digits` those for 0 to 9,
`[further]` those of other letters, `[signs]` the names of signs, and `[marks]` how a letter with an accent is
said, `{}` being the word of the bare letter.
"""

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import ascii_lowercase, digits
from typing import Final

_FOLDER: Final = Path(__file__).parent
_OTHER_TAGS: Final = {"no": "nb", "nn": "nb"}
"""Languages that share the alphabet of another (BCP 47)."""
_MARKS: Final = {
    "\u0300": "grave",
    "\u0301": "acute",
    "\u0302": "circumflex",
    "\u0303": "tilde",
    "\u0304": "macron",
    "\u0306": "breve",
    "\u0307": "dot above",
    "\u0308": "diaeresis",
    "\u030a": "ring",
    "\u030b": "double acute",
    "\u030c": "caron",
    "\u0327": "cedilla",
    "\u0328": "ogonek",
}
"""What the marks that Unicode puts on letters are called in the files."""


@dataclass(frozen=True)
class Alphabet:
    """The words of one language."""

    language: str
    """BCP 47."""
    name: str
    """As its speakers call it."""
    words: Mapping[str, str]
    """What is said for a character in lower case."""
    marks: Mapping[str, str]
    """How a letter with a mark is said."""

    @classmethod
    @cache
    def of(cls, language: str) -> "Alphabet":
        """Read the file of a language. Raises `FileNotFoundError`."""
        table = tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))
        words = dict(zip(ascii_lowercase, table["letters"].split(), strict=True))
        words |= dict(zip(digits, table["digits"].split(), strict=True))
        return cls(language, table["name"], words | table["further"] | table["signs"], table["marks"])

    def word(self, character: str) -> str:
        """Give what is said for a character; for what this language has no word for, the English; else ""."""
        lower = character.lower()
        if lower in self.words:
            return self.words[lower]
        parts = unicodedata.normalize("NFD", lower)
        bare, marks = parts[:1], parts[1:]
        spoken = self.words.get(bare, "") if marks else ""
        for mark in marks:
            said = self.marks.get(_MARKS.get(mark, ""))
            spoken = said.format(spoken) if said and spoken else ""
        if spoken or self.language == "en":
            return spoken
        return Alphabet.of("en").word(character)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A character with what is said for it."""

    character: str
    word: str
    """Empty where there is none: the character must be shown as it is."""


def languages() -> Sequence[str]:
    """Name the languages that have an alphabet, English first."""
    return sorted((path.stem for path in _FOLDER.glob("*.toml")), key=lambda tag: (tag != "en", tag))


def alphabet_for(locale: str) -> tuple[Alphabet, bool]:
    """Give the alphabet of a locale such as `de_AT`, and whether its language has one: else it is English."""
    language = locale.replace("-", "_").split("_")[0].lower()
    language = _OTHER_TAGS.get(language, language)
    known = language in languages()
    return Alphabet.of(language if known else "en"), known


def spell(text: str, alphabet: Alphabet) -> Iterator[list[Spoken]]:
    """Give the characters of each word of a text; combining marks stay with the letter they are on."""
    for word in unicodedata.normalize("NFC", text).split():
        yield [Spoken(character, alphabet.word(character)) for character in word]

"""The one way in which text is compared without regard to case, width and diacritics, in every script.

The server folds what it indexes and what is typed with it; a list folds with it to mark what matched.
"""

import re
import unicodedata
from functools import lru_cache

# Letters that stay whole in Unicode's decompositions though people type them without the stroke or tie.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "ŧ": "t",
        "ŋ": "n",
        "ƒ": "f",
        "ƶ": "z",
        "ɨ": "i",
        "ʉ": "u",
        "ɓ": "b",
        "ɗ": "d",
        "ɖ": "d",
        "ɠ": "g",
        "ƙ": "k",
        "ƴ": "y",
        "ə": "e",
        "ǝ": "e",
        "ɛ": "e",
        "ɔ": "o",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ĸ": "q",
        "ё": "е",
        "й": "и",
        "ς": "σ",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ک": "ك",
        "ی": "ي",
        "ـ": "",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "ʻ": "'",
        "´": "'",
        "′": "'",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": "-",
        "\u200c": "",
        "\u200d": "",
        "\u00ad": "",
    }
)

# Hebrew points, Arabic and Syriac vowels, and everything placed on, under or through a letter. The vowel
# signs, viramas and tone marks of Indic and South-East Asian scripts and the kana voicing marks stay:
# they tell words apart.
_MARKS = frozenset({1, *range(10, 37), *range(200, 256)})


def fold(text: str) -> str:
    """Give `text` as it is compared: lower case, one width, no diacritics; ø ł ß æ become o l ss ae.

    Digits of every script become ASCII digits.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(
        [_digit(character) for character in text if unicodedata.combining(character) not in _MARKS]
    )
    return bare.translate(_LETTERS)


def _digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    return fold(character)


def fold_positions(text: str) -> tuple[str, list[int]]:
    """Give the folded text and, for each of its characters, the place in `text` that it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in _folded(character):
            folded.append(part)
            places.append(place)
    return "".join(folded), places


# A word is letters, digits and, in scripts that write vowels and tones as marks, those marks (Indic scripts,
# Thai to Khmer, kana voicing); the regular expression's own idea of a word stops at every mark.
_WORD = re.compile(
    "(?:[^\\W_]|[\u0900-\u0963\u0966-\u0df3\u0e31-\u0e4e\u0eb1-\u0ece\u0f18-\u0fbc\u102b-\u109d"
    "\u135d-\u135f\u1712-\u17d3\u18a9\u1920-\u193b\u1a17-\u1c37\u3099\u309a\ua674-\ua67d\ua6f0-\ua6f1"
    "\ua802-\uabed])+"
)
_JOINED = re.compile(r"(?<=\w)['`](?=\w)")


def fold_words(text: str) -> list[str]:
    """Give the folded words of `text`, in order; an apostrophe inside a word is dropped."""
    return _WORD.findall(_JOINED.sub("", fold(text)))

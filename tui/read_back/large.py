"""Large letters, to be read from where the telephone stands: dots of half a cell."""

import re
import unicodedata
from typing import Final

_SHAPES: Final = {
    "A": ".X. X.X XXX X.X X.X",
    "B": "XX. X.X XX. X.X XX.",
    "C": ".XX X.. X.. X.. .XX",
    "D": "XX. X.X X.X X.X XX.",
    "E": "XXX X.. XX. X.. XXX",
    "F": "XXX X.. XX. X.. X..",
    "G": ".XXX X... X.XX X..X .XXX",
    "H": "X.X X.X XXX X.X X.X",
    "I": "XXX .X. .X. .X. XXX",
    "J": "..X ..X ..X X.X .X.",
    "K": "X.X X.X XX. X.X X.X",
    "L": "X.. X.. X.. X.. XXX",
    "M": "X...X XX.XX X.X.X X...X X...X",
    "N": "X..X XX.X X.XX X..X X..X",
    "O": ".XX. X..X X..X X..X .XX.",
    "P": "XX. X.X XX. X.. X..",
    "Q": ".XX. X..X X..X X.XX .XXX",
    "R": "XX. X.X XX. X.X X.X",
    "S": ".XX X.. .X. ..X XX.",
    "T": "XXX .X. .X. .X. .X.",
    "U": "X..X X..X X..X X..X .XX.",
    "V": "X.X X.X X.X X.X .X.",
    "W": "X...X X...X X.X.X XX.XX X...X",
    "X": "X.X X.X .X. X.X X.X",
    "Y": "X.X X.X .X. .X. .X.",
    "Z": "XXX ..X .X. X.. XXX",
    "0": ".XX. X..X X..X X..X .XX.",
    "1": ".X. XX. .X. .X. XXX",
    "2": "XX. ..X .X. X.. XXX",
    "3": "XX. ..X .X. ..X XX.",
    "4": "X.X X.X XXX ..X ..X",
    "5": "XXX X.. XX. ..X XX.",
    "6": ".XX X.. XX. X.X .X.",
    "7": "XXX ..X ..X .X. .X.",
    "8": ".X. X.X .X. X.X .X.",
    "9": ".X. X.X .XX ..X XX.",
    "@": ".XXX. X...X X.XXX X.... .XXX.",
    ".": ". . . . X",
    ",": ".. .. .. .X X.",
    "-": "... ... XXX ... ...",
    "_": "... ... ... ... XXX",
    "+": "... .X. XXX .X. ...",
    "/": "..X ..X .X. X.. X..",
    "'": "X X . . .",
    "&": ".X.. X.X. .X.. X.X. .X.X",
    "(": ".X X. X. X. .X",
    ")": "X. .X .X .X X.",
    "#": ".X.X. XXXXX .X.X. XXXXX .X.X.",
    " ": ".. .. .. .. ..",
}
"""Every letter as five rows of dots."""
_ALSO: Final = {"’": "'", "–": "-", "Ø": "O", "Ł": "L", "Đ": "D", "ẞ": "SS", "ß": "SS", "Æ": "AE", "Œ": "OE"}
_WORDS: Final = re.compile(r"@?[^\s@]+|@")
"""What stays on one line if it can: words, and the two sides of an e-mail address."""
_HALVES: Final = {"..": " ", "X.": "▀", ".X": "▄", "XX": "█"}


def large(text: str, width: int, scale: int = 1) -> list[str] | None:
    """Give a text in letters of five half cells times `scale`, in lines of at most `width` cells.

    None where the text has a character without a large shape, or in large type a word that does not fit on a
    line: only the smallest is broken within words. Accents are left out, for they stand in the spelling.
    """
    lines: list[str] = [""]
    for word in _WORDS.findall(_plain(text)):
        if any(character not in _SHAPES for character in word):
            return None
        if not word.startswith("@") and lines[-1]:
            word = f" {word}"
        if _wide(lines[-1] + word, scale) <= width:
            lines[-1] += word
            continue
        rest = word.strip()
        if scale > 1 and _wide(rest, scale) > width:
            return None
        for character in rest if _wide(rest, scale) > width else (rest,):
            if _wide(lines[-1] + character, scale) > width or len(character) > 1:
                lines.append("")
            lines[-1] += character
    drawn: list[str] = []
    for line in filter(None, lines):
        drawn += ["", *_halves(line, scale)] if drawn else _halves(line, scale)
    return drawn


def _wide(line: str, scale: int) -> int:
    return sum((_SHAPES[character].index(" ") + 1) * scale for character in line) - scale


def _plain(text: str) -> str:
    upper = "".join(_ALSO.get(character, character) for character in text.strip()).upper()
    upper = "".join(_ALSO.get(character, character) for character in upper)
    bare = unicodedata.normalize("NFD", upper)
    return "".join(character for character in bare if not unicodedata.combining(character))


def _halves(line: str, scale: int) -> list[str]:
    shapes = [_SHAPES[character].split() for character in line]
    rows = [
        "".join("".join(dot * scale for dot in shape[y]) + "." * scale for shape in shapes)
        for y in range(5)
        for _ in range(scale)
    ]
    if len(rows) % 2:
        rows.append("." * len(rows[0]))
    return [
        "".join(_HALVES[upper + lower] for upper, lower in zip(above, below, strict=True)).rstrip()
        for above, below in zip(rows[::2], rows[1::2], strict=True)
    ]

"""Large letters, to be read from where the telephone stands: dots of half a cell."""

import re
import unicodedata
from typing import Final

_SHAPES: Final = {
    "A": ".#. #.# ### #.# #.#",
    "B": "##. #.# ##. #.# ##.",
    "C": ".## #.. #.. #.. .##",
    "D": "##. #.# #.# #.# ##.",
    "E": "### #.. ##. #.. ###",
    "F": "### #.. ##. #.. #..",
    "G": ".### #... #.## #..# .###",
    "H": "#.# #.# ### #.# #.#",
    "I": "### .#. .#. .#. ###",
    "J": "..# ..# ..# #.# .#.",
    "K": "#.# #.# ##. #.# #.#",
    "L": "#.. #.. #.. #.. ###",
    "M": "#...# ##.## #.#.# #...# #...#",
    "N": "#..# ##.# #.## #..# #..#",
    "O": ".##. #..# #..# #..# .##.",
    "P": "##. #.# ##. #.. #..",
    "Q": ".##. #..# #..# #.## .###",
    "R": "##. #.# ##. #.# #.#",
    "S": ".## #.. .#. ..# ##.",
    "T": "### .#. .#. .#. .#.",
    "U": "#..# #..# #..# #..# .##.",
    "V": "#.# #.# #.# #.# .#.",
    "W": "#...# #...# #.#.# ##.## #...#",
    "X": "#.# #.# .#. #.# #.#",
    "Y": "#.# #.# .#. .#. .#.",
    "Z": "### ..# .#. #.. ###",
    "0": ".##. #..# #..# #..# .##.",
    "1": ".#. ##. .#. .#. ###",
    "2": "##. ..# .#. #.. ###",
    "3": "##. ..# .#. ..# ##.",
    "4": "#.# #.# ### ..# ..#",
    "5": "### #.. ##. ..# ##.",
    "6": ".## #.. ##. #.# .#.",
    "7": "### ..# ..# .#. .#.",
    "8": ".#. #.# .#. #.# .#.",
    "9": ".#. #.# .## ..# ##.",
    "@": ".###. #...# #.### #.... .###.",
    ".": ". . . . #",
    ",": ".. .. .. .# #.",
    "-": "... ... ### ... ...",
    "_": "... ... ... ... ###",
    "+": "... .#. ### .#. ...",
    "/": "..# ..# .#. #.. #..",
    "'": "# # . . .",
    "&": ".#.. #.#. .#.. #.#. .#.#",
    "(": ".# #. #. #. .#",
    ")": "#. .# .# .# #.",
    "ß": ".##. #..# #.#. #..# #.#.",
    "#": ".#.#. ##### .#.#. ##### .#.#.",
    " ": ".. .. .. .. ..",
}
"""Every letter as five rows of dots."""
_ALSO: Final = {"’": "'", "–": "-", "Ø": "O", "Ł": "L", "Đ": "D", "ẞ": "ß", "Æ": "AE", "Œ": "OE"}
_WORDS: Final = re.compile(r"@?[^\s@]+|@")
"""What stays on one line if it can: words, and the two sides of an e-mail address."""
_HALVES: Final = {"..": " ", "#.": "▀", ".#": "▄", "##": "█"}


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
    # Python's capital of ß is SS, which is another name: Weiss is not Weiß.
    upper = (character if character == "ß" else character.upper() for character in text.strip())
    bare = unicodedata.normalize("NFD", "".join(_ALSO.get(character, character) for character in upper))
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

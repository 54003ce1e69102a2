"""Clusters of characters and the cells they take; what stands in for them where only ASCII can be shown."""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from rich.cells import split_graphemes

_STAND_INS = str.maketrans(
    {
        **dict.fromkeys("─━═╌┄╴╶╸╺▔—–‐‑−", "-"),
        **dict.fromkeys("│┃║▏▕▎▌▐╎┆", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬", "+"),
        **dict.fromkeys("█▓▒▀▄■", "#"),
        **dict(zip("▁▂▃▅▆▇", ".:-=+*", strict=True)),
        **dict.fromkeys("▸▶►›→❯»", ">"),
        **dict.fromkeys("◂◀◄‹←❮«", "<"),
        **dict.fromkeys("▲↑", "^"),
        **dict.fromkeys("▼▾↓", "v"),
        **dict.fromkeys("★☆●•◆✱", "*"),
        **dict.fromkeys("·…‥", "."),
        **dict.fromkeys("‘’‚′", "'"),
        **dict.fromkeys("“”„″", '"'),
        **dict.fromkeys("✓✔", "v"),
        **dict.fromkeys("✗✘×", "x"),
        "○": "o",
        "°": "d",
        "↩": "<",
        "ß": "s",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "æ": "e",
        "Æ": "E",
        "\u00a0": " ",
    }
)


_SIGNS = "★☆✓✗✘"

_SHAPES = {
    " ": ".. .. .. ..",
    "'": "X. .. .. ..",
    "`": ".X .. .. ..",
    '"': "XX .. .. ..",
    "-": ".. XX .. ..",
    "=": "XX .. XX ..",
    "~": ".X XX X. ..",
    "_": ".. .. .. XX",
    ".": ".. .. .. X.",
    ",": ".. .. .X X.",
    ":": ".. X. .. X.",
    "|": "X. X. X. X.",
    "/": ".X .X X. X.",
    "\\": "X. X. .X .X",
    "(": ".X X. X. .X",
    ")": "X. .X .X X.",
    "<": ".. .X X. .X",
    ">": ".. X. .X X.",
    "^": ".X XX .. ..",
    "+": "X. XX X. ..",
    "#": "XX XX XX XX",
}
"""What ASCII characters look like as the dots of a braille pattern, row by row."""
_DOTS = (0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80)
"""The bit of each dot of U+2800 to U+28FF, row by row."""


def clusters(text: str) -> Iterator[tuple[str, int]]:
    """Give the clusters of `text` with the cells each takes: 0 (joins the one before), 1 or 2."""
    for start, end, cells in split_graphemes(text)[0]:
        yield text[start:end], cells


@lru_cache(maxsize=4096)
def ascii_stand_in(cluster: str, cells: int) -> str:
    """Give exactly `cells` ASCII characters that stand for `cluster`: the letter without accents, or '?'."""
    if "\u2800" <= cluster[0] <= "\u28ff":
        return _looking_like(ord(cluster[0]) - 0x2800)
    replaced = cluster.translate(_STAND_INS)
    if not replaced.isascii():
        replaced = unicodedata.normalize("NFKD", replaced).encode("ascii", "ignore").decode()
    replaced = "".join(character for character in replaced if character.isprintable())
    return replaced if len(replaced) == cells else "?" * cells


@lru_cache(maxsize=4096)
def agreed(cluster: str) -> bool:
    """Tell whether terminals agree on how many cells `cluster` takes.

    They do for letters, for marks that Unicode gives a combining class, and for plain wide characters;
    they differ on emoji, pictures, joiners, variation selectors, flags and many vowel signs of Asia.
    """
    return (cluster[0] in _SIGNS or _plain(ord(cluster[0]))) and all(map(unicodedata.combining, cluster[1:]))


def _plain(code: int) -> bool:
    return (
        code < 0x0900
        or 0x0E00 <= code < 0x0E80
        or 0x1E00 <= code < 0x2600
        or 0x2800 <= code < 0x2900
        or 0x3000 <= code < 0xFB00
        or 0xFF00 <= code < 0xFFF0
    )


def _looking_like(pattern: int) -> str:
    """Give the ASCII character that looks most like a braille pattern: pictures are drawn in them."""
    for shape, dots in _shapes():
        # Where in the cell a lone dot or a line stands says less than that it is there.
        if dots == pattern or (pattern and dots == _moved(pattern)):
            return shape
    return min(_shapes(), key=lambda known: ((known[1] ^ pattern).bit_count(), not known[1]))[0]


def _moved(pattern: int) -> int:
    """Give the pattern with its right column on the left, where the left one is empty."""
    left = pattern & 0x47
    return pattern if left else (pattern & 0x38) >> 3 | (pattern & 0x80) >> 1


@cache
def _shapes() -> tuple[tuple[str, int], ...]:
    return tuple(
        (shape, sum(bit for bit, dot in zip(_DOTS, drawn.replace(" ", ""), strict=True) if dot == "X"))
        for shape, drawn in _SHAPES.items()
    )

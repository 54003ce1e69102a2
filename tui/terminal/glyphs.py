"""Clusters of characters and the cells they take; what stands in for them where only ASCII can be shown."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from rich.cells import split_graphemes

_STAND_INS = str.maketrans(
    {
        **dict.fromkeys("─━═╌┄╴╶╸╺▔▁—–‐‑−", "-"),
        **dict.fromkeys("│┃║▏▕▎▌▐╎┆", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬", "+"),
        **dict.fromkeys("█▓▒▀▄■", "#"),
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


def clusters(text: str) -> Iterator[tuple[str, int]]:
    """Give the clusters of `text` with the cells each takes: 0 (joins the one before), 1 or 2."""
    for start, end, cells in split_graphemes(text)[0]:
        yield text[start:end], cells


@lru_cache(maxsize=4096)
def ascii_stand_in(cluster: str, cells: int) -> str:
    """Give exactly `cells` ASCII characters that stand for `cluster`: the letter without accents, or '?'."""
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
        or 0x2000 <= code < 0x2600
        or 0x3000 <= code < 0xFB00
        or 0xFF00 <= code < 0xFFF0
    )

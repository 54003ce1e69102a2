"""The outlines, places and countries that come along: Natural Earth, in the public domain.

`tools/make_map.py` makes the file.

`world.bin` is a JSON description behind its length (32 bits, little-endian), then a block for each layer
(RFC 1950). A block of lines holds the number of lines and of steps, then for each line how many points it has
(16 bits) and where it begins (2 x 32), for each line all steps across and all steps down (16; low bytes
first, high bytes behind), and for each point whether it is enough for the picture of a country.
"""

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, compress
from pathlib import Path
from typing import Any, Final, NamedTuple

from client.fold import fold

FILE: Final = Path(__file__).with_name("world.bin")


class Piece(NamedTuple):
    """A stretch of a line, with the box around it; all in parts of the world's width."""

    west: float
    north: float
    east: float
    south: float
    across: Sequence[float]
    down: Sequence[float]


class Town(NamedTuple):
    """A populated place."""

    x: float
    y: float
    country: str
    """ISO 3166-1 alpha-2; `--` where there is none."""
    name: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country: where its name stands, and the box of its mainland."""

    code: str
    """ISO 3166-1 alpha-2."""
    rank: float
    """The zoom level of a web map at which the name is worth showing."""
    x: float
    y: float
    west: float
    north: float
    east: float
    south: float


KINDS: Final = ("coast", "lake", "border", "region")
"""What lines there are, the most important first."""


class World:
    """What the file holds; each part is unpacked when it is first needed."""

    def __init__(self, content: bytes) -> None:
        (length,) = struct.unpack_from("<I", content)
        self._layers: dict[tuple[str, bool], tuple[int, bytes]] = {}
        at = 4 + length
        for layer in json.loads(content[4:at]):
            block = content[at : at + layer["size"]]
            self._layers[layer["name"], layer.get("coarse", False)] = layer["bits"], block
            at += layer["size"]
        self._pieces: dict[int, dict[str, list[Piece]]] = {}

    @classmethod
    def shipped(cls) -> "World":
        """Read the file of the package."""
        return cls(FILE.read_bytes())

    def lines(self, detail: int) -> dict[str, list[Piece]]:
        """Give the lines of each kind for the whole world (0), for a country (1) or for a town (2)."""
        if detail not in self._pieces:
            kinds = [kind for kind in KINDS if (kind, detail == 0) in self._layers]
            self._pieces[detail] = {kind: self._unpack(kind, detail) for kind in kinds}
        return self._pieces[detail]

    @cached_property
    def towns(self) -> Sequence[Town]:
        """Populated places, the most important first."""
        bits, block = self._layers["places", False]
        content = zlib.decompress(block)
        (count,) = struct.unpack_from("<I", content)
        across = _numbers("i", content[4 : 4 + 4 * count])
        down = _numbers("i", content[4 + 4 * count : 4 + 8 * count])
        names = content[4 + 8 * count :].decode().split("\n")
        part = 1 / (1 << bits)
        return [
            Town(x * part, y * part, name[:2], name[2:])
            for x, y, name in zip(across, down, names, strict=True)
        ]

    @cached_property
    def countries(self) -> Sequence[Country]:
        """The countries, the one whose name is worth showing first."""
        return [Country(*row) for row in json.loads(zlib.decompress(self._layers["countries", False][1]))]

    def town_named(self, name: str, country: str = "") -> Town | None:
        """Give the most important place of a name, in a country where one is given; else None."""
        wanted = fold(name.strip())
        if not wanted:
            return None
        return next(
            (town for town in self.towns if country in ("", town.country) and fold(town.name) == wanted), None
        )

    def _unpack(self, kind: str, detail: int) -> list[Piece]:
        bits, block = self._layers[kind, detail == 0]
        return list(_pieces(zlib.decompress(block), 1 / (1 << bits), thin=detail == 1))


def _pieces(content: bytes, part: float, *, thin: bool) -> Iterator[Piece]:
    lines, steps = struct.unpack_from("<II", content)
    at = 8
    counts = _numbers("H", content[at : (at := at + 2 * lines)])
    starts = _numbers("i", content[at : (at := at + 8 * lines)])
    halves = bytearray(2 * steps)
    halves[::2], halves[1::2] = content[at : at + steps], content[at + steps : at + 2 * steps]
    at += 2 * steps
    moves = _numbers("h", bytes(halves))
    step = 0
    for line, count in enumerate(counts):
        across: Any = accumulate(moves[step : step + count - 1], initial=starts[2 * line])
        down: Any = accumulate(moves[step + count - 1 : step + 2 * count - 2], initial=starts[2 * line + 1])
        if thin:
            enough = content[at : at + count]
            across, down = compress(across, enough), compress(down, enough)
        xs, ys = [x * part for x in across], [y * part for y in down]
        yield Piece(min(xs), min(ys), max(xs), max(ys), xs, ys)
        step += 2 * count - 2
        at += count


def _numbers(kind: str, content: bytes) -> "array[Any]":
    numbers = array(kind)
    numbers.frombytes(content)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers

"""Streets from map tiles, as the dots that stand out from what is around them."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

from tui.map.dots import STREETS, Dots
from tui.map.png import Grey
from tui.map.view import View

Tile = tuple[int, int, int]
"""Zoom level, column and row of a tile (the scheme of OpenStreetMap's "slippy map")."""
STREETS_BELOW_KM: Final = 60.0
"""Wider pictures are clearer as outlines."""

_SIDE: Final = 256
_DEEPEST: Final = 19
_STANDS_OUT: Final = 10
"""How much darker than around it a dot must be, of 255 shades."""
_AROUND: Final = 2


class NoTiles(Exception):
    """Tiles could not be had. Its text is a sentence."""


def tiles_of(view: View) -> list[Tile]:
    """Name the tiles that a view shows; few, for a dot of the screen is about one of a tile."""
    zoom = _zoom(view)
    count = 1 << zoom
    west, north, east, south = _edges(view)
    columns = range(math.floor(west * count), math.floor(east * count) + 1)
    rows = range(max(0, math.floor(north * count)), min(count - 1, math.floor(south * count)) + 1)
    return [(zoom, column % count, row) for row in rows for column in columns]


def standing_out(picture: Grey) -> list[bytes]:
    """Give for each dot of a tile whether it is darker than what is around it, as borders of streets are."""
    rows = [_sized(row) for row in picture.rows[:_SIDE]]
    rows += [bytes([255]) * _SIDE] * (_SIDE - len(rows))
    last = _SIDE - 1
    return [
        _darker(row, rows[max(0, y - _AROUND)], rows[min(last, y + _AROUND)]) for y, row in enumerate(rows)
    ]


class Streets:
    """The tiles that have come, to be drawn in place of outlines."""

    def __init__(self, tiles: Mapping[Tile, list[bytes]]) -> None:
        self._tiles = tiles

    def covers(self, view: View) -> bool:
        """Say whether all that the view shows is there."""
        return view.width_km < STREETS_BELOW_KM and all(tile in self._tiles for tile in tiles_of(view))

    def draw(self, dots: Dots, view: View) -> None:
        """Put the dots of the streets."""
        zoom = _zoom(view)
        size = _SIDE << zoom
        west, north, _, _ = _edges(view)
        step = size / view.size
        across = [int(west * size + (x + 0.5) * step) for x in range(dots.across)]
        for y in range(dots.down):
            down = int(north * size + (y + 0.5) * step)
            for x in _dark(self._row(zoom, across, down)):
                dots.put(x, y, STREETS)

    def _row(self, zoom: int, across: list[int], down: int) -> Iterator[int]:
        count = 1 << zoom
        rows: dict[int, bytes] = {}
        for at in across:
            column = at >> 8
            if column not in rows:
                tile = self._tiles.get((zoom, column % count, down >> 8))
                rows[column] = tile[down & 255] if tile else bytes(_SIDE)
            yield rows[column][at & 255]


def _dark(row: Iterator[int]) -> Iterator[int]:
    return (x for x, dark in enumerate(row) if dark)


def _darker(row: bytes, above: bytes, below: bytes) -> bytes:
    left, right = row[:_AROUND] + row[:-_AROUND], row[_AROUND:] + row[-_AROUND:]
    return bytes(
        4 * at + 4 * _STANDS_OUT < up + down + before + behind
        for at, up, down, before, behind in zip(row, above, below, left, right, strict=True)
    )


def _sized(row: bytes) -> bytes:
    """Give a row in the usual width: tiles for fine screens are twice as large."""
    return row[:: max(1, len(row) // _SIDE)][:_SIDE].ljust(_SIDE, b"\xff")


def _zoom(view: View) -> int:
    return max(0, min(_DEEPEST, math.floor(math.log2(view.size / _SIDE) + 0.3)))


def _edges(view: View) -> tuple[float, float, float, float]:
    half_x, half_y = view.columns / view.size, 2 * view.rows / view.size
    return view.x - half_x, view.y - half_y, view.x + half_x, view.y + half_y

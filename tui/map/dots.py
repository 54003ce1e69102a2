"""A sheet of dots, eight in each cell, that lines are drawn on. Unicode's braille patterns show them."""

from collections.abc import Sequence
from typing import Final

from tui.map.view import DOTS_ACROSS, DOTS_DOWN, View
from tui.map.world import Piece

_BITS: Final = (0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80)
"""The bit of each dot of a cell in U+2800 to U+28FF, row by row."""
STREETS: Final = 6
"""The layer of streets."""
EMPTY: Final = 99
"""The layer of a cell in which there is nothing."""


class Dots:
    """Dots of a picture. Each cell remembers the foremost layer, a small number, that has a dot there."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self.across = columns * DOTS_ACROSS
        self.down = rows * DOTS_DOWN
        self._patterns = bytearray(columns * rows)
        self._layers = bytearray([EMPTY]) * (columns * rows)

    def pattern(self, column: int, row: int) -> int:
        """Give the dots of a cell, as in the code of its braille pattern."""
        return self._patterns[row * self.columns + column]

    def layer(self, column: int, row: int) -> int:
        """Give the foremost layer of a cell."""
        return self._layers[row * self.columns + column]

    def put(self, x: int, y: int, layer: int) -> None:
        """Set a dot; one outside is passed over."""
        if 0 <= x < self.across and 0 <= y < self.down:
            place = (y >> 2) * self.columns + (x >> 1)
            self._patterns[place] |= _BITS[(y & 3) << 1 | (x & 1)]
            self._layers[place] = min(self._layers[place], layer)

    def pieces(self, pieces: Sequence[Piece], view: View, layer: int, every: int = 1) -> None:
        """Draw those pieces of lines that are in the view, of each line only `every` so manyth dot."""
        size = view.size
        # What is smaller than two dots is no shape any more, and many such blot out those that are.
        speck = 2 / size
        half_x, half_y = self.across / 2 / size, self.down / 2 / size
        north, south = view.y - half_y, view.y + half_y
        for turn in (-1.0, 0.0, 1.0):
            # The world is drawn once more east and west of itself: a view may lie across its edge.
            west, east = view.x - half_x - turn, view.x + half_x - turn
            if east < 0 or west > 1:
                continue
            for piece in pieces:
                if piece[0] > east or piece[2] < west or piece[1] > south or piece[3] < north:
                    continue
                if piece[2] - piece[0] < speck and piece[3] - piece[1] < speck:
                    continue
                xs = [int((x - west) * size) for x in piece[4]]
                ys = [int((y - north) * size) for y in piece[5]]
                self._path(xs, ys, layer, every)

    def _path(self, xs: Sequence[int], ys: Sequence[int], layer: int, every: int) -> None:
        across, down = self.across, self.down
        ax, ay = xs[0], ys[0]
        for bx, by in zip(xs, ys, strict=True):
            if bx == ax and by == ay:
                continue
            seen = not (
                (ax < 0 and bx < 0)
                or (ay < 0 and by < 0)
                or (ax >= across and bx >= across)
                or (ay >= down and by >= down)
            )
            if seen:
                self.line(ax, ay, bx, by, layer, every)
            ax, ay = bx, by
        if len(xs) > 1 and ax == xs[0] and ay == ys[0]:
            self.put(ax, ay, layer)

    def line(self, ax: float, ay: float, bx: float, by: float, layer: int, every: int = 1) -> None:
        """Draw a straight line between two dots, as far as it is on the sheet."""
        ends = _clipped(ax, ay, bx, by, self.across - 1, self.down - 1)
        if ends is None:
            return
        ax, ay, bx, by = ends
        steps = int(max(abs(bx - ax), abs(by - ay)))
        if not steps:
            self.put(int(ax), int(ay), layer)
            return
        dx, dy = (bx - ax) / steps, (by - ay) / steps
        patterns, layers, columns = self._patterns, self._layers, self.columns
        flat = abs(dx) >= abs(dy)
        for step in range(steps + 1):
            x, y = int(ax + dx * step + 0.5), int(ay + dy * step + 0.5)
            if every > 1 and (x if flat else y) % every:
                continue
            place = (y >> 2) * columns + (x >> 1)
            patterns[place] |= _BITS[(y & 3) << 1 | (x & 1)]
            if layers[place] > layer:
                layers[place] = layer


def _clipped(
    ax: float, ay: float, bx: float, by: float, right: float, bottom: float
) -> tuple[float, float, float, float] | None:
    """Give the part of a line that lies between 0 and the edges (Liang and Barsky, 1984)."""
    if 0 <= ax <= right and 0 <= bx <= right and 0 <= ay <= bottom and 0 <= by <= bottom:
        return ax, ay, bx, by
    dx, dy = bx - ax, by - ay
    begin, end = 0.0, 1.0
    for move, room in ((-dx, ax), (dx, right - ax), (-dy, ay), (dy, bottom - ay)):
        if move == 0:
            if room < 0:
                return None
            continue
        at = room / move
        if move < 0:
            begin = max(begin, at)
        else:
            end = min(end, at)
        if begin > end:
            return None
    return ax + begin * dx, ay + begin * dy, ax + end * dx, ay + end * dy

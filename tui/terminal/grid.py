"""A screen as cells: what Textual's frames say the terminal shall show."""

import re
from itertools import repeat

from tui.terminal.glyphs import ascii_stand_in, clusters
from tui.terminal.styles import PLAIN, Look, blank_look, look_of

_FRAME = re.compile(r"\x1b\[\d+;\d+H")
_TOKEN = re.compile(
    r"\x1b\[(?P<row>\d*);?(?P<column>\d*)H"
    r"|\x1b\[(?P<sgr>[\d;:]*)m"
    r"|\x1b\]8;[^;\x07\x1b]*;(?P<link>[^\x07\x1b]*)(?:\x1b\\|\x07)"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|[\x00-\x1f\x7f-\x9f]"
)


class Row:
    """The cells of one row: a cluster and a look each; the second half of a wide cluster is an empty text."""

    __slots__ = ("looks", "texts")

    def __init__(self, width: int) -> None:
        self.texts = [" "] * width
        self.looks = [PLAIN] * width

    def copy_from(self, other: "Row") -> None:
        """Take over the cells of a row of the same width."""
        self.texts[:] = other.texts
        self.looks[:] = other.looks


class Grid:
    """Width times height cells that frames are written to.

    A frame is what Textual's compositor makes: cursor positions, SGR, text, OSC 8 links. Everything
    else in it can only have come from text that was not cleaned, and is left out: no control
    character gets through to the terminal by way of a cell.
    """

    def __init__(self, width: int, height: int, *, ascii_only: bool = False) -> None:
        self.width = width
        self.height = height
        self.rows = [Row(width) for _ in range(height)]
        self.touched: set[int] = set()
        """Rows written to since the set was last emptied."""
        self._ascii_only = ascii_only
        self._x = self._y = 0

    @staticmethod
    def is_frame(written: str) -> bool:
        """Tell a frame of the compositor from everything else that is written to a driver."""
        return _FRAME.match(written) is not None

    def feed(self, frame: str) -> None:
        """Write a frame into the cells."""
        sgr = link = ""
        for token in _TOKEN.finditer(frame):
            kind = token.lastgroup
            if kind == "text":
                self._put(token["text"], look_of(sgr, link))
            elif kind == "sgr":
                sgr = token["sgr"]
            elif kind == "link":
                link = token["link"]
            elif token["row"] is not None:
                self._y = int(token["row"] or 1) - 1
                self._x = int(token["column"] or 1) - 1

    def _put(self, text: str, look: Look) -> None:
        if not 0 <= self._y < self.height:
            return
        row = self.rows[self._y]
        self.touched.add(self._y)
        if text.isascii():
            self._put_cells(row, list(text), look)
            return
        for cluster, cells in clusters(text):
            if cells == 0:
                self._join(row, cluster)
            elif self._ascii_only and not cluster.isascii():
                self._put_cells(row, list(ascii_stand_in(cluster, cells)), look)
            elif self._x + cells <= self.width:
                self._put_cells(row, [cluster, ""][:cells], look)
            else:
                self._put_cells(row, [" "] * cells, look)

    def _put_cells(self, row: Row, texts: list[str], look: Look) -> None:
        start, end = self._x, min(self._x + len(texts), self.width)
        self._x += len(texts)
        if start >= end:
            return
        count = end - start
        if row.texts[start] == "" and start > 0:
            row.texts[start - 1] = " "
        if end < self.width and row.texts[end] == "":
            row.texts[end] = " "
        row.texts[start:end] = texts[:count]
        blank = blank_look(look)
        if blank == look:
            row.looks[start:end] = repeat(look, count)
        else:
            row.looks[start:end] = [blank if text == " " else look for text in texts[:count]]

    def _join(self, row: Row, cluster: str) -> None:
        """Add a cluster of no width to the cell before it."""
        if self._ascii_only or not 0 < self._x <= self.width:
            return
        before = self._x - 1
        if row.texts[before] == "" and before > 0:
            before -= 1
        row.texts[before] += cluster

"""Changed cells only: what to write so that a terminal that shows one grid shows another."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tui.terminal.abilities import Abilities
from tui.terminal.changes import blanked, changed_cells, first_doubtful, longest_run, look_before, runs, same
from tui.terminal.grid import Grid, Row
from tui.terminal.motion import Position, motion
from tui.terminal.pieces import Pen, Piece, shortest
from tui.terminal.styles import PLAIN, Look, blank_look, change

CLEAR = "\x1b[m\x1b[H\x1b[2J"
SHOW_CURSOR = "\x1b[?25h"
HIDE_CURSOR = "\x1b[?25l"
ERASE_TO_END = "\x1b[K"
ERASE_BELOW = "\x1b[J"

_WORTH_ERASING = 5
_WORTH_BLANKING = 12
_WORTH_ERASING_BELOW = 5
_WORTH_WIPING = 12
_WORTH_WIPING_ROWS = 3


class Wipe(NamedTuple):
    """A stretch of a row to blank before words are written on it."""

    row: int
    start: int
    end: int
    look: Look


class ChangedCells:
    """Knows what the terminal shows, and writes the difference to what it shall show."""

    def __init__(self, grid: Grid, abilities: Abilities) -> None:
        self._abilities = abilities
        self._shown = Grid(grid.width, grid.height)
        self._known = False
        self._pen = Pen(None, PLAIN)
        self._cursor_shown: bool | None = None

    def forget(self) -> None:
        """The terminal may show anything now: clear it and write every cell the next time."""
        self._known = False

    def assume(self, frame: str, position: Position) -> None:
        """The terminal shows exactly `frame`, with its cursor shown at `position`, nothing set."""
        self._shown.feed(frame)
        self._known = True
        self._pen = Pen(position, PLAIN)
        self._cursor_shown = True

    def ended(self) -> str:
        """Give what a console without a second screen goes on after: an empty last line, nothing set."""
        return f"{change(self._pen.look, PLAIN)}\x1b[{self._shown.height}H{ERASE_TO_END}"

    def difference(self, grid: Grid, cursor: Position | None) -> str:
        """Give what to write so that the terminal shows `grid`, its cursor at `cursor` or hidden.

        The terminal must be in raw mode: a line feed is used to move down.
        """
        before = ""
        rows: Iterable[int] = sorted(grid.touched)
        if not self._known or (grid.width, grid.height) != (self._shown.width, self._shown.height):
            before = change(Look(link=self._pen.look.link), PLAIN) + CLEAR
            self._start_blank(grid)
            rows = range(grid.height)
        changed = [number for number in rows if not same(self._shown.rows[number], grid.rows[number])]
        grid.touched.clear()
        last = look_before(grid, cursor)
        ways = [shortest(self._pen, *self._pieces(grid, changed, self._shown.rows), last)]
        place = self._worth_erasing(grid, changed)
        if place is not None:
            ways.append(self._from_erased(grid, changed, *place, last))
        few = len(changed) < _WORTH_WIPING_ROWS
        wipes = [] if few else [wipe for number in changed for wipe in self._wipes(number, grid.rows[number])]
        if wipes:
            ways.append(self._from_wiped(grid, changed, wipes, last))
        written, self._pen = min(ways, key=lambda way: len(way[0]))
        for number in changed:
            self._shown.rows[number].copy_from(grid.rows[number])
        return before + written + self._place_cursor(cursor)

    def _pieces(
        self, grid: Grid, numbers: Iterable[int], shown: Sequence[Row]
    ) -> tuple[list[Piece], list[Piece]]:
        """Give what turns shown rows into those of the grid: what keeps its order, and the rest."""
        in_order: list[Piece] = []
        pieces: list[Piece] = []
        for number in numbers:
            old, new = shown[number], grid.rows[number]
            doubtful = min(first_doubtful(old), first_doubtful(new))
            if True in changed_cells(old, new)[doubtful:]:
                in_order += self._doubtful_pieces(number, old, new, doubtful)
            else:
                pieces += self._row_pieces(number, old, new)
        return in_order, pieces

    def _worth_erasing(self, grid: Grid, changed: Iterable[int]) -> tuple[int, Look] | None:
        """Give the row from which on so much becomes blank that erasing all may cost less, and the look."""
        blank = [
            (number, grid.rows[number].looks[0])
            for number in changed
            if "".join(grid.rows[number].texts).isspace() and len(set(grid.rows[number].looks)) == 1
        ]
        worth = self._abilities.erases_below and len(blank) >= _WORTH_ERASING_BELOW
        return blank[0] if worth and self._may_erase(blank[0][1]) else None

    def _from_erased(
        self, grid: Grid, changed: Iterable[int], first: int, look: Look, last: Look | None
    ) -> tuple[str, Pen]:
        """Erase all from a row on, then write what stands there."""
        erased = [blanked(row, 0, look) for row in grid.rows]
        shown = [*self._shown.rows[:first], *erased[first:]]
        below = [number for number in range(first, grid.height) if not same(shown[number], grid.rows[number])]
        above = [number for number in changed if number < first]
        in_order, pieces = self._pieces(grid, [*above, *below], shown)
        erase = Piece(first, 0, look, ERASE_BELOW, 0, blank=True)
        return shortest(self._pen, [erase, *in_order], pieces, last)

    def _wipes(self, number: int, new: Row) -> Iterator[Wipe]:
        """Give the stretch of a row, if any, that changes as a whole and whose words have wide gaps.

        Such as what a box stood on.
        """
        old = self._shown.rows[number]
        start, end = longest_run([a != b for a, b in zip(old.looks, new.looks, strict=True)])
        while start < end and new.texts[start] == " ":
            start += 1
        look = blank_look(new.looks[start]) if start < end else PLAIN
        if not self._abilities.erases_characters or not self._may_erase(look):
            return
        certain = min(first_doubtful(old), first_doubtful(new)) == len(new.texts)
        one_ground = all(blank_look(here) == look for here in new.looks[start:end])
        if certain and one_ground and new.texts[start:end].count(" ") >= _WORTH_WIPING:
            yield Wipe(number, start, end, look)

    def _from_wiped(
        self, grid: Grid, changed: Iterable[int], wipes: Iterable[Wipe], last: Look | None
    ) -> tuple[str, Pen]:
        """Blank those stretches, then write the words on them."""
        shown = list(self._shown.rows)
        erasures: list[Piece] = []
        for number, start, end, look in wipes:
            shown[number] = blanked(shown[number], start, look, end)
            erasures.append(Piece(number, start, look, f"\x1b[{end - start}X", 0, blank=True))
        in_order, pieces = self._pieces(grid, changed, shown)
        return shortest(self._pen, [*erasures, *in_order], pieces, last)

    def _start_blank(self, grid: Grid) -> None:
        self._shown = Grid(grid.width, grid.height)
        self._known = True
        self._pen = Pen((0, 0), PLAIN)

    def _place_cursor(self, cursor: Position | None) -> str:
        written = ""
        if cursor is not None:
            written = motion(self._pen.position, cursor)
            self._pen = Pen(cursor, self._pen.look)
        if self._cursor_shown is not (cursor is not None):
            self._cursor_shown = cursor is not None
            written += SHOW_CURSOR if self._cursor_shown else HIDE_CURSOR
        return written

    def _doubtful_pieces(self, number: int, old: Row, new: Row, doubtful: int) -> Iterator[Piece]:
        """Write a row with clusters that may be wider or narrower than we think, from the first of them on.

        The rest of the row is erased before, so that nothing old stands between; words are written as
        they are, in one go, and after each gap of two blanks the cursor is placed anew.
        """
        width = len(new.texts)
        start = min(doubtful, changed_cells(old, new).index(True))
        look = blank_look(new.looks[-1])
        ground = blanked(new, start, look)
        if self._abilities.erases_in_line and self._may_erase(look):
            yield Piece(number, start, look, ERASE_TO_END, 0, blank=True)
        else:
            yield Piece(number, start, look, " " * (width - start), width - start, blank=True, certain=False)
        for first, end in runs(changed_cells(ground, new), new, closest=2, uniform=False):
            follows = False
            for piece in self._run_pieces(number, new, first, end):
                yield piece._replace(follows=follows, certain=False)
                follows = piece.cells > 0

    def _row_pieces(self, number: int, old: Row, new: Row) -> Iterator[Piece]:
        changed = changed_cells(old, new)
        tail = self._erasable_tail(new, changed)
        for start, end in runs(changed[:tail], new):
            yield from self._run_pieces(number, new, start, end)
        if tail < len(changed):
            yield Piece(number, tail, new.looks[-1], ERASE_TO_END, 0, blank=True)

    def _erasable_tail(self, new: Row, changed: list[bool]) -> int:
        """Give the column from which on one erase does what many blanks would; the width where none does."""
        width = len(changed)
        look = new.looks[-1]
        if not self._may_erase(look) or not self._abilities.erases_in_line:
            return width
        tail = width
        while tail and new.texts[tail - 1] == " " and new.looks[tail - 1] == look:
            tail -= 1
        first = changed.index(True, tail) if True in changed[tail:] else width
        return first if sum(changed[first:]) >= _WORTH_ERASING else width

    def _may_erase(self, look: Look) -> bool:
        return look == PLAIN or (
            self._abilities.erases_in_colour and look == Look(background=look.background)
        )

    def _run_pieces(self, number: int, row: Row, start: int, end: int) -> Iterator[Piece]:
        """Cut a stretch of cells into pieces of one look each, long blanks into erasures."""
        column = start
        while column < end:
            blanks = self._blanks(row, column, end)
            if blanks >= _WORTH_BLANKING:
                yield Piece(number, column, row.looks[column], f"\x1b[{blanks}X", 0, blank=True)
                column += blanks
                continue
            piece = self._text_piece(number, row, column, end)
            yield piece
            column += piece.cells

    def _text_piece(self, number: int, row: Row, start: int, end: int) -> Piece:
        """Take cells from `start` on for as long as they can be written as one text."""
        look, blank = row.looks[start], row.texts[start] == " "
        column = start
        while column < end:
            text, here = row.texts[column], row.looks[column]
            if text == " ":
                if here != (look if blank else blank_look(look)):
                    break
                if column > start and self._blanks(row, column, end) >= _WORTH_BLANKING:
                    break
            elif blank and blank_look(here) == look:
                look, blank = here, False
            elif here != look:
                break
            column += 2 if row.texts[column + 1 : column + 2] == [""] else 1
        text = "".join(row.texts[start:column])
        inside = column < len(row.texts)
        return Piece(number, start, look, text, column - start, blank=blank, certain=inside)

    def _blanks(self, row: Row, start: int, end: int) -> int:
        """Give how many cells from `start` on can be blanked by one erase."""
        if not self._abilities.erases_characters or row.texts[start] != " ":
            return 0
        look = row.looks[start]
        if not self._may_erase(look):
            return 0
        cells = zip(row.texts[start:end], row.looks[start:end], strict=True)
        return sum(1 for _ in itertools.takewhile(lambda cell: cell == (" ", look), cells))

"""Changed cells only: what to write so that a terminal that shows one grid shows another."""

import itertools
from collections.abc import Iterable, Iterator, Sequence

from tui.terminal.abilities import Abilities
from tui.terminal.glyphs import agreed
from tui.terminal.grid import Grid, Row
from tui.terminal.motion import Position, motion
from tui.terminal.pieces import Pen, Piece, shortest
from tui.terminal.styles import PLAIN, Look, blank_look

CLEAR = "\x1b[m\x1b[H\x1b[2J"
SHOW_CURSOR = "\x1b[?25h"
HIDE_CURSOR = "\x1b[?25l"
ERASE_TO_END = "\x1b[K"
ERASE_BELOW = "\x1b[J"

_WORTH_ERASING = 5
_WORTH_SKIPPING = 4
_WORTH_BLANKING = 12
_WORTH_ERASING_BELOW = 5


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

    def difference(self, grid: Grid, cursor: Position | None) -> str:
        """Give what to write so that the terminal shows `grid`, its cursor at `cursor` or hidden.

        The terminal must be in raw mode: a line feed is used to move down.
        """
        before = ""
        rows: Iterable[int] = sorted(grid.touched)
        if not self._known or (grid.width, grid.height) != (self._shown.width, self._shown.height):
            before = CLEAR
            self._start_blank(grid)
            rows = range(grid.height)
        changed = [number for number in rows if not _same(self._shown.rows[number], grid.rows[number])]
        grid.touched.clear()
        ways = [shortest(self._pen, *self._pieces(grid, changed, self._shown.rows))]
        place = self._worth_erasing(grid, changed)
        if place is not None:
            ways.append(self._from_erased(grid, changed, *place))
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
            doubtful = min(_first_doubtful(old), _first_doubtful(new))
            if doubtful < grid.width:
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

    def _from_erased(self, grid: Grid, changed: Iterable[int], first: int, look: Look) -> tuple[str, Pen]:
        """Erase all from a row on, then write what stands there."""
        erased = [_blank_row(row, 0, look) for row in grid.rows]
        shown = [*self._shown.rows[:first], *erased[first:]]
        below = [
            number for number in range(first, grid.height) if not _same(shown[number], grid.rows[number])
        ]
        above = [number for number in changed if number < first]
        in_order, pieces = self._pieces(grid, [*above, *below], shown)
        erase = Piece(first, 0, look, ERASE_BELOW, 0, blank=True)
        return shortest(self._pen, [erase, *in_order], pieces)

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
        start = min(doubtful, _changed_cells(old, new).index(True))
        look = blank_look(new.looks[-1])
        ground = _blank_row(new, start, look)
        if self._abilities.erases_in_line and self._may_erase(look):
            yield Piece(number, start, look, ERASE_TO_END, 0, blank=True)
        else:
            yield Piece(number, start, look, " " * (width - start), width - start, blank=True, certain=False)
        for first, end in _runs(_changed_cells(ground, new), new, closest=2, uniform=False):
            follows = False
            for piece in self._run_pieces(number, new, first, end):
                yield piece._replace(follows=follows, certain=False)
                follows = piece.cells > 0

    def _row_pieces(self, number: int, old: Row, new: Row) -> Iterator[Piece]:
        changed = _changed_cells(old, new)
        tail = self._erasable_tail(new, changed)
        for start, end in _runs(changed[:tail], new):
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


def _same(old: Row, new: Row) -> bool:
    return old.texts == new.texts and old.looks == new.looks


def _changed_cells(old: Row, new: Row) -> list[bool]:
    """Tell for each cell whether it must be written; a wide cluster is written whole."""
    changed = [
        before != after or was != shall
        for before, after, was, shall in zip(old.texts, new.texts, old.looks, new.looks, strict=True)
    ]
    if "" not in old.texts and "" not in new.texts:
        return changed
    for texts in (old.texts, new.texts, old.texts):
        for column in range(1, len(texts)):
            if texts[column] == "" and (changed[column] or changed[column - 1]):
                changed[column] = changed[column - 1] = True
    return changed


def _first_doubtful(row: Row) -> int:
    """Give the column of the first cluster that terminals do not agree on; where there is none, the width."""
    if "".join(row.texts).isascii():
        return len(row.texts)
    for column, text in enumerate(row.texts):
        if text and not text.isascii() and not agreed(text):
            return column
    return len(row.texts)


def _blank_row(row: Row, start: int, look: Look) -> Row:
    """Give `row` with blanks of one look from `start` on."""
    blank = Row(len(row.texts))
    blank.copy_from(row)
    count = len(row.texts) - start
    blank.texts[start:] = [" "] * count
    blank.looks[start:] = [look] * count
    return blank


def _runs(
    changed: list[bool], row: Row, closest: int = _WORTH_SKIPPING, *, uniform: bool = True
) -> Iterator[tuple[int, int]]:
    """Give the stretches of cells to write; a gap shorter than `closest` is written rather than skipped.

    With `uniform` only where it has the look of what is around it.
    """
    start = end = None
    for column, is_changed in enumerate(changed):
        if not is_changed:
            continue
        if start is None or end is None:
            start = column
        elif column - end >= closest or (uniform and column > end and not _uniform(row, end - 1, column + 1)):
            yield start, end
            start = column
        end = column + 1
    if start is not None and end is not None:
        yield start, end


def _uniform(row: Row, start: int, end: int) -> bool:
    """Tell whether a stretch can be written without changing the look within."""
    looks = row.looks[start:end]
    lettered = {look for text, look in zip(row.texts[start:end], looks, strict=True) if text != " "}
    return len(lettered) <= 1 and len({look.background for look in looks}) == 1

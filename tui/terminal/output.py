"""Changed cells only: what to write so that a terminal that shows one grid shows another."""

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from tui.terminal.glyphs import agreed
from tui.terminal.grid import Grid, Row
from tui.terminal.motion import SOMEWHERE, Position, motion
from tui.terminal.styles import PLAIN, Look, blank_look, change

CLEAR = "\x1b[m\x1b[H\x1b[2J"
SHOW_CURSOR = "\x1b[?25h"
HIDE_CURSOR = "\x1b[?25l"

_WORTH_ERASING = 5
_WORTH_SKIPPING = 4
_WORTH_BLANKING = 12


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a terminal can do, of what saves bytes."""

    erases_in_colour: bool = False
    """Erased cells get the background colour that is set (terminfo `bce`)."""
    erases_in_line: bool = True
    """Can erase to the end of the line (`el`)."""
    erases_characters: bool = False
    """Can erase some characters without moving (`ech`)."""

    @classmethod
    def of(cls, name: str) -> "Abilities":
        """Look a terminal up in terminfo; one that is not there can do only what all can."""
        with contextlib.suppress(Exception):
            import curses

            curses.setupterm(name or "dumb", 1)
            return cls(
                erases_in_colour=curses.tigetflag("bce") > 0,
                erases_in_line=bool(curses.tigetstr("el")),
                erases_characters=bool(curses.tigetstr("ech")),
            )
        return cls()


class ChangedCells:
    """Knows what the terminal shows, and writes the difference to what it shall show."""

    def __init__(self, grid: Grid, abilities: Abilities) -> None:
        self._abilities = abilities
        self._shown = Grid(grid.width, grid.height)
        self._known = False
        self._position: Position | None = None
        self._look = PLAIN
        self._cursor_shown: bool | None = None
        self._written: list[str] = []

    def forget(self) -> None:
        """The terminal may show anything now: clear it and write every cell the next time."""
        self._known = False

    def assume(self, frame: str, position: Position) -> None:
        """The terminal shows exactly `frame`, with its cursor shown at `position`, nothing set."""
        self._shown.feed(frame)
        self._known = True
        self._position = position
        self._cursor_shown = True

    def difference(self, grid: Grid, cursor: Position | None) -> str:
        """Give what to write so that the terminal shows `grid`, its cursor at `cursor` or hidden.

        The grid must be raw-mode output: it moves with bare line feeds.
        """
        self._written = []
        rows: Iterator[int] | list[int] = sorted(grid.touched)
        if not self._known or (grid.width, grid.height) != (self._shown.width, self._shown.height):
            self._clear(grid)
            rows = list(range(grid.height))
        for number in rows:
            self._paint_row(number, self._shown.rows[number], grid.rows[number])
            self._shown.rows[number].copy_from(grid.rows[number])
        grid.touched.clear()
        if cursor is not None:
            self._move(*cursor)
        if self._cursor_shown is not (cursor is not None):
            self._cursor_shown = cursor is not None
            self._written.append(SHOW_CURSOR if self._cursor_shown else HIDE_CURSOR)
        return "".join(self._written)

    def _clear(self, grid: Grid) -> None:
        self._shown = Grid(grid.width, grid.height)
        self._known = True
        self._written.append(CLEAR)
        self._position = (0, 0)
        self._look = PLAIN

    def _paint_row(self, number: int, old: Row, new: Row) -> None:
        if old.texts == new.texts and old.looks == new.looks:
            return
        changed = _changed_cells(old, new)
        tail = self._erasable_tail(new, changed)
        for start, end in _runs(changed[:tail], new):
            self._write_cells(number, new, start, end)
        if tail < len(changed):
            self._move(changed.index(True, tail), number)
            self._set_look(new.looks[-1], blank=True)
            self._written.append("\x1b[K")

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

    def _write_cells(self, number: int, row: Row, start: int, end: int) -> None:
        column = start
        while column < end:
            look = row.looks[column]
            blanks = self._blanks(row, column, end)
            if blanks >= _WORTH_BLANKING:
                self._move(column, number)
                self._set_look(look, blank=True)
                self._written.append(f"\x1b[{blanks}X")
                column += blanks
                continue
            text = row.texts[column]
            self._move(column, number)
            self._set_look(look, blank=text == " ")
            self._written.append(text)
            cells = 2 if column + 1 < len(row.texts) and row.texts[column + 1] == "" else 1
            column += cells
            certain = column < len(row.texts) and (text.isascii() or agreed(text))
            self._position = (column if certain else SOMEWHERE, number)

    def _blanks(self, row: Row, start: int, end: int) -> int:
        """Give how many cells from `start` on can be blanked by one erase."""
        if not self._abilities.erases_characters or row.texts[start] != " ":
            return 0
        look = row.looks[start]
        if not self._may_erase(look):
            return 0
        cells = zip(row.texts[start:end], row.looks[start:end], strict=True)
        return sum(1 for _ in itertools.takewhile(lambda cell: cell == (" ", look), cells))

    def _move(self, column: int, row: int) -> None:
        self._written.append(motion(self._position, (column, row)))
        self._position = (column, row)

    def _set_look(self, look: Look, *, blank: bool) -> None:
        """Set the look of what is written next; a blank needs no change that could not be seen."""
        if blank and blank_look(self._look) == look:
            return
        self._written.append(change(self._look, look))
        self._look = look


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


def _runs(changed: list[bool], row: Row) -> Iterator[tuple[int, int]]:
    """Give the stretches of cells to write; a short gap of the same look is written rather than skipped."""
    start = end = None
    for column, is_changed in enumerate(changed):
        if not is_changed:
            continue
        if start is None or end is None:
            start = column
        elif column > end and (column - end >= _WORTH_SKIPPING or not _uniform(row, end - 1, column + 1)):
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

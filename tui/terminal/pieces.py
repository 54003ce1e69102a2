"""Pieces of a screen to write, and the order that costs the fewest bytes."""

from collections.abc import Sequence
from typing import NamedTuple

from tui.terminal.motion import SOMEWHERE, Position, motion
from tui.terminal.styles import Look, blank_look, change

_WORTH_ORDERING = 4


class Piece(NamedTuple):
    """Something to write in one look at one place."""

    row: int
    column: int
    look: Look
    written: str
    cells: int
    """How far it moves the cursor; 0 for an erasure."""
    blank: bool = False
    """Only blanks: any look that shows blanks the same will do."""
    certain: bool = True
    """Whether the cursor is surely `cells` further afterwards."""
    follows: bool = False
    """Belongs right behind the piece before it, wherever the terminal has its cursor by then."""


class Pen(NamedTuple):
    """Where the terminal's cursor is, and in what look it writes."""

    position: Position | None
    look: Look


def shortest(
    pen: Pen, in_order: Sequence[Piece], pieces: Sequence[Piece], last: Look | None = None
) -> tuple[str, Pen]:
    """Write pieces `in_order` as they are, then the others in the shortest order: by row, by look, by column.

    Of looks in any order, `last` is the last: what is likely to be written next has it.

    Colours are long (19 bytes for one of 16 million), moves are short: a list in three colours costs a
    third less when all that is grey is written before all that is white, and the sides of a box when each is
    written from top to bottom.
    """
    first, pen = _written(pen, in_order)
    ways = [_written(pen, pieces)]
    if len(pieces) >= _WORTH_ORDERING:
        ways.append(_by_look(pen, pieces, last))
    rest, pen = min(ways, key=lambda written: len(written[0]))
    return first + rest, pen


def _by_look(pen: Pen, pieces: Sequence[Piece], last: Look | None) -> tuple[str, Pen]:
    """Write one look after the other, each by rows or by columns."""
    parts: list[str] = []
    for group in _grouped(pen.look, pieces, last):
        ways = [_written(pen, group)]
        if len(group) >= _WORTH_ORDERING:
            ways.append(_written(pen, sorted(group, key=lambda piece: (piece.column, piece.row))))
        written, pen = min(ways, key=lambda way: len(way[0]))
        parts.append(written)
    return "".join(parts), pen


def _written(pen: Pen, pieces: Sequence[Piece]) -> tuple[str, Pen]:
    position, look = pen
    parts: list[str] = []
    for piece in pieces:
        if not piece.follows:
            parts.append(motion(position, (piece.column, piece.row)))
        if not (piece.blank and blank_look(look) == piece.look):
            parts.append(change(look, piece.look))
            look = piece.look
        parts.append(piece.written)
        position = (piece.column + piece.cells if piece.certain else SOMEWHERE, piece.row)
    return "".join(parts), Pen(position, look)


def _grouped(first: Look, pieces: Sequence[Piece], last: Look | None) -> list[list[Piece]]:
    """Put pieces of one look together, the look that is set already first; blanks go where they fit."""
    groups: dict[Look, list[Piece]] = {first: []}
    for piece in pieces:
        if not piece.blank:
            groups.setdefault(piece.look, [])
    if last in groups and last != first:
        groups[last] = groups.pop(last)
    host = {blank_look(look): look for look in reversed(groups)}
    for piece in pieces:
        look = host.get(piece.look, piece.look) if piece.blank else piece.look
        groups.setdefault(look, []).append(piece)
    return list(groups.values())

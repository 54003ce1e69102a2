"""The cheapest way for the cursor from one cell to another (ECMA-48, understood by every terminal in use)."""

from functools import lru_cache

Position = tuple[int, int]
"""Column and row, from 0."""

SOMEWHERE = -1
"""The column of a cursor of which only the row is known."""


@lru_cache(maxsize=16384)
def motion(current: Position | None, wanted: Position) -> str:
    """Give the shortest sequence that moves the cursor; `current` is None when it is not known.

    The line feed is used as "one down, same column", so the terminal must be in raw mode.
    """
    if current == wanted:
        return ""
    column, row = wanted
    ways = [_absolute(column, row)]
    if current is not None:
        at_column, at_row = current
        down = _vertical(row - at_row)
        ways.append(f"{down}\r{_horizontal(column)}")
        if at_column != SOMEWHERE:
            ways.append(down + _horizontal(column - at_column))
        elif column:
            ways.append(f"{down}\x1b[{column + 1}G")
    return min(ways, key=len)


def _absolute(column: int, row: int) -> str:
    if column:
        return f"\x1b[{row + 1 if row else ''};{column + 1}H"
    return f"\x1b[{row + 1 if row else ''}H"


def _vertical(rows: int) -> str:
    if rows > 0:
        return "\n" * rows if rows <= 3 else f"\x1b[{rows}B"
    return f"\x1b[{-rows if rows < -1 else ''}A" if rows else ""


def _horizontal(columns: int) -> str:
    if columns > 0:
        return f"\x1b[{columns if columns > 1 else ''}C"
    if columns < 0:
        return "\b" * -columns if columns >= -4 else f"\x1b[{-columns}D"
    return ""

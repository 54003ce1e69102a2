"""What differs between a row as it is shown and as it shall be."""

from collections.abc import Iterator, Sequence

from tui.terminal.glyphs import agreed
from tui.terminal.grid import Grid, Row
from tui.terminal.motion import Position
from tui.terminal.styles import Look

_WORTH_SKIPPING = 4


def look_before(grid: Grid, cursor: Position | None) -> Look | None:
    """Give the look of what stands before the cursor, such as the letters typed so far."""
    if cursor is None or not cursor[0]:
        return None
    column, row = cursor[0] - 1, grid.rows[cursor[1]]
    return row.looks[column] if row.texts[column] != " " else None


def same(old: Row, new: Row) -> bool:
    """Tell whether two rows show the same."""
    return old.texts == new.texts and old.looks == new.looks


def changed_cells(old: Row, new: Row) -> list[bool]:
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


def first_doubtful(row: Row) -> int:
    """Give the column of the first cluster that terminals do not agree on; where there is none, the width."""
    if "".join(row.texts).isascii():
        return len(row.texts)
    for column, text in enumerate(row.texts):
        if text and not text.isascii() and not agreed(text):
            return column
    return len(row.texts)


def blanked(row: Row, start: int, look: Look, end: int | None = None) -> Row:
    """Give `row` with blanks of one look from `start` on, up to `end` where one is named."""
    blank = Row(len(row.texts))
    blank.copy_from(row)
    count = (len(row.texts) if end is None else end) - start
    blank.texts[start:end] = [" "] * count
    blank.looks[start:end] = [look] * count
    return blank


def longest_run(changed: Sequence[bool]) -> tuple[int, int]:
    """Give where the longest stretch of changed cells starts and ends."""
    best = start = 0, 0
    for column, is_changed in enumerate(changed):
        start = (start[0], column + 1) if is_changed else (column + 1, column + 1)
        best = max(best, start, key=lambda run: run[1] - run[0])
    return best


def runs(
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

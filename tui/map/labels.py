"""Names on a map: each where there is room, the most important first."""

from collections.abc import Iterator
from dataclasses import dataclass

from tui.text import one_line, width_of


@dataclass(frozen=True, slots=True)
class Label:
    """Text at a place in a row of cells."""

    column: int
    text: str
    role: str


class Labels:
    """The cells of a picture that texts have been put into."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self._taken = [bytearray(columns) for _ in range(rows)]
        self._placed: list[list[Label]] = [[] for _ in range(rows)]

    def row(self, row: int) -> Iterator[Label]:
        """Give the texts of a row from left to right."""
        yield from sorted(self._placed[row], key=lambda label: label.column)

    def sign(self, sign: str, column: int, row: int, role: str) -> bool:
        """Put a sign of one cell; say whether it is in the picture and nothing stood there."""
        if not (0 <= column < self.columns and 0 <= row < self.rows) or self._taken[row][column]:
            return False
        self._put(sign, 1, column, row, role)
        return True

    def beside(self, text: str, column: int, row: int, role: str) -> bool:
        """Put a text right of a cell, else a row below or above, or left of it; say whether it fitted."""
        text = one_line(text)
        width = width_of(text)
        # The blank between a sign and its name belongs to the name: nothing else may stand there.
        places = (
            (f" {text}", column + 1, row),
            (text, column + 1, row + 1),
            (text, column + 1, row - 1),
            (f"{text} ", column - 1 - width, row),
        )
        for shown, start, line in places:
            if self._free(start, width_of(shown), line, beside=column if line == row else None):
                self._put(shown, width_of(shown), start, line, role)
                return True
        return False

    def across(self, text: str, column: int, row: int, role: str) -> bool:
        """Put a text with its middle in a cell; say whether it fitted."""
        text = one_line(text)
        width = width_of(text)
        start = column - width // 2
        if not self._free(start, width, row):
            return False
        self._put(text, width, start, row, role)
        return True

    def _free(self, start: int, width: int, row: int, beside: int | None = None) -> bool:
        """Say whether a text has its place, and a cell of room before and behind it but for its own sign."""
        if not width or not 0 <= row < self.rows or start < 0 or start + width > self.columns:
            return False
        cells = range(max(0, start - 1), min(self.columns, start + width + 1))
        return not any(self._taken[row][cell] for cell in cells if cell != beside)

    def _put(self, text: str, width: int, column: int, row: int, role: str) -> None:
        self._taken[row][column : column + width] = b"\1" * width
        self._placed[row].append(Label(column, text, role))

"""Tables that people bring: CSV in whatever encoding and with whatever separator a spreadsheet chose."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from client import errors
from client.cells import plain_cell
from client.text import clean

LARGEST_TABLE: Final = 200 * 1024 * 1024
LONGEST_CELL: Final = 2_000
_ENCODINGS: Final = ("utf-8-sig", "utf-16", "cp1252", "latin-1")
_SEPARATORS: Final = ",;\t|"
_SAMPLE: Final = 50
_PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a file, of which only the beginning has been read."""

    path: Path
    encoding: str
    separator: str
    heads: Sequence[str]
    """The names of its columns, as the first row has them."""
    first: Sequence[Sequence[str]]
    """Some of its rows."""
    sha256: str

    def rows(self) -> Iterator[list[str]]:
        """Give the rows behind the first one; empty ones too, so that they can be counted. Raises NotKept."""
        with _opened(self.path, self.encoding) as lines:
            rows = _cells(lines, self.separator)
            next(rows, None)
            yield from rows


def read_table(path: Path) -> Table:
    """Look at a table. Raises NotKept, with a sentence, where it is none."""
    try:
        if not path.is_file():
            raise errors.NotKept(f"{path} is no file.", remedy="Name a file.")
        if path.stat().st_size > LARGEST_TABLE:
            most = LARGEST_TABLE // 1024 // 1024
            raise errors.NotKept(f"{path.name} is larger than {most} MiB.", remedy="Part it.")
        digest, encoding = _looked_at(path)
        with _opened(path, encoding) as lines:
            start = [line for line, _ in zip(lines, range(_SAMPLE), strict=False)]
    except OSError as problem:
        raise errors.NotKept(f"{path} cannot be read: {problem.strerror}.", remedy="") from problem
    separator = _separator(start)
    rows = [row for row, _ in zip(_cells(iter(start), separator), range(_SAMPLE), strict=False)]
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise errors.NotKept(f"{path.name} has no names of columns in its first row.", remedy="")
    heads = [" ".join(head.split()) for head in rows[0]]
    return Table(path, encoding, separator, heads, rows[1:], digest)


def _looked_at(path: Path) -> tuple[str, str]:
    """Give the digest of a file and the first encoding that all of it can be read in."""
    digest, marked = sha256(), False
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            marked = marked or (file.tell() == len(piece) and piece[:2] in (b"\xff\xfe", b"\xfe\xff"))
            digest.update(piece)
    for encoding in _ENCODINGS:
        if encoding == "utf-16" and not marked:
            continue
        try:
            with path.open(encoding=encoding, newline="") as text:
                while text.read(_PIECE):
                    pass
        except UnicodeError:
            continue
        return digest.hexdigest(), encoding
    raise errors.NotKept(f"{path.name} is no text.", remedy="Save it as CSV.")


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[Iterator[str]]:
    with path.open(encoding=encoding, newline="") as file:
        yield file


def _cells(lines: Iterator[str], separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(1024 * 1024)
    try:
        for row in csv.reader(lines, delimiter=separator):
            yield [clean(plain_cell(cell)).strip()[: LONGEST_CELL + 1] for cell in row]
    except csv.Error as problem:
        raise errors.NotKept(f"The table cannot be read: {problem}.", remedy="Save it as CSV.") from problem


def _separator(lines: Sequence[str]) -> str:
    """Give the separator that parts the first row into most columns, of which later rows have as many."""

    def worth(separator: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(iter(lines), delimiter=separator) if row]
        except csv.Error:
            return 0, 0
        if not widths or widths[0] < 2:
            return 0, 0
        return sum(width == widths[0] for width in widths), widths[0]

    best = max(_SEPARATORS, key=worth)
    return best if worth(best) > (0, 0) else ","

"""A table of budget, figure and peers, as it is printed."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was measured; figures are texts with their unit."""

    act: str
    budget: str
    figure: str
    peers: dict[str, str] = field(default_factory=dict)


def printed(title: str, lines: Sequence[Line]) -> str:
    """Give the table as text, one column for each peer that was measured."""
    names = list(dict.fromkeys(name for line in lines for name in line.peers))
    rows = [["", "budget", "Keeptabs", *names]]
    rows += [
        [line.act, line.budget, line.figure, *(line.peers.get(name, "") for name in names)] for line in lines
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    rule = "-" * len(text[0])
    return "\n".join([title, rule, text[0].rstrip(), rule, *(row.rstrip() for row in text[1:]), ""])


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:,.1f} ms"


def count(number: float) -> str:
    return f"{number:,.0f}"

"""What scripts read: records on standard output as columns, JSON, JSON Lines or CSV."""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from client.cells import safe_cell
from client.text import clean
from tui.cli import exit_codes

Row = Mapping[str, Any]


def add_forms(parser: argparse.ArgumentParser) -> None:
    """Take how the records shall be written, and which of their members."""
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", dest="form", action="store_const", const="json", help="as one JSON list")
    forms.add_argument(
        "--jsonl", dest="form", action="store_const", const="jsonl", help="a JSON object a line"
    )
    forms.add_argument("--csv", dest="form", action="store_const", const="csv", help="as CSV (RFC 4180)")
    parser.add_argument("--fields", metavar="NAMES", default="", help="only these, with commas between them")


def put(arguments: argparse.Namespace, rows: Iterable[Row], columns: Sequence[str]) -> int:
    """Write records; `columns` are shown where nothing else is asked for. Gives the exit code."""
    names = [name.strip() for name in arguments.fields.split(",") if name.strip()] or list(columns)
    chosen = [
        row if arguments.form in ("json", "jsonl") and not arguments.fields else _only(row, names)
        for row in rows
    ]
    if arguments.form == "json":
        line(json.dumps(chosen, ensure_ascii=False, indent=2))
    elif arguments.form == "jsonl":
        for row in chosen:
            line(json.dumps(row, ensure_ascii=False))
    elif arguments.form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\r\n")
        writer.writerow(names)
        writer.writerows([safe_cell(plain(row.get(name))) for name in names] for row in chosen)
    else:
        _table([[plain(row.get(name)) for name in names] for row in chosen])
    return exit_codes.OK if chosen else exit_codes.NOT_FOUND


def _only(row: Row, names: Sequence[str]) -> Row:
    return {name: row[name] for name in names if name in row}


def _table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    for row in rows:
        line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def plain(value: Any) -> str:
    """Give a value as one line of text."""
    if isinstance(value, list):
        return ", ".join(plain(part) for part in value)
    if isinstance(value, Mapping):
        return " ".join(plain(part) for part in value.values())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else " ".join(clean(str(value)).split())


def line(text: str) -> None:
    """Write a line for whoever reads; characters that the locale lacks become question marks."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")

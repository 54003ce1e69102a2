"""How an export is written: as CSV, as cards, as JSON Lines; each form for some customers at a time."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic_core import to_json

from client.cells import safe_cell
from server.exporting.cards import card
from server.exporting.cells import Names, Shown, text, value


@dataclass(frozen=True, slots=True)
class Export:
    """What is written of each customer."""

    columns: Sequence[str]
    chosen: bool
    """Whether somebody chose the columns."""
    hidden: frozenset[str]
    """Members that nobody is to see here."""
    names: Names


@dataclass(frozen=True, slots=True)
class Form:
    """One form of an export."""

    media_type: str
    suffix: str
    head: Callable[[Export], bytes]
    body: Callable[[Export, Iterable[Shown]], bytes]


def _table(rows: Iterable[Sequence[str]]) -> bytes:
    # RFC 4180: CRLF, quotes doubled. Everything is quoted, so that a comma is never a question.
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return file.getvalue().encode()


def _csv_head(export: Export) -> bytes:
    return _table([[safe_cell(name) for name in export.columns]])


def _csv(export: Export, customers: Iterable[Shown]) -> bytes:
    return _table(
        [safe_cell(text(value(customer, column, export.names))) for column in export.columns]
        for customer in customers
    )


def _cards(export: Export, customers: Iterable[Shown]) -> bytes:
    columns = frozenset(export.columns)
    return "".join(card(customer, columns) for customer in customers).encode()


def _json_lines(export: Export, customers: Iterable[Shown]) -> bytes:
    return b"".join(to_json(_members(export, customer)) + b"\n" for customer in customers)


def _members(export: Export, customer: Shown) -> Shown:
    if not export.chosen:
        return {name: found for name, found in customer.items() if name not in export.hidden}
    members = {column: value(customer, column, export.names) for column in export.columns}
    return {name: found for name, found in members.items() if found is not None}


def _nothing(export: Export) -> bytes:
    del export
    return b""


FORMS: Final[Mapping[str, Form]] = {
    "csv": Form("text/csv; charset=utf-8; header=present", "csv", _csv_head, _csv),
    "vcard": Form("text/vcard; charset=utf-8; version=4.0", "vcf", _nothing, _cards),
    "jsonl": Form("application/jsonl", "jsonl", _nothing, _json_lines),
}

"""A row of a table as a customer: strict, like everything that is written through the contract."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import to_json
from sqlalchemy import Connection, select

from client.models import Customer
from client.models.flat import CUSTOM, REFERENCES
from client.models.written import new_model
from server.problems import Fault, Refusal, faults_of
from server.rules.customers import known_labels
from server.rules.names import name_key
from server.rules.work import Work
from server.store import tables

_NEW: Final = new_model(Customer)
_ADDRESS: Final = ("line1", "line2", "postal_code", "city", "region", "country")
_SEPARATOR: Final = re.compile(r"\s*[;\n]\s*")
_BOOLEANS: Final = {"true": True, "false": False}
_UNTOLD: Final = frozenset({"id", "number", "version", "created_at", "updated_at"})
_COLUMN_OF: Final = {
    "phones": ("phone", "other_phones"),
    "emails": ("email", "other_emails"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may point to."""

    references: Mapping[str, Mapping[str, str]]
    """For each column that names a record elsewhere, the ids by folded names."""
    fields: Mapping[str, str]
    """The types of additional fields by their keys."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row cannot be imported."""

    column: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Read:
    """A row that was read: the members of a customer, or what is wrong."""

    record: dict[str, Any] | None
    faults: Sequence[RowFault] = ()


def known(connection: Connection) -> Known:
    """Read what rows may point to."""
    references: dict[str, Mapping[str, str]] = {}
    for column, collection in REFERENCES.items():
        table = tables.metadata.tables[collection].c
        references[column] = {
            row.name_key: row.id for row in connection.execute(select(table.name_key, table.id))
        }
    fields = tables.custom_fields.c
    return Known(
        references, {row.key: row.type for row in connection.execute(select(fields.key, fields.type))}
    )


def read(work: Work, rules: Any, columns: Sequence[str], cells: Sequence[str], known: Known) -> Read:
    """Read one row by the rules of customers."""
    members, faults = _members(columns, cells, known)
    if faults:
        return Read(None, [*faults, *_unknown_labels(work, members)])
    try:
        body = _NEW.model_validate_json(to_json(members), strict=True)
    except ValidationError as error:
        return Read(None, [*map(_told, faults_of(error)), *_unknown_labels(work, members)])
    try:
        customer = rules.check(work, None, _customer(body, work.now), frozenset(members))
    except Refusal as refusal:
        found = refusal.faults or [Fault("", refusal.code, refusal.sentence)]
        return Read(None, [_told(fault) for fault in found])
    return Read({name: value for name, value in customer.to_json().items() if name not in _UNTOLD})


def _unknown_labels(work: Work, members: Mapping[str, Any]) -> list[RowFault]:
    """Look the labels of a row up that goes no further: all that is wrong with it is told at once."""
    return list(map(_told, known_labels(work, members.get("labels", []))[1]))


def _customer(body: Any, moment: datetime) -> Customer:
    own = {"id": "-", "number": 1, "version": 1, "created_at": moment, "updated_at": moment}
    return Customer.model_validate(own | body.model_dump())


def _members(
    columns: Sequence[str], cells: Sequence[str], known: Known
) -> tuple[dict[str, Any], list[RowFault]]:
    members: dict[str, Any] = {}
    faults: list[RowFault] = []
    address: dict[str, str] = {}
    for column, text in zip(columns, map(str.strip, cells), strict=False):
        if not column or not text:
            continue
        if column in _ADDRESS:
            address[column] = text
        elif column in ("phone", "other_phones"):
            members.setdefault("phones", []).extend({"number": number} for number in _several(column, text))
        elif column in ("email", "other_emails"):
            members.setdefault("emails", []).extend({"address": mail} for mail in _several(column, text))
        elif column == "labels":
            members["labels"] = _several(column, text)
        else:
            try:
                members |= _plain(column, text, known, members)
            except KeyError:
                faults.append(_unreadable(column, text))
    if address:
        members["addresses"] = [address]
    return members, faults


def _several(column: str, text: str) -> list[str]:
    return [text] if column in ("phone", "email") else [part for part in _SEPARATOR.split(text) if part]


def _plain(column: str, text: str, known: Known, members: Mapping[str, Any]) -> dict[str, Any]:
    """Give the member that a column is about. Raises KeyError where the text says nothing that is known."""
    if column in REFERENCES:
        return {f"{column}_id": known.references[column][name_key(text)]}
    if column in ("mail_opt_out", "email_opt_out"):
        return {column: _BOOLEANS[text.lower()]}
    if not column.startswith(CUSTOM):
        return {column: text}
    key = column.removeprefix(CUSTOM)
    value: Any = text
    if known.fields.get(key) == "yes_no":
        value = _BOOLEANS[text.lower()]
    elif known.fields.get(key) == "number":
        try:
            value = float(text)
        except ValueError:
            raise KeyError(text) from None
        value = int(value) if value.is_integer() else value
    return {"custom_fields": {**members.get("custom_fields", {}), key: value}}


def _unreadable(column: str, text: str) -> RowFault:
    shown = text if len(text) <= 40 else f"{text[:39]}…"
    if column in REFERENCES:
        return RowFault(column, "unknown_reference", f"There is no {column} {shown!r}.")
    if column in ("mail_opt_out", "email_opt_out"):
        return RowFault(column, "not_a_yes_or_no", f"{shown!r} must be true or false.")
    return RowFault(column, "wrong_type", f"{shown!r} is not what this field takes.")


def _told(fault: Fault) -> RowFault:
    """Name the column that a pointer into a customer means."""
    parts = fault.pointer.strip("/").split("/")
    column = parts[0]
    if column == "addresses":
        column = parts[2] if len(parts) > 2 else "line1"
    elif column in _COLUMN_OF:
        column = _COLUMN_OF[column][0 if parts[1:2] in ([], ["0"]) else 1]
    elif column == "custom_fields" and len(parts) > 1:
        column = CUSTOM + parts[1]
    return RowFault(
        column.removesuffix("_id") if column != "external_id" else column, fault.code, fault.sentence
    )

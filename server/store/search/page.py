"""Rows of a list as they travel: plain dicts, members equal to their default left out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from client.fold import fold
from server.store.search.raw import Raw, Row

COLUMNS = (
    "c.id, c.version, c.number, c.display_name, c.status, c.access, c.archived_at IS NOT NULL,"
    " c.primary_phone, c.primary_email, c.city, c.rank"
)
"""What is read of a customer for a row; ROW_WIDTH columns, the last one the rank."""
ROW_WIDTH = 11
NUMBER = 2
RANK = 10
ID = 0
_MEMBERS = (
    "id",
    "version",
    "number",
    "display_name",
    "status",
    "access",
    "archived",
    "phone",
    "email",
    "city",
)
_LABELS = "SELECT m.customer_id, l.name FROM customer_labels m JOIN labels l ON l.id = m.label_id"
_DEFAULTS = (None, 1, 0, "", "", "allowed", 0, "", "", "")


@dataclass(frozen=True, slots=True)
class FoundPage:
    """One page of customers, ready to be JSON."""

    items: list[dict[str, Any]]
    """Members as in `client.models.CustomerRow`."""
    next_cursor: str | None
    """Where the next page begins; None on the last one."""
    total: int | None
    """How many match in all; None where they are too many to count."""


def of_ranks(raw: Raw, ranks: Sequence[int], fields: Sequence[str]) -> list[dict[str, Any]]:
    """Give the items of the customers with these ranks, in this order."""
    if not ranks:
        return []
    where = "c.rank = ANY(?)" if raw.postgresql else "c.rank IN (SELECT value FROM json_each(?))"
    sql = f"SELECT {COLUMNS} FROM customers c WHERE {where}"  # noqa: S608 - constants
    rows = raw.rows(sql, (list(ranks) if raw.postgresql else json.dumps(ranks),))
    by_rank = {row[RANK]: row for row in rows}
    return build(raw, [by_rank[rank] for rank in ranks if rank in by_rank], fields)


def of_ids(raw: Raw, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Give the items of the customers with these ids, by their ids."""
    if not ids:
        return {}
    marks = ",".join("?" * len(ids))
    rows = raw.rows(f"SELECT {COLUMNS} FROM customers c WHERE c.id IN ({marks})", ids)  # noqa: S608 - marks
    return {item["id"]: item for item in build(raw, rows, ())}


def build(raw: Raw, rows: Sequence[Row], fields: Sequence[str]) -> list[dict[str, Any]]:
    """Turn rows that begin with COLUMNS into items. `fields` names the wanted members; empty: all."""
    wanted = frozenset(fields)
    items: list[dict[str, Any]] = []
    for row in rows:
        item: dict[str, Any] = {"id": row[ID]}
        for member, default, value in zip(_MEMBERS, _DEFAULTS, row, strict=False):
            if value != default and (not wanted or member in wanted):
                item[member] = bool(value) if member == "archived" else value
        items.append(item)
    if not wanted or "labels" in wanted:
        names = _labels(raw, [row[ID] for row in rows])
        for item in items:
            if found := names.get(item["id"]):
                item["labels"] = found
    return items


def _labels(raw: Raw, ids: list[str]) -> dict[str, list[str]]:
    if not ids:
        return {}
    marks = ",".join("?" * len(ids))
    found: dict[str, list[str]] = {}
    sql = f"{_LABELS} WHERE m.customer_id IN ({marks}) ORDER BY l.name_key"
    for customer_id, name in raw.rows(sql, ids):
        found.setdefault(customer_id, []).append(name)
    return found


def postcodes(addresses: Any) -> set[str]:
    """Give the folded postcodes of a stored list of addresses, JSON text or a list."""
    found = json.loads(addresses) if isinstance(addresses, str) else addresses
    return {"".join(filter(str.isalnum, fold(address.get("postal_code", "")))) for address in found}

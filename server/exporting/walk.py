"""Whom an export is of, and the way through them: in the order of numbers, which no change moves.

A slice looks at a bounded number of customers whatever it finds, so that neither memory nor a single read
grows with how many there are.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from server.store.search import listing
from server.store.search.audience import Bounds, TooMany
from server.store.search.filters import resolve
from server.store.search.raw import Raw

if TYPE_CHECKING:
    from server.store.search.base import SearchIndex

MOST: Final = 10_000
"""Words that more customers match than this make no export."""
SLICE: Final = 500
"""How many customers one read looks at."""
EVERYONE: Final = Bounds(refused="FALSE", reached="TRUE")
"""Leaves nobody out: what is not for marketing."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Conditions on `customers c`; or the numbers of all who are meant, where words or ids found them."""

    conditions: Sequence[str] = ()
    parameters: Sequence[Any] = ()
    numbers: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many an export is of, and who is left out of it."""

    total: int
    left_out: int = 0
    unreachable: int = 0


def found_by(index: "SearchIndex", raw: Raw, search: Any) -> Whom:
    """Give whom a search finds. Raises `TooMany` where what was typed matches more than MOST."""
    filters = resolve(index, raw, search)
    if filters is None:
        return Whom(numbers=())
    if not search.q.strip():
        return Whom(filters.conditions, filters.parameters)
    ranks = index.matches(raw, search, filters, MOST + 1)
    if len(ranks) > MOST:
        raise TooMany
    return Whom(numbers=_numbers(raw, *listing.among(raw, ranks)))


def named(raw: Raw, ids: Sequence[str]) -> Whom:
    """Give those with these ids who are there."""
    return Whom(numbers=_numbers(raw, *_one_of(raw, "c.id", ids)))


def count(raw: Raw, whom: Whom, bounds: Bounds) -> Counts:
    """Count those who are in the export, and those who are not."""
    counted = ", ".join(
        f"COALESCE(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END), 0)"
        for condition in (
            _may(bounds),
            bounds.refused,
            f"NOT ({bounds.refused}) AND {bounds.asked} AND NOT ({bounds.reached})",
        )
    )
    conditions, parameters = list(whom.conditions), list(whom.parameters)
    if whom.numbers is not None:
        among, values = _one_of(raw, "c.number", whom.numbers)
        conditions, parameters = conditions + among, parameters + values
    where = " AND ".join([*conditions, "TRUE"])
    row = raw.one(f"SELECT {counted} FROM customers c WHERE {where}", parameters)  # noqa: S608 - constants
    return Counts(*map(int, row or (0, 0, 0)))


def ids_after(raw: Raw, whom: Whom, bounds: Bounds, after: int) -> tuple[list[str], int | None]:
    """Give the next few after a number in order, and the number to go on from; None at the end."""
    conditions, parameters = [*whom.conditions, _may(bounds)], list(whom.parameters)
    if whom.numbers is not None:
        some = [number for number in whom.numbers if number > after][:SLICE]
        last = some[-1] if some else None
        among, values = _one_of(raw, "c.number", some)
    else:
        row = raw.one(_LAST, (after, SLICE))
        last = None if row is None or row[0] is None else int(row[0])
        among, values = ["c.number > ?", "c.number <= ?"], [after, last or after]
    if last is None:
        return [], None
    where = " AND ".join([*conditions, *among])
    sql = f"SELECT c.id FROM customers c WHERE {where} ORDER BY c.number"  # noqa: S608 - constants
    return [row[0] for row in raw.rows(sql, [*parameters, *values])], last


_LAST: Final = (
    "SELECT max(number) FROM (SELECT number FROM customers WHERE number > ? ORDER BY number LIMIT ?) next"
)


def _may(bounds: Bounds) -> str:
    return f"({bounds.asked} AND {bounds.reached} AND NOT ({bounds.refused}))"


def _numbers(raw: Raw, conditions: Sequence[str], parameters: Sequence[Any]) -> Sequence[int]:
    where = " AND ".join(conditions)
    sql = f"SELECT c.number FROM customers c WHERE {where} ORDER BY c.number"  # noqa: S608 - constants
    return [row[0] for row in raw.rows(sql, parameters)]


def _one_of(raw: Raw, column: str, values: Sequence[Any]) -> tuple[list[str], list[Any]]:
    if raw.postgresql:
        return [f"{column} = ANY(?)"], [list(values)]
    found = f"{column} IN (SELECT value FROM json_each(?))"  # noqa: S608 - a column of this module
    return [found], [json.dumps(list(values))]

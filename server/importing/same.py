"""Who a row likely is: by what a customer is known again, here and in the rows before it."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from client.fold import fold
from server.store.search.document import ENDS
from server.store.search.filters import NONE
from server.store.search.page import postcodes
from server.store.search.query import Query
from server.store.search.raw import Raw
from server.store.search.terms import either

if TYPE_CHECKING:
    from server.store.search.base import SearchIndex

_MOST: Final = 20_000
"""Customers that are looked at for one slice of rows."""
_TOGETHER: Final = 100
"""Phones or e-mail addresses of one question to the index."""
_CERTAIN: Final = 100


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a customer is known again: an id elsewhere, phones, e-mail addresses, name with postcode."""

    external_id: str
    phones: frozenset[str]
    emails: frozenset[str]
    name: str
    postcode: str

    @property
    def keys(self) -> list[str]:
        """Give a digest of each."""
        known = [f"x{self.external_id}"] if self.external_id else []
        known += [f"p{phone}" for phone in sorted(self.phones)]
        known += [f"e{email}" for email in sorted(self.emails)]
        if self.name and self.postcode:
            known.append(f"n{self.name}|{self.postcode}")
        return [blake2b(key.encode(), digest_size=16).hexdigest() for key in known]


def marks_of(record: Mapping[str, Any]) -> Marks:
    """Take them from the members of a customer."""
    codes = postcodes(record.get("addresses", [])) - {""}
    return Marks(
        record.get("external_id", ""),
        frozenset(_digits(phone["number"]) for phone in record.get("phones", ())),
        frozenset("".join(fold(email["address"]).split()) for email in record.get("emails", ())),
        fold(record.get("display_name", ""))[:200],
        min(codes, default=""),
    )


def find(index: "SearchIndex", raw: Raw, wanted: Sequence[Marks]) -> list[str]:
    """Give for each the id of the customer that it likely is, empty where there is none."""
    points: list[Counter[int]] = [Counter() for _ in wanted]
    _by_index(index, raw, wanted, points)
    _by_columns(raw, wanted, points)
    likely = [max(found.items(), key=lambda item: (item[1], item[0]), default=(0, 0))[0] for found in points]
    ids = _ids(raw, set(likely) - {0})
    return [ids.get(rank, "") for rank in likely]


def _by_index(
    index: "SearchIndex", raw: Raw, wanted: Sequence[Marks], points: Sequence[Counter[int]]
) -> None:
    """Count phones and e-mail addresses that are shared."""
    places: dict[str, list[int]] = {}
    for place, marks in enumerate(wanted):
        for value in (*marks.phones, *marks.emails):
            places.setdefault(value, []).append(place)
    tokens = sorted({f"e{phone[-ENDS:]}" for marks in wanted for phone in marks.phones if len(phone) > 1})
    tokens += sorted({f"i{email}" for marks in wanted for email in marks.emails})
    ranks: set[int] = set()
    for start in range(0, len(tokens), _TOGETHER):
        query = Query([either(tokens[start : start + _TOGETHER])], NONE)
        ranks.update(index.ranks(raw, query, None, _MOST))
    for rank, kept in index.documents(raw, sorted(ranks, reverse=True)):
        for value in (*kept.phones, *kept.emails):
            for place in places.get(value, ()):
                points[place][rank] += 4


def _by_columns(raw: Raw, wanted: Sequence[Marks], points: Sequence[Counter[int]]) -> None:
    """Count the same id elsewhere, and the same name with the same postcode."""
    known: dict[str, list[int]] = {}
    names: dict[str, list[int]] = {}
    for place, marks in enumerate(wanted):
        if marks.external_id:
            known.setdefault(marks.external_id, []).append(place)
        if marks.name and marks.postcode:
            names.setdefault(marks.name, []).append(place)
    for rank, external_id in _rows(raw, _KNOWN, known):
        for place in known[external_id]:
            points[place][rank] += _CERTAIN
    for rank, name, addresses in _rows(raw, _NAMED, names):
        codes = postcodes(addresses)
        for place in names[name]:
            if wanted[place].postcode in codes:
                points[place][rank] += 3


_KNOWN: Final = (
    "SELECT rank, external_id FROM customers WHERE external_id <> '' AND external_id IN ({values})"
)
_NAMED: Final = "SELECT rank, sort_name, addresses FROM customers WHERE sort_name IN ({values})"
_RANKED: Final = "SELECT rank, id FROM customers WHERE rank IN ({values})"


def _ids(raw: Raw, ranks: Iterable[int]) -> dict[int, str]:
    return {row[0]: row[1] for row in _rows(raw, _RANKED, sorted(ranks))}


def _rows(raw: Raw, statement: str, values: Iterable[Any]) -> list[Any]:
    given = list(values)
    if not given:
        return []
    if raw.postgresql:
        return list(raw.rows(statement.replace("IN ({values})", "= ANY(?)"), [given]))
    listed = statement.replace("{values}", "SELECT value FROM json_each(?)")
    return list(raw.rows(listed, [json.dumps(given)]))


def _digits(phone: str) -> str:
    return "".join(character for character in phone if "0" <= character <= "9")

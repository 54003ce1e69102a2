"""Customers who are likely the same: what they share is kept beside the index, and walked in its order.

A key is `p` and the digits of a telephone number, or `i` and an e-mail address. Names with postcodes need no
table: customers are in the order of their names already.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.store.search import page
from server.store.search.document import Document
from server.store.search.raw import Raw

_COLUMNS = "customer_id VARCHAR(64) NOT NULL, PRIMARY KEY (shared, customer_id))"
# In the order of code points on both.
SQLITE = f"CREATE TABLE search_alike (shared VARCHAR(300) NOT NULL, {_COLUMNS} WITHOUT ROWID"
POSTGRESQL = f'CREATE TABLE search_alike (shared VARCHAR(300) COLLATE "C" NOT NULL, {_COLUMNS}'
Row = tuple[str, str]
"""A key and the id of a customer who has it."""
LARGEST = 20
"""So many customers of a group are shown at most."""
_STEPS = 10
"""So many times a page is filled up where what was found was dismissed."""
_KEPT = 300


def fill(raw: Raw) -> None:
    """Keep the keys of all customers whose documents are there."""
    if raw.postgresql:
        for first, column in (("p", "phones"), ("i", "emails")):
            each = f"unnest(string_to_array({column}, ' ')) AS one"
            keys = f"SELECT left('{first}' || one, {_KEPT}), customer_id FROM search_documents, {each}"  # noqa: S608 - constants
            raw.run(f"INSERT INTO search_alike {keys} WHERE one <> '' ON CONFLICT DO NOTHING")
        return
    rank = -1
    while found := raw.rows(_WRITTEN, (rank, _TOGETHER)):
        rank = found[-1][0]
        _add(raw, [(key, row[1]) for row in found for key in _shared(row[2].split(), row[3].split())])


_TOGETHER = 20_000
_WRITTEN = (
    "SELECT rank, customer_id, phones, emails FROM search_documents WHERE rank > ? ORDER BY rank LIMIT ?"
)


def _add(raw: Raw, found: Iterable[Row]) -> None:
    sql = "INSERT INTO search_alike (shared, customer_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
    raw.many(sql, sorted(found))


def change(raw: Raw, customer_id: str, before: Document | None, after: Document | None) -> None:
    """Keep the keys right while a customer changes from one document to another."""
    old = _shared(before.phones, before.emails) if before is not None else set()
    new = _shared(after.phones, after.emails) if after is not None else set()
    if old - new:
        gone = [(key, customer_id) for key in sorted(old - new)]
        raw.many("DELETE FROM search_alike WHERE shared = ? AND customer_id = ?", gone)
    if new - old:
        _add(raw, [(key, customer_id) for key in new - old])


def _shared(phones: Iterable[str], emails: Iterable[str]) -> set[str]:
    keys = [*("p" + phone for phone in phones), *("i" + email for email in emails)]
    return {key[:_KEPT] for key in keys}


@dataclass(frozen=True, slots=True)
class Group:
    """Customers who share something."""

    reason: str
    """email, phone or name."""
    shared: str
    """What they share: an address, digits, a folded name."""
    ids: tuple[str, ...]
    """At least two, in order."""


Place = tuple[str, str]
"""Where a walk goes on: the reason and what was shared last."""


def groups(raw: Raw, after: Place, limit: int) -> tuple[list[Group], Place | None]:
    """Give groups in the order of what they share, and where the next page begins, None on the last one.

    A page may be short where many pairs were said to be different people.
    """
    found: list[Group] = []
    reason, shared = after
    for _ in range(_STEPS):
        keys = _next(raw, reason, shared, limit + 1)
        for key, ids in keys[:limit]:
            shared = key
            if len(ids := _undecided(raw, ids)) > 1:
                found.append(Group(reason, key, ids))
            if len(found) == limit:
                return found, (reason, shared)
        if len(keys) <= limit:
            if reason == REASONS[-1]:
                return found, None
            reason, shared = REASONS[REASONS.index(reason) + 1], ""
    return found, (reason, shared)


REASONS = ("email", "phone", "name")
"""Why two may be the same, in the order in which they are walked."""
_PREFIX = {"email": "i", "phone": "p"}


def _next(raw: Raw, reason: str, shared: str, limit: int) -> list[tuple[str, Sequence[str]]]:
    if reason == "name":
        return _namesakes(raw, shared, limit)
    first = _PREFIX[reason]
    # All keys of a kind lie between its letter and the letter behind it.
    keys = raw.rows(_SHARED, (first + shared, chr(ord(first) + 1), limit))
    return [(key[1:], [row[0] for row in raw.rows(_HOLDERS, (key, LARGEST))]) for (key,) in keys]


_SHARED = (
    "SELECT shared FROM search_alike WHERE shared > ? AND shared < ?"
    " GROUP BY shared HAVING COUNT(*) > 1 ORDER BY shared LIMIT ?"
)
_HOLDERS = "SELECT customer_id FROM search_alike WHERE shared = ? ORDER BY customer_id LIMIT ?"
_NAMES = (
    "SELECT sort_name FROM customers WHERE sort_name > ?"
    " GROUP BY sort_name HAVING COUNT(*) > 1 ORDER BY sort_name LIMIT ?"
)
_NAMED = "SELECT id, addresses FROM customers WHERE sort_name = ? ORDER BY number LIMIT ?"


def _namesakes(raw: Raw, after: str, limit: int) -> list[tuple[str, Sequence[str]]]:
    """Give names that several have, each with those of them who share a postcode too."""
    found: list[tuple[str, Sequence[str]]] = []
    for (name,) in raw.rows(_NAMES, (after, limit)):
        at: dict[str, list[str]] = {}
        for customer_id, addresses in raw.rows(_NAMED, (name, LARGEST)):
            for code in page.postcodes(addresses) - {""}:
                at.setdefault(code, []).append(customer_id)
        together = [ids for ids in at.values() if len(ids) > 1]
        found.append((name, sorted({customer_id for ids in together for customer_id in ids})))
    return found


def _undecided(raw: Raw, ids: Sequence[str]) -> tuple[str, ...]:
    """Leave out those of whom somebody said that they are none of the others."""
    if len(ids) < 2:
        return ()
    marks = ", ".join("?" * len(ids))
    sql = (
        f"SELECT customer_id, other_id FROM distinct_customers WHERE customer_id IN ({marks})"  # noqa: S608 - marks
        f" AND other_id IN ({marks})"
    )
    apart = {frozenset(pair) for pair in raw.rows(sql, [*ids, *ids])}
    return tuple(
        one for one in ids if any(other != one and frozenset((one, other)) not in apart for other in ids)
    )

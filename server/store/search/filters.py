"""The filters of a list as tokens of the index and as conditions on the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from client.fold import fold, fold_words
from client.models.customer_search import CustomerSearch
from client.text import clean
from server.store.search.document import filter_token, label_filter
from server.store.search.raw import Raw, Row
from server.store.search.terms import Expression, either

if TYPE_CHECKING:
    from server.store.search.base import SearchIndex


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search leaves of all customers, before anything is typed."""

    required: tuple[Expression, ...]
    checked: tuple[Expression, ...]
    """Tokens that so many customers have that they are looked for in the document instead."""
    archived: str
    """no, yes or any."""
    conditions: tuple[str, ...]
    """The same for a statement that walks `customers c` in some order, written with `?`.

    COALESCE keeps the planner on that order: it would rather sort all that match one column.
    """
    parameters: tuple[Any, ...]


NONE = Filters((), (), "any", (), ())
"""Every customer, archived or not."""


def resolve(index: "SearchIndex", raw: Raw, search: CustomerSearch) -> Filters | None:
    """Read the filters of a search; None where a label is named that does not exist."""
    required: list[Expression] = []
    conditions: list[str] = []
    parameters: list[Any] = []
    if search.status:
        statuses = sorted({clean(status) for status in search.status})
        required.append(either([filter_token("status", status) for status in statuses]))
        conditions.append(f"COALESCE(c.status, '') IN ({', '.join('?' * len(statuses))})")
        parameters += statuses
    for field in ("branch_id", "partner_id", "location_id"):
        value = getattr(search, field)
        if value is not None:
            value = clean(value)
            required.append(filter_token(field, value))
            conditions.append(f"COALESCE(c.{field}, '') = ?")
            parameters.append(value)
    for name in sorted({" ".join(fold(clean(name)).split()) for name in search.label}):
        row = raw.one("SELECT id FROM labels WHERE name_key = ?", (name,))
        if row is None:
            return None
        required.append(label_filter(row[0]))
        conditions.append(
            "EXISTS (SELECT 1 FROM customer_labels m WHERE m.customer_id = c.id AND m.label_id = ?)"
        )
        parameters.append(row[0])
    if search.archived == "yes":
        conditions.append("c.archived_at IS NOT NULL")
    elif search.archived == "no":
        conditions.append("c.archived_at IS NULL")
    dense = index.dense(raw, required) if required else frozenset()
    rare = tuple(expression for expression in required if expression not in dense)
    return Filters(rare, tuple(dense), search.archived, tuple(conditions), tuple(parameters))


def label_words(raw: Raw) -> Mapping[str, Sequence[str]]:
    """Give the folded words of every label's name, by the label's id."""
    return _words_of(tuple(raw.rows("SELECT id, name FROM labels")))


@lru_cache(maxsize=16)
def _words_of(labels: tuple[Row, ...]) -> Mapping[str, Sequence[str]]:
    return {label_id: tuple(fold_words(name)) for label_id, name in labels}

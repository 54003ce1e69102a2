"""Customers that are likely one about to be made."""

from collections import Counter
from typing import TYPE_CHECKING

from client.fold import fold
from client.models.customer_search import DuplicateQuery
from client.text import clean
from server.store.search import page
from server.store.search.document import ENDS
from server.store.search.filters import NONE
from server.store.search.query import Query
from server.store.search.raw import Raw
from server.store.search.terms import Expression, all_of

if TYPE_CHECKING:
    from server.store.search.base import SearchIndex

_MOST = 20
_LOOKED_AT = 400


def find(index: "SearchIndex", raw: Raw, query: DuplicateQuery) -> list[int]:
    """Give the ranks of customers that share a telephone number, an e-mail address, or name and postcode."""
    phones = {digits for phone in query.phones if (digits := _digits(phone))}
    emails = {"".join(fold(clean(email)).split()) for email in query.emails}
    name, postcode = fold(clean(query.display_name)).strip()[:200], _code(clean(query.postal_code))
    asked: list[Expression] = [_phone(phone) for phone in phones if len(phone) > 1]
    asked += ["i" + email for email in emails if email]
    points: Counter[int] = Counter()
    for expression in asked:
        ranks = index.ranks(raw, Query([expression], NONE), None, _LOOKED_AT)
        for rank, kept in index.documents(raw, ranks):
            shared = len(phones.intersection(kept.phones)) + len(emails.intersection(kept.emails))
            points[rank] = 4 * shared
    if name:
        for rank, addresses in raw.rows(_NAMESAKES, (name, _LOOKED_AT)):
            if points[rank] > 0:
                points[rank] += 1
            if postcode and postcode in page.postcodes(addresses):
                points[rank] += 3
    likely = sorted(((score, rank) for rank, score in points.items() if score > 0), reverse=True)
    return [rank for _, rank in likely[:_MOST]]


_NAMESAKES = "SELECT rank, addresses FROM customers WHERE sort_name = ? ORDER BY rank DESC LIMIT ?"


def _digits(phone: str) -> str:
    return "".join(character for character in phone if "0" <= character <= "9")


def _phone(digits: str) -> Expression:
    return all_of(["e" + digits[-ENDS:], "f" + digits[:ENDS]])


def _code(postal_code: str) -> str:
    return "".join(filter(str.isalnum, fold(postal_code)))

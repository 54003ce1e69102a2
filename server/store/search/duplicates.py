"""Customers that are likely one about to be made."""

from typing import TYPE_CHECKING

from client.fold import fold
from client.models.customer import DuplicateQuery
from server.store.search import page
from server.store.search.document import Document, grams
from server.store.search.filters import NONE
from server.store.search.query import Query
from server.store.search.raw import Raw, Row
from server.store.search.terms import Expression, all_of

if TYPE_CHECKING:
    from server.store.search.base import SearchIndex

_MOST = 20
_LOOKED_AT = 400


def find(index: "SearchIndex", raw: Raw, query: DuplicateQuery) -> list[Row]:
    """Give rows of customers that share a telephone number, an e-mail address, or name and postcode."""
    phones = {digits for phone in query.phones if (digits := "".join(filter(str.isdecimal, phone)))}
    emails = {"".join(fold(email).split()) for email in query.emails}
    name, postcode = fold(query.display_name).strip(), _code(query.postal_code)
    asked: list[Expression] = [_phone(phone) for phone in phones if len(phone) > 3]
    asked += [_email(email) for email in emails if len(email) > 2]
    points: dict[int, tuple[int, Row]] = {}
    for expression in asked:
        for row in index.walk(raw, Query([expression], NONE, documents=True), None, _LOOKED_AT):
            kept = Document.of(row[page.ROW_WIDTH :])
            shared = 4 * len(phones.intersection(kept.phones)) + 4 * len(emails.intersection(kept.emails))
            if shared:
                points[row[page.RANK]] = (shared + 3 * (fold(row[3]) == name), row)
    if name and postcode:
        for row in raw.rows(
            f"SELECT {page.COLUMNS}, c.addresses FROM customers c"  # noqa: S608 - constants
            " WHERE c.sort_name = ? ORDER BY c.rank DESC LIMIT ?",
            (name, _LOOKED_AT),
        ):
            if postcode in page.postcodes(row[page.ROW_WIDTH]):
                found, _ = points.get(row[page.RANK], (0, row))
                points[row[page.RANK]] = (found + 2, row)
    best = sorted(points.values(), key=lambda scored: (scored[0], scored[1][page.RANK]), reverse=True)
    return [row for _, row in best[:_MOST]]


def _phone(digits: str) -> Expression:
    return all_of(["e" + digits[-4:], "f" + digits[:4], *("d" + gram for gram in grams(digits, 4))])


def _email(address: str) -> Expression:
    return all_of(["m" + gram for gram in grams(address[: address.rfind("@") + 1] or address, 3)] or ["m"])


def _code(postal_code: str) -> str:
    return "".join(filter(str.isalnum, fold(postal_code)))

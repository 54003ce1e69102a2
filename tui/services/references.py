"""What the records are called that fields point to, in forms and on pages."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

from pydantic import BaseModel

from client.errors import CustomerApiError
from client.models.base import Record
from client.models.customer import Address, Customer
from tui.forms.picking import NO_LONGER
from tui.services.desk import Desk
from tui.tabs.naming import referred_to

References = Callable[[str], Awaitable[Sequence[tuple[str, str]]]]
"""Gives ids and names of the records of a collection. Raises `CustomerApiError`."""


def references_of(desk: Desk, customer: Callable[[], Customer | None] = lambda: None) -> References:
    """Give the function that forms ask for the records a field may point to.

    Lists that everyone shares are kept; collections of the customer are asked for anew each time, and
    `addresses` are the customer's own. Of customers one is asked for, as `customers/` and the id.
    """

    async def named(collection: str) -> Sequence[tuple[str, str]]:
        known = customer()
        if collection.startswith("customers/"):
            person = (await desk.api.customers.get(collection.partition("/")[2])).value
            return [(person.id, person.display_name)]
        if collection == "addresses":
            return [(address.id, place_of(address)) for address in known.addresses] if known else []
        source: Any = getattr(desk.api, collection.replace("-", "_"))
        if not callable(source):
            return [(record.id, name_of(record)) for record in await desk.reference(collection)]
        if known is None:
            return []
        return [(record.id, name_of(record)) async for record in source(known.id).each()]

    return named


async def names_for(
    references: References, model: type[BaseModel], told: Iterable[tuple[str, Any]]
) -> dict[str, str]:
    """Give what the records are called that values stand for by their ids, where they can be asked for.

    `told` are JSON Pointers into the model, each with a value.
    """
    names: dict[str, str] = {}
    pointers = {pointer for pointer, value in told if isinstance(value, str)}
    for collection in sorted({referred_to(model, pointer) for pointer in pointers} - {""}):
        with suppress(CustomerApiError):
            names.update(await references(collection))
    return names


def name_of(record: Record) -> str:
    """Give what a record is called: its `name`, or what else names it."""
    for member in ("name", "display_name", "label", "title", "words", "product", "number"):
        if found := getattr(record, member, ""):
            return str(found) if getattr(record, "active", True) else f"{found}{NO_LONGER}"
    return record.id


def place_of(address: Address) -> str:
    """Give an address on one line."""
    place = f"{address.postal_code} {address.city}".strip()
    return ", ".join(part for part in (address.line1, place) if part)

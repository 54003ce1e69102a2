"""Everything that is held of one customer, collection by collection, as the declarations say."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from server.auth.actor import Actor
from server.routes import shelf
from server.routes.collection import CUSTOMER, Collection

_PAGE: Final = 500

Held = dict[str, list[dict[str, Any]]]
"""Records as they are shown to an admin, by the collection's path."""


def of_customers(collections: Sequence[Collection[Any]]) -> list[Collection[Any]]:
    """Give the collections whose records belong to a customer, what others belong to first."""
    mine = [collection for collection in collections if collection.owners]
    return sorted(mine, key=lambda collection: len(collection.owners))


def held(
    connection: Connection, collections: Sequence[Collection[Any]], actor: Actor, customer_id: str
) -> Held:
    """Give every record of a customer. One that belongs to another names it, such as `membership_id`."""
    found: Held = {}
    places: dict[str, list[dict[str, str]]] = {}
    for collection in of_customers(collections):
        outer = [{CUSTOMER: customer_id}] if collection.parent is None else places[collection.parent.path]
        records = [
            (owners, record) for owners in outer for record in each(connection, collection, actor, owners)
        ]
        places[collection.path] = [{**owners, collection.id_name: record.id} for owners, record in records]
        if records:
            found[collection.path] = [_placed(owners, record) for owners, record in records]
    return found


def each(
    connection: Connection, collection: Collection[Any], actor: Actor, owners: Mapping[str, str]
) -> Iterator[Any]:
    """Give every record of these owners."""
    after: list[Any] | None = None
    while True:
        records, after = shelf.page(connection, collection, actor, owners, _PAGE, after)
        yield from records
        if after is None:
            return


def _placed(owners: Mapping[str, str], record: Any) -> dict[str, Any]:
    shown: dict[str, Any] = record.to_json()
    return {name: value for name, value in owners.items() if name != CUSTOMER} | shown

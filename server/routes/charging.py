"""The way from a request to the payment provider."""

from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

from fastapi import Response
from pydantic_core import to_json
from sqlalchemy import Connection

from server.config import ServerSettings
from server.payments.charging import Charge, Charging, Intend, Intent, Key, Settle, declined, not_configured
from server.payments.http import HttpProvider
from server.problems import not_found
from server.routes import shelf
from server.routes.answer import Answer, version_tag
from server.routes.call import Call, version_conflict
from server.routes.collection import Collection
from server.routes.idempotency import fingerprint_of, reused
from server.routes.reading import id_in, owners_in, shown
from server.rules.work import Work
from server.store.database import Database
from server.store.ids import new_id


def takes_payments(settings: ServerSettings) -> bool:
    """Say whether a payment provider is configured."""
    return bool(settings.payments_url)


def charging_for(
    settings: ServerSettings, database: Database, settlers: Mapping[str, Settle]
) -> Charging | None:
    """Give what charges cards with the configured provider, None where there is none."""
    if not takes_payments(settings):
        return None
    provider = HttpProvider(settings.payments_url, settings.payments_secret)
    return Charging(database, provider, settlers)


def charging_of(call: Call) -> Charging:
    """Give what charges cards. Raises `Refusal` with 409 where no provider is configured."""
    charging: Charging | None = call.request.app.state.charging
    if charging is None:
        raise not_configured()
    return charging


def key_of(call: Call) -> Key:
    """Give what names this request at the provider: the same when it is sent again, and nobody else's.

    A request that was corrected after it was refused is another one there.
    """
    key = call.idempotency_key() or new_id()
    asked = blake2b(f"{call.actor.id} {key}".encode(), digest_size=20).hexdigest()
    return Key(asked, fingerprint_of(call).hex()[:40])


async def charged(call: Call, owners: Mapping[str, str], intend: Intend) -> Charge:
    """Charge a card for a request, once for its `Idempotency-Key`; see `Charging.charge`."""

    def work_of(connection: Connection) -> Work:
        return call.work(connection, owners)

    charge = await charging_of(call).charge(work_of, key_of(call), intend)
    if charge is None:
        raise reused()
    return charge


async def charge_record(
    call: Call, collection: Collection[Any], intent: Callable[[Work, Any], Intent]
) -> Response:
    """Charge a card for a record, which nobody else changes meanwhile: 200 with the record as it is then.

    `If-Match` is honoured. A card that is declined is refused with 409, after that was written down.
    """
    owners, record_id = owners_in(call, collection), id_in(call, collection)
    expected = call.expected_versions() or frozenset()

    def intend(work: Work) -> Intent:
        record = shelf.lock(work.connection, collection, work.actor, record_id, owners)
        if record is None:
            raise not_found(collection.singular)
        conflict = version_conflict(expected, record.version, shown(call, collection, record))
        if conflict is not None:
            raise conflict
        return intent(work, record)

    charge = await charged(call, owners, intend)
    if not charge.succeeded:
        raise declined(charge)

    def look(connection: Connection) -> Answer:
        record = shelf.get(connection, collection, call.actor, record_id, owners)
        if record is None:
            raise not_found(collection.singular)
        headers = {"ETag": version_tag(record.version), "Cache-Control": collection.cache}
        return Answer(200, headers, to_json(shown(call, collection, record)))

    return (await call.database.read(look)).response()

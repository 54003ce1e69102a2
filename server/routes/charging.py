"""The way from a request to the payment provider."""

from collections.abc import Mapping
from hashlib import blake2b

from sqlalchemy import Connection

from server.config import ServerSettings
from server.payments.charging import Charge, Charging, Intend, Settle, not_configured
from server.payments.http import HttpProvider
from server.routes.call import Call
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


def key_of(call: Call) -> str:
    """Give what names this request at the provider: the same when it is sent again, and nobody else's."""
    key = call.idempotency_key()
    return blake2b(f"{call.actor.id} {key}".encode(), digest_size=20).hexdigest() if key else new_id()


async def charged(call: Call, owners: Mapping[str, str], intend: Intend) -> Charge:
    """Charge a card for a request, once for its `Idempotency-Key`; see `Charging.charge`."""

    def work_of(connection: Connection) -> Work:
        return call.work(connection, owners)

    return await charging_of(call).charge(work_of, key_of(call), intend)

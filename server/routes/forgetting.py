"""What is kept of a customer at the payment provider goes when the customer goes."""

from typing import Any

from fastapi import Response
from sqlalchemy import Connection, select

from server.payments.charging import provider_silent
from server.payments.provider import ProviderSilent
from server.routes.call import Call
from server.routes.collection import CUSTOMER, Collection
from server.routes.writing import delete_record, refuse_removal
from server.store.tables import payment_methods


async def forget_cards(call: Call, customer_id: str) -> None:
    """Have the provider forget the cards of a customer, before what names them there is gone here.

    Raises `Refusal` with 503 where it does not answer. Nothing to do without a provider.
    """
    charging = call.request.app.state.charging
    if charging is None:
        return

    def look(connection: Connection) -> list[str]:
        mine = payment_methods.c.customer_id == customer_id
        return list(connection.scalars(select(payment_methods.c.reference).where(mine)))

    for reference in await call.database.read(look):
        try:
            await charging.provider.forget(reference)
        except ProviderSilent:
            raise provider_silent() from None


async def delete_with_cards(call: Call, customers: Collection[Any]) -> Response:
    """Remove a customer: 204. What is refused is refused before the provider is asked for anything."""
    await call.database.read(lambda connection: refuse_removal(call, customers, connection))
    await forget_cards(call, call.place(CUSTOMER, "customer"))
    return await delete_record(call, customers)

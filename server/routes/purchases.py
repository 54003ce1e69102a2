"""Purchases: what a customer has paid for."""

from typing import Final

from client.models import Purchase
from server.routes.collection import Collection
from server.routes.erasure import KEPT
from server.rules.purchases import PurchaseRules
from server.store.tables import purchases

PURCHASES: Final = Collection(
    model=Purchase,
    table=purchases,
    path="purchases",
    singular="purchase",
    erasure=KEPT,
    about="What a customer bought and paid for. A paid invoice is a purchase by itself, and stays as the "
    "invoice says (409).",
    order=(("bought_on", True), ("id", True)),
    ordered="Newest first.",
    rules=PurchaseRules(),
    of_customer=True,
    removal="One that was paid with an invoice stays (409).",
    example={"what": "Gift basket", "amount": {"amount": "45.00", "currency": "EUR"}},
    given={"bought_on": "2026-03-02"},
)

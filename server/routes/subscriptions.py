"""Subscriptions: what renews by itself."""

from typing import Final

from client.models import Subscription
from server.routes.collection import Action, Collection
from server.routes.erasure import KEPT
from server.rules.subscriptions import SubscriptionRules, cancel, pause, resume
from server.store.tables import subscriptions

SUBSCRIPTIONS: Final = Collection(
    model=Subscription,
    table=subscriptions,
    path="subscriptions",
    singular="subscription",
    erasure=KEPT,
    about="What a customer gets and pays again and again. On the day of its renewal an active one makes an "
    "invoice by itself. Renewals leave customers alone who are inactive, blocked or archived: their day "
    "passes without an invoice.",
    rules=SubscriptionRules(),
    of_customer=True,
    verbs=frozenset({"list", "get", "create", "patch"}),
    actions=(
        Action(
            name="pause",
            summary="Pause a subscription",
            description="It renews no more until it is resumed.",
            event="paused",
            change=pause,
        ),
        Action(
            name="resume",
            summary="Resume a paused subscription",
            description="It renews again from the first renewal to come; what was paused costs nothing.",
            event="resumed",
            change=resume,
        ),
        Action(
            name="cancel",
            summary="Cancel a subscription",
            description="It runs to the end of what was paid for, then it is `ended`.",
            event="cancelled",
            change=cancel,
        ),
    ),
    example={
        "product": "Weekly laundry bag",
        "price": {"amount": "24.00", "currency": "EUR"},
        "every": "month",
        "started_on": "2026-03-02",
    },
    given={"state": "active", "next_renewal_on": "2026-04-02"},
)

"""Gift cards, and rewards for those whom a customer brought."""

from typing import Final

from client.models import GiftCard, GiftCardUse, Reward
from server.routes.collection import Action, Collection
from server.routes.erasure import without
from server.rules.gift_cards import GiftCardRules, RewardRules, use
from server.store.tables import gift_cards, rewards

_FIFTY: Final = {"amount": "50.00", "currency": "EUR"}

GIFT_CARDS: Final = Collection(
    model=GiftCard,
    table=gift_cards,
    path="gift-cards",
    singular="gift card",
    about="Gift cards that a customer bought, with what is left on each.",
    rules=GiftCardRules(),
    of_customer=True,
    verbs=frozenset({"list", "get", "create", "patch"}),
    erasure=without("recipient", "last_use"),
    actions=(
        Action(
            name="use",
            summary="Take something from a gift card, or put it back",
            description="Never more than is left, never more back than it was bought for (409).",
            event="used",
            sent=GiftCardUse,
            example={"amount": {"amount": "20.00", "currency": "EUR"}, "reason": "Invoice 2041"},
            change=use,
        ),
    ),
    example={"amount": _FIFTY, "recipient": "Her mother"},
    given={"code": "RV-7K3M-Q9XD", "balance": _FIFTY, "bought_on": "2026-03-02"},
)

REWARDS: Final = Collection(
    model=Reward,
    table=rewards,
    path="rewards",
    singular="reward",
    feature="referral_rewards",
    about="What a customer got for bringing others, and what was used of it. Entries are kept like books: "
    "none is changed or removed.",
    rules=RewardRules(),
    of_customer=True,
    verbs=frozenset({"list", "get", "create"}),
    erasure=without("about"),
    example={"kind": "earned", "amount": {"amount": "15.00", "currency": "EUR"}, "about": "Brought 1055"},
    given={"author": "Anna Lind"},
)

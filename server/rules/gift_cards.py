"""Gift cards and rewards: nothing is spent that is not there."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, case, func, select

from client.models import GiftCard, GiftCardUse, Reward
from client.models.money import Money, money, money_of_minor
from server.auth.actor import Actor
from server.problems import Fault, Refusal, invalid
from server.rules.office import office_day
from server.rules.work import Rules, Work
from server.store.tables import customers, gift_cards, rewards

_LETTERS: Final = "ACDEFGHJKLMNPQRTUVWXY34679"
"""What is not taken for something else when it is read aloud or typed from a card."""
_LOWERS: Final = frozenset({"used", "expired"})


class GiftCardRules(Rules[GiftCard]):
    """A card begins full."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Give a code that no card has, and the whole amount as what is left."""
        del parent_id
        values |= {
            "code": _free_code(work.connection),
            "balance": values["amount"],
            "bought_on": values.get("bought_on") or office_day(work.connection, work.now),
        }

    def check(self, work: Work, old: GiftCard | None, new: GiftCard, given: frozenset[str]) -> GiftCard:
        """Refuse with 422 a card of nothing, and one that was never good."""
        if new.amount.minor <= 0:
            raise invalid(Fault("/amount", "out_of_range", "A gift card is worth more than nothing."))
        if new.expires_on and new.bought_on and new.expires_on < new.bought_on:
            sentence = "This day is before the one on which the card was bought."
            raise invalid(Fault("/expires_on", "out_of_range", sentence))
        return new


def _free_code(connection: Connection) -> str:
    while True:
        groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))
        code = "RV-" + "-".join(groups)
        if connection.scalar(select(gift_cards.c.id).where(gift_cards.c.code == code)) is None:
            return code


def use(work: Work, card: GiftCard, given: GiftCardUse) -> Mapping[str, Any]:
    """Take something from a card, or put it back. Raises 409 where that much is not on it."""
    amount = Money.model_validate(given.amount.model_dump())
    if amount.currency != card.balance.currency:
        sentence = f"This card is in {card.balance.currency}."
        raise invalid(Fault("/amount", "mixed_currencies", sentence))
    if amount.minor == 0:
        raise invalid(Fault("/amount", "out_of_range", "Say how much."))
    if amount.minor > 0 and card.expires_on and card.expires_on < office_day(work.connection, work.now):
        raise Refusal(409, "This gift card has expired. Change its last day first.", "expired")
    left = card.balance.exact - amount.exact
    if left < 0:
        sentence = f"Only {card.balance.amount} {card.balance.currency} is left on this card."
        raise Refusal(409, sentence, "not_enough", [Fault("/amount", "not_enough", sentence)])
    if left > card.amount.exact:
        sentence = "More cannot be put back than the card was bought for."
        raise Refusal(409, sentence, "too_much", [Fault("/amount", "too_much", sentence)])
    return {"balance": money(left, card.balance.currency).model_dump(), "last_use": given.reason}


class RewardRules(Rules[Reward]):
    """An account of rewards never goes below nothing."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Name the author."""
        del parent_id
        values["author"] = work.actor.name

    def check(self, work: Work, old: Reward | None, new: Reward, given: frozenset[str]) -> Reward:
        """Refuse with 409 to use or lose more than there is."""
        if new.amount.minor <= 0:
            raise invalid(Fault("/amount", "out_of_range", "Say how much."))
        if old is None and new.kind in _LOWERS:
            if work.connection.dialect.name == "postgresql":
                # Two who use the same rewards at once do it one after the other.
                lock = select(customers.c.id).where(customers.c.id == work.customer_id)
                work.connection.execute(lock.with_for_update(key_share=True))
            there = _balances(work.connection, work.customer_id).get(new.amount.currency, 0)
            if new.amount.minor > there:
                left = money_of_minor(there, new.amount.currency)
                sentence = f"Only {left.amount} {left.currency} of rewards is there."
                raise Refusal(409, sentence, "not_enough", [Fault("/amount", "not_enough", sentence)])
        return new

    def derived(self, new: Reward) -> dict[str, Any]:
        """Keep the amount in a form that databases can sum."""
        return {"currency": new.amount.currency, "minor": new.amount.minor}


def _balances(connection: Connection, customer_id: str) -> dict[str, int]:
    columns = rewards.c
    signed = case((columns.kind == "earned", columns.minor), else_=-columns.minor)
    statement = (
        select(columns.currency, func.sum(signed).label("left"))
        .where(columns.customer_id == customer_id)
        .group_by(columns.currency)
        .order_by(columns.currency)
    )
    return {row.currency: int(row.left) for row in connection.execute(statement)}


def reward_account(connection: Connection, actor: Actor, customer_id: str) -> dict[str, Any]:
    """Give the code and the balances of a customer's rewards; nothing to those who may not see them."""
    if not actor.may("rewards:read"):
        return {}
    number = connection.scalar(select(customers.c.number).where(customers.c.id == customer_id))
    balances: list[Money] = [
        money_of_minor(minor, currency) for currency, minor in _balances(connection, customer_id).items()
    ]
    return {"code": f"FRIEND-{number}", "balances": [balance.to_json() for balance in balances]}

"""Gift cards that the open customer bought, and the rewards for those whom the customer brought."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from client.models import GiftCard, GiftCardUse, Reward
from client.models.gift_card import REWARD_KINDS
from tui.commands import Command
from tui.forms.formats import Formats
from tui.tabs.billing_rows import amount_text
from tui.tabs.records import NewForm, RecordAction, Records
from tui.tabs.records_part import RecordsPart
from tui.text import fit
from tui.widgets.lines import Row, Span, edges, within

if TYPE_CHECKING:
    from tui.services.desk import Desk
    from tui.services.open_customer import OpenCustomer


class UseGiftCard(Command):
    """Take something from the marked gift card, or put it back."""

    keys = "v"
    footer = "use"


_DATE: Final = 13
_NEW_CARD: Final = ("amount", "recipient", "bought_on", "expires_on")


def _card_rows(card: GiftCard, formats: Formats, width: int) -> Sequence[Row]:
    over = card.expires_on is not None and card.expires_on < formats.today()
    left = [
        Span(f" {fit(card.code, 14)}", "title"),
        Span(fit(formats.day(card.bought_on) if card.bought_on else "", _DATE), "muted"),
    ]
    if card.expires_on:
        word, role = ("EXPIRED", "bad") if over else ("until", "muted")
        left.append(Span(f"{word} {formats.day(card.expires_on)}", role))
    empty = card.balance.minor == 0
    rest = "used up" if empty else f"{amount_text(card.balance, formats)} left"
    right = [
        Span(f"  {rest}", "muted" if empty or over else "good"),
        Span(f" of {amount_text(card.amount, formats)}", "muted"),
    ]
    for_whom = Row(within((Span("   "), Span(f"for {card.recipient}", "muted")), width))
    return [Row(edges(left, right, width).spans, card.id), *([for_whom] if card.recipient else [])]


GIFT_CARDS: Final = Records(
    one="gift card",
    title="Gift cards",
    model=GiftCard,
    permission="gift-cards",
    collection=lambda api, customer_id: api.gift_cards(customer_id),
    rows=_card_rows,
    fields=("recipient", "expires_on"),
    new_form=lambda _: NewForm(fields=_NEW_CARD),
    order=lambda card: (card.balance.minor == 0, -card.created_at.timestamp()),
    name=lambda card: card.code,
    told=lambda card: f"Added gift card {card.code}.",
    removable=lambda _: False,
    empty="No gift cards.",
    actions=(
        RecordAction(
            command=UseGiftCard,
            name="use",
            applies=lambda card: card.amount.minor > 0,
            body=GiftCardUse,
            done="Written down.",
        ),
    ),
)


def _reward_rows(reward: Reward, formats: Formats, width: int) -> Sequence[Row]:
    earned = reward.kind == "earned"
    left = [
        Span(f" {formats.moment(reward.created_at)}  ", "muted"),
        Span(fit(REWARD_KINDS.get(reward.kind, reward.kind), 20)),
        Span(f" {reward.about}"),
        Span(f"  {reward.author}" if reward.author else "", "muted"),
    ]
    amount = f"{'+' if earned else '-'}{amount_text(reward.amount, formats)}"
    return [Row(edges(left, [Span(f"  {amount}", "good" if earned else "muted")], width).spans, reward.id)]


REWARDS: Final = Records(
    one="reward",
    title="Rewards",
    model=Reward,
    permission="rewards",
    collection=lambda api, customer_id: api.rewards(customer_id),
    rows=_reward_rows,
    fields=("kind", "amount", "about"),
    editable=lambda _: False,
    removable=lambda _: False,
    order=lambda reward: (-reward.created_at.timestamp(), reward.id),
    name=lambda reward: f"{REWARD_KINDS.get(reward.kind, reward.kind)}: {reward.about}".rstrip(": "),
    told=lambda _: "Written down.",
    empty="No rewards yet.",
    part_of="referral_rewards",
)


class RewardsPart(RecordsPart[Reward]):
    """The entries, below the code that the customer passes on and what can be used."""

    include = "reward_account"

    def __init__(self, opened: "OpenCustomer", desk: "Desk") -> None:
        super().__init__(REWARDS, desk)
        self._opened = opened

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Say code and balance first."""
        account = self._opened.document.reward_account
        told: list[Row] = []
        if account is not None:
            there = " + ".join(amount_text(one, self.formats) for one in account.balances if one.minor)
            spans = [
                Span(" Code ", "label"),
                Span(account.code, "title"),
                Span("   Balance ", "label"),
                Span(there or "nothing", "title"),
            ]
            told = [Row(within(spans, width))]
        return [*told, *super().rows(width, label_width)]

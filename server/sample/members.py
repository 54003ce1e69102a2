"""Memberships with what was paid for them and what they brought, gift cards, rewards."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Table

from client.models.subscription import renewal_after
from server.payments.charging import SERVER
from server.rules.memberships import months_after
from server.sample.billing import CARDS
from server.sample.dice import Dice
from server.sample.parts import Part, Row, SampleList, Subject, dice_of
from server.sample.wares import price, priced
from server.store.tables import (
    gift_cards,
    membership_credits,
    membership_payments,
    memberships,
    plans,
    purchases,
    rewards,
)


class _Offer(NamedTuple):
    name: str
    about: str
    pence: int
    every: str = "month"
    credit: str = ""
    credits: int = 0
    days: int = 0
    months: int = 0
    fee: int = 0


_OFFERS: Final = (
    _Offer("Spa 4", "Four massages a month, any day", 18900, "month", "Massage, 60 minutes", 4, 90, 6, 9500),
    _Offer("Spa Unlimited", "Steam room and pool as often as they like", 9900, months=12, fee=15000),
    _Offer(
        "Members' rooms",
        "Two half days by the river",
        4500,
        "month",
        "Half a day in the members' room",
        2,
        60,
    ),
    _Offer(
        "Laundry bag", "A bag collected and brought back", 2100, "two_weeks", "Laundry bag", 1, 30, 1, 1500
    ),
    _Offer("Steam and swim", "Six visits a quarter", 5400, "quarter", "Steam room, one hour", 6, 120),
    _Offer("Founders' circle", "For those who were there from the start", 60000, "year"),
)
_GIVEN_UP: Final = "Founders' circle"
_CURRENCIES: Final = ("GBP", "EUR")


def _plans() -> list[Row]:
    return [
        {
            "name": offer.name if currency == _CURRENCIES[0] else f"{offer.name}, {currency}",
            "description": offer.about,
            "price": priced(price(offer.pence, currency), currency),
            "every": offer.every,
            "credit": offer.credit,
            "credits": offer.credits,
            "credit_days": offer.days,
            "minimum_months": offer.months,
            "cancellation_fee": priced(price(offer.fee, currency), currency) if offer.fee else None,
            "active": offer.name != _GIVEN_UP,
        }
        for currency in _CURRENCIES
        for offer in _OFFERS
    ]


PLANS: Final = SampleList(plans, _plans)

_LONGEST: Final = 220
_WHY: Final = (
    "Moves away",
    "Too expensive",
    "Back is better now",
    "Comes too seldom for it to be worth it",
    "Pregnant; wants to come back after",
    "Did not get along with the new therapist",
)
_NOTES: Final = (
    "",
    "",
    "",
    "",
    "Came with her sister",
    "Prefers Tuesdays",
    "Asked for a reminder before each payment",
)
_REASONS: Final = {"declined": "The card was declined.", "expired": "The card has expired."}
_GIVEN_BACK: Final = ("", "", "", "Given back: therapist was ill", "Extended over the holidays")


def _memberships(dice: Dice, subject: Subject) -> Iterable[tuple[Table, Row]]:
    """Give one in four a membership, and a few a second one; whoever has no card has none."""
    cards = [row for _, row in CARDS.rows(dice_of(CARDS, subject), subject)]
    offered = [row for row in PLANS.rows() if row["price"]["currency"] == subject.currency]
    if not cards or not offered or not dice.chance(74):
        return
    for plan in dice.some(offered, 2 if dice.chance(7) else 1):
        yield from _membership(dice, subject, plan, cards)


def _membership(dice: Dice, subject: Subject, plan: Row, cards: list[Row]) -> Iterator[tuple[Table, Row]]:
    card = dice.pick(cards) if dice.chance(30) else cards[0]
    term = _term(dice, subject, plan, card)
    if term is None:
        return
    joined, state, due, following, failed = term
    kind = str(card["reference"]).split("_")[1]
    made = _made(dice, subject, joined)
    row = made | {
        "plan_id": plan["id"],
        "plan": plan["name"],
        "branch_id": subject.branch["id"],
        "sold_by_id": subject.colleague(dice).id,
        "state": state,
        "price": plan["price"],
        "every": plan["every"],
        "started_on": joined,
        "next_payment_on": (due[-1] if failed else following) if state == "active" else None,
        "payment_method_id": None if card is cards[0] else card["id"],
        "note": dice.pick(_NOTES),
        "minimum_until": months_after(joined, plan["minimum_months"]) if plan["minimum_months"] else None,
        "cancellation_fee": plan["cancellation_fee"],
    }
    if state != "active":
        ends_on = following if state == "cancelled" else min(following, subject.today - timedelta(days=1))
        row |= {"ends_on": ends_on, "cancel_reason": dice.pick(_WHY)}
    yield memberships, row
    below = {"membership_id": made["id"]}
    words = f"{card['brand'].title()} …{card['last4']}"
    for day in due:
        refused = failed and day == due[-1]
        told = {"state": "failed" if refused else "succeeded", "amount": plan["price"], "period_on": day}
        told |= {"card": words, "actor": SERVER.name, "reason": _REASONS[kind] if refused else ""}
        yield membership_payments, _made(dice, subject, day) | below | told
        if not refused:
            yield purchases, _made(dice, subject, day) | _bought(plan, day)
            for _ in range(plan["credits"]):
                yield (
                    membership_credits,
                    _made(dice, subject, day) | below | _credit(dice, subject, plan, day),
                )


class _Term(NamedTuple):
    joined: date
    state: str
    due: list[date]
    """The days on which a payment was taken, or tried."""
    following: date
    failed: bool
    """Whether the last one was refused."""


def _term(dice: Dice, subject: Subject, plan: Row, card: Row) -> _Term | None:
    """Give how a membership went; None where there is none.

    Nothing falls due on the first day of a demo.
    """
    joined = max(subject.created_at.date(), subject.today - timedelta(days=16 + dice.below(_LONGEST)))
    gone = subject.record["status"] in ("inactive", "blocked") or subject.record.get("archived_at")
    state = "ended" if gone or dice.chance(9) else "cancelled" if dice.chance(8) else "active"
    paid_until = joined + timedelta(days=dice.below(120)) if state == "ended" else subject.today
    due = [joined]
    while due[-1] < paid_until:
        due.append(renewal_after(due[-1], plan["every"], joined.day))
    following = due.pop()
    if following == subject.today:
        return None
    kind = str(card["reference"]).split("_")[1]
    if kind == "expired" and dice.chance(65):
        return None
    failed = state == "active" and kind == "declined" and len(due) > 1 and dice.chance(40)
    paid = [day for day in due if kind != "expired" or day < _end_of(card)] or due[:1]
    if len(paid) < len(due):
        # The card expired meanwhile: one payment was refused, and somebody is to look at it.
        failed, following = state == "active", due[len(paid)]
        due = due[: len(paid) + failed]
        state = state if failed else "ended"
    return _Term(joined, state, due, following, failed)


def _end_of(card: Row) -> date:
    """Give the first day on which a card is good no more."""
    return months_after(date(card["exp_year"], card["exp_month"], 1), 1)


def _made(dice: Dice, subject: Subject, day: date) -> Row:
    """Give the columns of a record that was made on a day, early in the morning where the server made it."""
    at = datetime.combine(day, subject.created_at.timetz())
    return subject.made(dice, max(at, subject.created_at))


def _bought(plan: Row, day: date) -> Row:
    amount = plan["price"]
    return {
        "what": f"{plan['name']}, membership",
        "bought_on": day,
        "amount": amount,
        "month": day.year * 12 + day.month - 1,
        "currency": amount["currency"],
        "minor": int(amount["amount"].replace(".", "")),
    }


def _credit(dice: Dice, subject: Subject, plan: Row, day: date) -> Row:
    expires_on = day + timedelta(days=plan["credit_days"]) if plan["credit_days"] else None
    over = expires_on is not None and expires_on < subject.today
    if over:
        state = "used" if dice.chance(86) else "expired"
    else:
        state = "used" if dice.chance(30 if (subject.today - day).days < 30 else 65) else "available"
    note = dice.pick(_GIVEN_BACK) if state == "available" and dice.chance(12) else ""
    return {"what": plan["credit"], "state": state, "expires_on": expires_on, "note": note}


MEMBERSHIPS: Final = Part(
    name="memberships",
    tables=(memberships, membership_credits, membership_payments, purchases),
    rows=_memberships,
)

_CODE_LETTERS: Final = "ACDEFGHJKLMNPQRTUVWXY34679"
_RECIPIENTS: Final = (
    "",
    "Her mother",
    "A colleague who leaves",
    "Their landlord",
    "Nephew's wedding",
    "Dr Marsh",
)
_TAKEN_FOR: Final = ("Massage and tea", "Facial", "Steam room with a friend", "Gift basket", "Deep clean")


def _gift_cards(dice: Dice, subject: Subject) -> Iterable[tuple[Table, Row]]:
    """Give one in twelve a gift card or two, half of them partly spent."""
    if not dice.chance(8):
        return
    for _ in range(2 if dice.chance(15) else 1):
        at, currency = subject.moment(dice.fraction()), subject.currency
        amount = price(dice.pick((2500, 5000, 5000, 10000, 15000)), currency)
        spent = amount if dice.chance(25) else price(500 * dice.below(5), currency) if dice.chance(55) else 0
        letters = "".join(dice.pick(_CODE_LETTERS) for _ in range(8))
        yield (
            gift_cards,
            subject.made(dice, at)
            | {
                "code": f"RV-{letters[:4]}-{letters[4:]}",
                "amount": priced(amount, currency),
                "balance": priced(amount - spent, currency),
                "bought_on": at.date(),
                "recipient": dice.pick(_RECIPIENTS),
                "expires_on": at.date() + timedelta(days=730) if dice.chance(60) else None,
                "last_use": dice.pick(_TAKEN_FOR) if spent else "",
            },
        )


GIFT_CARDS: Final = Part(name="gift cards", tables=(gift_cards,), rows=_gift_cards)


def _rewards(dice: Dice, subject: Subject) -> Iterable[tuple[Table, Row]]:
    """Give one in fourteen rewards for those whom they brought; some were used."""
    if not dice.chance(7):
        return
    currency, left = subject.currency, 0
    one = price(1500, currency)
    for place in range(1 + dice.rank(4)):
        used = left >= one and dice.chance(40)
        left += -one if used else one
        later = dice.below(max(1, subject.count - subject.index - 1))
        brought = f"Customer {int(subject.record['number']) + 1 + later}"
        yield (
            rewards,
            subject.made(dice, subject.moment((place + dice.fraction()) / 5))
            | {
                "kind": "used" if used else "earned",
                "amount": priced(one, currency),
                "about": dice.pick(_TAKEN_FOR) if used else brought,
                "author": subject.colleague(dice).name,
                "currency": currency,
                "minor": one,
            },
        )


REWARDS: Final = Part(name="rewards", tables=(rewards,), rows=_rewards)

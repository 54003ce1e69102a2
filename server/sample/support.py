"""What customers have of the house, what their guests use, and what they asked for help with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Final

from sqlalchemy import Table

from server.sample.dice import Dice
from server.sample.files import read
from server.sample.parts import Part, Row, Subject
from server.store.tables import allowances, devices, replies, tickets

_GB: Final = 10**9
_PRODUCTS: Final = (
    # What it is, how its numbers begin, where it stands, and the labels of those who have one.
    ("Key safe", "KS", "Beside the meter", {"key held", "holiday let", "landlord"}),
    ("Guest Wi-Fi router", "GW", "Hall cupboard", {"holiday let", "landlord"}),
    ("Alarm panel", "AP", "Behind the coats", {"alarm"}),
    ("Leak sensor", "LS", "Under the kitchen sink", {"holiday let", "landlord"}),
    ("Members' key card", "MC", "", {"member"}),
    ("Laundry trolley", "LT", "Back door", {"commercial"}),
)
_ROUTER: Final = "Guest Wi-Fi router"
_PLANS: Final = ((100, "Guest Wi-Fi 100"), (200, "Guest Wi-Fi 200"), (500, "Guest Wi-Fi 500"))
_GRANTED: Final = ("Two days without a line", "Wedding guests", "First month", "Router swapped")


def _devices(dice: Dice, subject: Subject) -> Iterable[tuple[Table, Row]]:
    labels = set(subject.record.get("labels", ()))
    for place, (product, prefix, stands, wanted) in enumerate(_PRODUCTS):
        if not wanted & labels or not dice.chance(38):
            continue
        at = subject.moment(dice.fraction() * 0.8)
        status = dice.pick(("returned", "returned", "lost", "broken")) if dice.chance(14) else "assigned"
        number = int(subject.record["number"])
        yield (
            devices,
            subject.made(dice, at)
            | {
                "item_id": f"{prefix}-{number * 7 + place:05}",
                "product": product,
                "barcode": dice.fill("50#########1##") if dice.chance(80) else "",
                "note": stands if dice.chance(60) else "",
                "status": status,
                "assigned_at": at,
                "returned_at": None if status == "assigned" else subject.moment(0.8 + dice.fraction() / 5),
            },
        )
        if product == _ROUTER and status == "assigned":
            yield allowances, _allowance(dice, subject, at)


def _allowance(dice: Dice, subject: Subject, at: datetime) -> Row:
    """Give an allowance; one in five is near its cap or beyond."""
    included, plan = dice.pick(_PLANS)
    manual = included + 50 if dice.chance(12) else None
    cap = (manual or included) * _GB
    share = 0.9 + dice.fraction() * 0.14 if dice.chance(20) else dice.fraction() * 0.8
    yesterday = subject.today - timedelta(days=1)
    bonuses = [_bonus(dice, subject)] if dice.chance(15) else []
    cap += sum(int(bonus["amount"]) for bonus in bonuses)
    return subject.made(dice, at) | {
        "product": plan,
        "included": included * _GB,
        "manual_cap": None if manual is None else manual * _GB,
        "at_cap": dice.pick(("throttle", "throttle", "cut_off", "nothing")),
        "may_buy_more": dice.chance(40),
        "bonuses": bonuses,
        "used": int(cap * share) // 1_000_000 * 1_000_000,
        "period_starts_on": yesterday.replace(day=1),
        "used_at": datetime.combine(yesterday, time(23, 40), UTC),
    }


def _bonus(dice: Dice, subject: Subject) -> Row:
    return {
        "id": f"{dice.bits(24):06x}",
        "amount": (5 + 5 * dice.below(8)) * _GB,
        "reason": dice.pick(_GRANTED),
        "until_on": str(subject.today + timedelta(days=1 + dice.below(20))),
        "granted_by": subject.colleague(dice).name,
        "granted_at": subject.moment(1).isoformat().replace("+00:00", "Z"),
    }


DEVICES: Final = Part(name="devices", tables=(devices, allowances), rows=_devices)


@dataclass(frozen=True, slots=True)
class _Script:
    when: frozenset[str]
    subject: str
    body: str
    product: str
    said: tuple[tuple[str, str], ...]


@cache
def _scripts() -> list[_Script]:
    return [
        _Script(
            when=frozenset(table["when"].replace("holiday let", "holiday_let").split()),
            subject=table["subject"],
            body=table["body"],
            product=table.get("product", ""),
            said=tuple((who, text) for who, _, text in (line.partition(": ") for line in table["said"])),
        )
        for table in read("tickets")["tickets"]
    ]


def _tickets(dice: Dice, subject: Subject) -> Iterable[tuple[Table, Row]]:
    record = subject.record
    facts = {label.replace(" ", "_") for label in record.get("labels", ())} | {"anybody", record["status"]}
    for script in _scripts():
        if script.when & facts and dice.chance(1.6 if "anybody" in script.when else 7):
            yield from _ticket(dice, subject, script)


def _ticket(dice: Dice, subject: Subject, script: _Script) -> Iterable[tuple[Table, Row]]:
    """Give a ticket and as much of what was said as there was time for."""
    at = subject.moment(0.3 + 0.7 * dice.fraction() ** 0.5)
    opened_by = subject.colleague(dice)
    state, moment = "open", at
    said: list[Row] = []
    ticket = subject.made(dice, at)
    for who, text in script.said:
        moment = _answered(dice, moment)
        if moment > subject.moment(1):
            moment = said[-1]["created_at"] if said else at
            break
        author = subject.colleague(dice)
        state = {"us": "pending", "them": "open"}.get(who, state)
        said.append(
            subject.made(dice, moment)
            | {
                "ticket_id": ticket["id"],
                "body": _filled(dice, subject, text),
                "said_by": "customer" if who == "them" else "staff",
                "internal": who == "note",
                "author_id": author.id,
                "author": author.name,
            }
        )
    told = len(said) == len(script.said) and bool(said)
    closed = told and subject.moment(1) - moment > timedelta(days=4) and dice.chance(88)
    yield (
        tickets,
        ticket
        | {
            "version": 1 + len(said) + closed,
            "updated_at": moment,
            "subject": script.subject,
            "body": _filled(dice, subject, script.body),
            "product": script.product,
            "state": "closed" if closed else state,
            "opened_by_id": opened_by.id,
            "opened_by": opened_by.name,
            "reply_count": len(said),
            "replied_at": moment if said else None,
            "closed_at": moment + timedelta(days=2) if closed else None,
        },
    )
    for reply in said:
        yield replies, reply


def _answered(dice: Dice, asked: datetime) -> datetime:
    """Give a moment in working hours of the same day or one of the next."""
    day = datetime.combine(asked.date(), time(8, dice.below(60), tzinfo=UTC))
    moment = day + timedelta(days=dice.below(3), hours=dice.below(9))
    return moment if moment > asked else moment + timedelta(days=1)


def _filled(dice: Dice, subject: Subject, text: str) -> str:
    if "{" not in text:
        return text
    names = subject.business.names_at(subject.branch["name"])
    return text.format(
        staff=dice.pick(names).split(" ")[0],
        tag=f"{dice.pick('ABCDK')}{10 + dice.below(180)}",
        day=dice.pick(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]),
    )


TICKETS: Final = Part(name="tickets", tables=(tickets, replies), rows=_tickets)

"""What customers have booked: visits to their homes, treatments at the branches; done, missed, to come."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Table

from server.sample.business import business
from server.sample.dice import Dice
from server.sample.parts import Part, Row, Subject, dice_of
from server.sample.services import DISLIKED, SERVICES
from server.store.tables import bookings

_AT_HOME: Final = {
    # Services that are done at the customer's, and the labels of those who book them most.
    "Regular clean": {"residential", "fortnightly", "elderly", "vip", "pets"},
    "Deep clean": {"residential", "landlord", "new baby"},
    "End of tenancy clean": {"landlord"},
    "Window cleaning": {"commercial", "residential"},
    "Carpet and upholstery": {"commercial", "pets"},
    "Ironing at home": {"elderly", "vip"},
    "Laundry collection": {"laundry", "elderly"},
    "Key holding visit": {"key held", "alarm", "landlord"},
    "Flat check between guests": {"holiday let", "landlord"},
}
_AT_THE_BRANCH: Final = {
    "Swedish massage": {"spa", "member", "vip"},
    "Hot stone massage": {"spa", "vip"},
    "Aromatherapy massage": {"spa"},
    "Facial": {"spa", "member"},
    "Manicure": {"spa"},
    "Steam room": {"spa", "member", "neighbour"},
    "Members' room": {"member", "student"},
}
_LABELS: Final = _AT_HOME | _AT_THE_BRANCH
_HOURS: Final = ["08:00", "08:30", "09:00", "10:00", "10:30", "11:00", "13:00", "14:00", "15:30", "17:00"]
_CANCELLED: Final = ["Ill", "On holiday", "Guests stay longer", "No crew: snow", "Asked for another day", ""]
_NOTES: Final = [
    "Ring the side door",
    "Cat stays in the study",
    "Bring the tall ladder",
    "Nobody home; alarm zone 2",
    "Late arrival possible",
    "Same room as last time",
    "Park at the back, the front is for residents",
    "Asked for Priya or Joe",
    "First time: explain everything",
]
_DAYS_AHEAD: Final = 28


def _bookings(dice: Dice, subject: Subject) -> Iterable[tuple[Table, Row]]:
    record = subject.record
    labels = set(record.get("labels", ()))
    if not dice.chance(66 if labels else 35):
        return
    disliked = {row["service_id"] for _, row in DISLIKED.rows(dice_of(DISLIKED, subject), subject)}
    liked = [offer for offer in _offers() if offer["id"] not in disliked]
    chosen = [offer for offer in liked if labels & _LABELS[offer["name"]]] or liked
    usual = dice.pick(chosen)
    for starts_on in sorted(_days(dice, subject, often="fortnightly" in labels)):
        offer = usual if dice.chance(70) else dice.pick(chosen)
        yield bookings, _booking(dice, subject, offer, starts_on)


@cache
def _offers() -> list[Row]:
    return [service for service in SERVICES.rows() if service["name"] in _LABELS]


def _days(dice: Dice, subject: Subject, *, often: bool) -> set[date]:
    """Give different days: of most customers a few, of some many, and days ahead for those who may book."""
    count = 14 + dice.below(50) if often and dice.chance(15) else 1 + dice.rank(6)
    yesterday = subject.today - timedelta(days=1)
    asked = (subject.moment(dice.fraction() ** 0.6).date() for _ in range(count))
    days = {min(day + timedelta(days=1 + dice.below(12)), yesterday) for day in asked}
    open_to = subject.record["status"] in ("new", "active") and not subject.record.get("archived_at")
    if open_to and dice.chance(58):
        days |= {subject.today + timedelta(days=1 + dice.below(_DAYS_AHEAD)) for _ in range(1 + dice.rank(4))}
    return {day - timedelta(days=day.weekday() == 6) for day in days if day > subject.created_at.date()}


def _booking(dice: Dice, subject: Subject, offer: Row, starts_on: date) -> Row:
    local = datetime.combine(starts_on, time.fromisoformat(dice.pick(_HOURS)), office_zone())
    starts_at = local.astimezone(UTC)
    asked_at = max(subject.created_at, starts_at - timedelta(days=1 + dice.below(14), hours=dice.below(5)))
    asked_at = min(asked_at, subject.moment(1))
    state, reason = _state(dice, subject, starts_on)
    changed_at = asked_at if state in ("booked", "waitlisted") else min(starts_at, subject.moment(1))
    addresses = [address["id"] for address in subject.record.get("addresses", ())]
    return subject.made(dice, asked_at) | {
        "version": 1 if changed_at == asked_at else 2,
        "updated_at": max(asked_at, changed_at),
        "service_id": offer["id"],
        "starts_at": starts_at,
        "duration_minutes": offer["duration_minutes"],
        "ends_at": starts_at + timedelta(minutes=offer["duration_minutes"]),
        "address_id": dice.pick(addresses) if offer["name"] in _AT_HOME and addresses else None,
        "branch_id": subject.branch["id"],
        "staff_id": subject.colleague(dice).id if dice.chance(45) else None,
        "note": dice.pick(_NOTES) if dice.chance(22) else "",
        "state": state,
        "reason": reason,
    }


def _state(dice: Dice, subject: Subject, starts_on: date) -> tuple[str, str]:
    """Give the state and, for what was cancelled, the reason."""
    if starts_on >= subject.today:
        waits = subject.record["access"] == "waitlist_only" or dice.chance(9)
        return ("waitlisted" if waits else "booked"), ""
    draw = dice.below(100)
    if draw < 8:
        return "cancelled", dice.pick(_CANCELLED)
    if draw < 13:
        return "no_show", ""
    # What happened in the last days is not yet marked everywhere.
    fresh = starts_on > subject.today - timedelta(days=4)
    return ("booked" if fresh and draw < 50 else "completed"), ""


@cache
def office_zone() -> ZoneInfo:
    """Give the time zone of the office, which every clock in the application shows, whatever the branch."""
    return ZoneInfo(business().settings["time_zone"])


BOOKINGS: Final = Part(name="bookings", tables=(bookings,), rows=_bookings)

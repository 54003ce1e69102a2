"""The customers, one by one, each with its labels, notes and history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from server.sample import moments
from server.sample.business import Business, Colleague, business
from server.sample.contact import addresses, reach
from server.sample.dice import Dice
from server.sample.history import Past, archived, lives_of
from server.sample.moments import Moments
from server.sample.notes import Subject, notes
from server.sample.people import Person, person

FIRST_NUMBER: Final = 1001
_SEED: Final = 4_960_000_000_000

_CAME_BY: Final = (
    ["Recommended by a friend"] * 6
    + ["Web search"] * 5
    + ["Walked past the branch"] * 4
    + [
        "Leaflet",
        "Leaflet",
        "Gift card",
        "Gift card",
        "Estate agent",
        "Neighbour",
        "Local paper",
        "Social media",
    ]
    + ["Open day at the river", "Radio", "Employer", "Came back after a break"]
)
_LEFT_BECAUSE: Final = ["Moved away", "Price", "Has someone in the house", "Sold the flat", "No reason given"]
_BLOCKED_BECAUSE: Final = [
    "Unpaid invoices",
    "Unpaid invoices",
    "Card refused",
    "Rude to staff",
    "Disputed charges",
]


@dataclass(frozen=True, slots=True)
class SampleCustomer:
    """A customer as it is stored: `record` has the members of the model, the rest goes into other tables."""

    record: dict[str, Any]
    label_ids: list[str]
    notes: list[dict[str, Any]]
    events: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Life:
    """When a customer was added and last changed, as places in the past of the business."""

    created: float
    changed: float


def ranks(count: int) -> list[int]:
    """Give the rank of each customer: 1 for the one that was not changed for longest."""
    changed = [_life(index, count).changed for index in range(count)]
    given = [0] * count
    for rank, index in enumerate(sorted(range(count), key=changed.__getitem__), start=1):
        given[index] = rank
    return given


def customers(count: int, today: date) -> Iterator[SampleCustomer]:
    """Give `count` customers in the order of their numbers, with a past that ends before `today`."""
    past = Moments.until(today)
    for index in range(count):
        yield _Making(index, _life(index, count), past).customer()


def _life(index: int, count: int) -> _Life:
    dice = Dice(_SEED + index)
    created = moments.created_at(dice, index, count)
    return _Life(created, moments.changed_at(dice, created))


class _Making:
    """The making of one customer."""

    def __init__(self, index: int, life: _Life, past: Moments) -> None:
        self.index = index
        self.dice = Dice(2 * _SEED + index)
        self.life = life
        self.past = past
        self.business: Business = business()
        self.someone: Person = person(index)
        self.branch = self.business.branch_near(self.dice, self.someone.country, self.someone.city)

    def customer(self) -> SampleCustomer:
        """Give the customer with everything that hangs on it."""
        created_at = self.past.at(self.life.created)
        customer_id = moments.identifier(created_at, self.dice)
        record = self._person() | self._contact()
        status = self._status()
        record |= status | self._standing(status["status"])
        labels = self._labels(record)
        if labels:
            record["labels"] = labels
        steps = lives_of(self.dice, record, self.someone) if self.life.changed > self.life.created else []
        if archived in steps:
            record["archived_at"] = self.past.at(self.life.changed).isoformat().replace("+00:00", "Z")
        events = self._events(record, created_at, steps)
        written = self._notes(record, set(labels), events)
        record |= {
            "id": customer_id,
            "number": FIRST_NUMBER + self.index,
            "version": events[-1]["version"],
            "created_at": created_at,
            "updated_at": events[-1]["at"],
        }
        if archived in steps:
            record["archived_at"] = events[-1]["at"]
        events += [self._note_event(note) for note in written]
        for event in events:
            event["customer_id"] = customer_id
        label_ids = [self.business.label_id(name) for name in labels]
        return SampleCustomer(record, label_ids, written, events)

    def _person(self) -> dict[str, Any]:
        someone, dice = self.someone, self.dice
        name = someone.name
        record: dict[str, Any] = {
            "display_name": someone.company or name.display,
            "given_name": name.given,
            "family_name": name.family,
        }
        if name.middle:
            record["middle_name"] = name.middle
        if someone.company:
            record |= {"type": "organization", "company_name": someone.company}
        elif dice.chance(64) and someone.twin_of is None:
            record["born_on"] = someone.born_on.isoformat()
        if not someone.company and dice.chance(82):
            odd = dice.below(200)
            record["gender"] = "other" if odd == 0 else "undisclosed" if odd < 4 else someone.gender
        abroad = self.branch["country"] != someone.country.code
        if abroad or dice.chance(55):
            record["language"] = self._language()
        if abroad or dice.chance(30):
            record["time_zone"] = someone.country.time_zone
        return record

    def _language(self) -> str:
        """Give the language of the country, or of the business for those who like that better."""
        return self.someone.country.language if self.dice.chance(88) else self.business.settings["language"]

    def _contact(self) -> dict[str, Any]:
        phones, emails = reach(self.someone)
        found = {
            "phones": phones,
            "emails": emails,
            "addresses": addresses(self.dice, self.someone, self.branch),
        }
        return {name: parts for name, parts in found.items() if parts}

    def _status(self) -> dict[str, Any]:
        dice, untouched = self.dice, self.life.changed == self.life.created
        recent = self.life.created > 0.95
        if dice.chance(48 if recent else 2.5):
            return {"status": "new", "access": "allowed"}
        draw = dice.below(1000)
        if untouched or draw >= 190:
            return {"status": "active", "access": "allowed"}
        if draw < 125:
            reason = {"status_reason": dice.pick(_LEFT_BECAUSE)} if dice.chance(70) else {}
            return {"status": "inactive", "access": "allowed"} | reason
        if draw < 163:
            return {"status": "blocked", "access": "blocked", "status_reason": dice.pick(_BLOCKED_BECAUSE)}
        return {"status": "active", "access": "waitlist_only"}

    def _standing(self, status: str) -> dict[str, Any]:
        """Give what the office decided or was told about a customer."""
        dice, country = self.dice, self.someone.country
        record: dict[str, Any] = {}
        if dice.chance(92):
            record["branch_id"] = self.branch["id"]
            record["location_id"] = self.business.location_of(self.branch, country)
        partner = self.business.partner_of(dice, country) if dice.chance(14) else None
        if partner:
            record["partner_id"] = partner
        if dice.chance(68):
            record["referral_method"] = dice.pick(_CAME_BY)
        if dice.chance(84):
            record["billing_type"] = "recurring" if dice.chance(78) else "prepaid"
        if dice.chance(8):
            record["mail_opt_out"] = True
        if dice.chance(13):
            record["email_opt_out"] = True
        if dice.chance(4):
            record["external_id"] = f"RB-{20_000 + self.index * 7}"
        if status == "inactive" and self.life.changed < 0.9 and dice.chance(52):
            record["archived_at"] = ""
        return record

    def _labels(self, record: dict[str, Any]) -> list[str]:
        dice = self.dice
        if self.someone.company:
            found = {"commercial"}
            likely = {"key held", "alarm", "stairs only", "laundry", "late payer", "vip"}
        else:
            found = set()
            likely = {str(label["name"]) for label in self.business.labels}
        for label in self.business.labels:
            if label["name"] in likely and dice.below(1000) < label["share"]:
                found.add(label["name"])
        born = int(record.get("born_on", "1970")[:4])
        if born < 1948 and dice.chance(35):
            found.add("elderly")
        found -= {"elderly"} if born > 1955 else set()
        found -= {"student", "new baby"} if born < 1985 else set()
        if self.life.created > 0.85:
            found -= {"late payer", "complaint 2025", "donor", "vip"}
        if record["status"] == "blocked" and record["status_reason"] == "Unpaid invoices":
            found.add("late payer")
        if record["status"] == "new":
            found &= {"commercial", "residential", "newsletter", "neighbour", "student"}
        return sorted(found)

    def _events(self, record: dict[str, Any], created_at: datetime, steps: list[Any]) -> list[dict[str, Any]]:
        """Give the history of the customer itself, oldest first."""
        past = Past(self.dice, self.someone, record, self.business)
        told = [changes for step in reversed(steps) if (changes := step(past))]
        told.reverse()
        made = [
            {"field": field, "new": value}
            for name, members in past.record.items()
            for field, value in _set(name, members)
        ]
        span = self.life.changed - self.life.created
        places = sorted(self.life.created + span * self.dice.fraction() for _ in told)
        times = [created_at, *(self.past.at(place) for place in places[:-1])]
        if told:
            times.append(self.past.at(self.life.changed))
        return [
            self._event(at, kind, changes, version)
            for version, (at, kind, changes) in enumerate(
                zip(times, ["created", *["changed"] * len(told)], [made, *told], strict=True), start=1
            )
        ]

    def _event(self, at: datetime, kind: str, changes: list[dict[str, Any]], version: int) -> dict[str, Any]:
        who = self._colleague()
        return {
            "id": moments.identifier(at, self.dice),
            "at": at,
            "actor_id": who.id,
            "actor": who.name,
            "kind": f"customers.{kind}",
            "version": version,
            "changes": changes,
        }

    def _colleague(self) -> Colleague:
        return self.business.colleague(self.dice, self.branch["name"])

    def _notes(
        self, record: dict[str, Any], labels: set[str], events: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        someone = self.someone
        facts = labels | {record["status"], record["access"], someone.country.code, "anybody"}
        facts |= {"organization"} if someone.company else set()
        facts |= {"household"} if someone.lives_with is not None else set()
        facts |= {"twin"} if someone.twin_of is not None else set()
        facts |= {"abroad"} if self.branch["country"] != someone.country.code else set()
        facts |= {"far away"} if abs(self.branch["longitude"] - someone.city.longitude) > 50 else set()
        lately = {record["status"], record["access"], record.get("status_reason", "")} - {"active", "allowed"}
        subject = Subject(
            facts=facts | lately,
            lately=lately,
            since=events[0]["at"],
            gender="" if someone.company else someone.gender,
            given=someone.name.given,
            country=self.branch["country"],
            staff=[one.name for one in self.business.staff if one.role == "staff" and not one.disabled],
        )
        found = notes(self.dice, subject, self._moment)
        for note in found:
            who = (
                self._colleague()
                if note["visibility"] == "staff"
                else self.dice.pick(self.business.staff[:2])
            )
            at = note.pop("at")
            note |= {"author_id": who.id, "author": who.name, "created_at": at, "updated_at": at}
            note["id"] = moments.identifier(at, self.dice)
        return sorted(found, key=lambda note: str(note["id"]))

    def _moment(self, lately: bool) -> datetime:
        """Give a moment since the customer was added, or since the last change."""
        start = self.life.changed if lately else self.life.created
        return self.past.at(start + (0.99995 - start) * self.dice.fraction() ** 0.7)

    def _note_event(self, note: dict[str, Any]) -> dict[str, Any]:
        changes = [{"field": "/body", "new": note["body"]}]
        if note["pinned"]:
            changes.append({"field": "/pinned", "new": True})
        return {
            "id": moments.identifier(note["created_at"], self.dice),
            "at": note["created_at"],
            "actor_id": note["author_id"],
            "actor": note["author"],
            "kind": "notes.created",
            "record_id": note["id"],
            "version": 1,
            "changes": changes,
            "visibility": note["visibility"],
        }


def _set(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Name what was set when the record was made: parts one by one, everything else whole."""
    if name in ("emails", "phones", "addresses"):
        yield from ((f"/{name}/{place}", part) for place, part in enumerate(value))
    else:
        yield f"/{name}", value

"""The customers, one by one, each with its labels, notes and history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from server.sample import moments, standing
from server.sample.business import Business, Colleague, business
from server.sample.contact import addresses, reach
from server.sample.dice import Dice
from server.sample.history import Past, archived, labelled, lives_of
from server.sample.moments import Moments
from server.sample.more import more
from server.sample.notes import Subject, notes
from server.sample.people import Person, person
from server.sample.standing import Life

FIRST_NUMBER: Final = 1001
_SEED: Final = 4_960_000_000_000


@dataclass(frozen=True, slots=True)
class SampleCustomer:
    """A customer as it is stored: `record` has the members of the model, the rest goes into other tables."""

    record: dict[str, Any]
    label_ids: list[str]
    notes: list[dict[str, Any]]
    events: list[dict[str, Any]]
    branch: dict[str, Any]
    """The branch that the customer goes to."""
    created: float
    """When the customer was added, as a place in the past."""


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


def identity(index: int, count: int, past: Moments) -> str:
    """Give the id of customer `index` of `count`, without the rest of that customer."""
    return _Making(index, _life(index, count), past).identity()


def _life(index: int, count: int) -> Life:
    dice = Dice(_SEED + index)
    created = moments.created_at(dice, index, count)
    return Life(created, moments.changed_at(dice, created))


class _Making:
    """The making of one customer."""

    def __init__(self, index: int, life: Life, past: Moments) -> None:
        self.index = index
        self.dice = Dice(2 * _SEED + index)
        self.life = life
        self.past = past
        self.business: Business = business()
        self.someone: Person = person(index)
        self.branch = self.business.branch_near(self.dice, self.someone.country, self.someone.city)

    def identity(self) -> str:
        """Give the id: the first draw, and so the same whether or not the rest is made."""
        return moments.identifier(self.past.at(self.life.created), self.dice)

    def customer(self) -> SampleCustomer:
        """Give the customer with everything that hangs on it."""
        customer_id = self.identity()
        created_at = self.past.at(self.life.created)
        record = self._person() | self._contact()
        record |= standing.status(self.dice, self.life)
        record |= standing.decided(self.dice, self.life, record["status"], self.someone, self.branch)
        record |= self._more()
        labels = standing.labels(self.dice, self.life, record)
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
        return SampleCustomer(record, label_ids, written, events, self.branch, self.life.created)

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

    def _more(self) -> dict[str, Any]:
        """Give what has dice of its own, so that it changes nothing of the rest."""
        start, dice = self.life.created, Dice(3 * _SEED + self.index)

        def moment(fraction: float) -> datetime:
            return self.past.at(start + (0.9999 - start) * fraction)

        def author(dice: Dice) -> str:
            return self.business.colleague(dice, self.branch["name"]).name

        return more(dice, self.someone, self.branch, moment, author)

    def _events(self, record: dict[str, Any], created_at: datetime, steps: list[Any]) -> list[dict[str, Any]]:
        """Give the history of the customer itself, oldest first."""
        past = Past(self.dice, self.someone, record, self.business)
        told = [changes for step in reversed(steps) if (changes := step(past))]
        if steps and not told:
            told.append(labelled(past))
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
        if self.branch["country"] != someone.country.code and not someone.company:
            facts.add("abroad")
        if abs(self.branch["longitude"] - someone.city.longitude) > 50:
            facts.add("far away")
        lately = {record["status"], record["access"], record.get("status_reason", "")} - {"active", "allowed"}
        subject = Subject(
            facts=facts | lately,
            lately=lately,
            since=events[0]["at"],
            gender="" if someone.company else someone.gender,
            given=someone.name.given,
            country=self.branch["country"],
            staff=self.business.names_at(self.branch["name"]),
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
    if name in ("emails", "phones", "addresses", "alerts"):
        yield from ((f"/{name}/{place}", part) for place, part in enumerate(value))
    else:
        yield f"/{name}", value

"""The index against a plain reading of the same customers, after any edits."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from server.store.database import Database
from tests.server.searching import Office

NAMES = ["anna", "anne", "annabel", "ann", "jo", "joanna", "smith", "smit", "smythe", "lee"]
CITIES = ["", "anna", "oslo", "smithville"]
PHONES = ["", "+442079460958", "+442079460959", "+12079460958", "+4915112345678"]
LABELS = {"l-1": "donor", "l-2": "annual"}
LOCALS = ["", "annabelle", "hannah", "jsmith", "xsmithx"]


@dataclass(frozen=True)
class Person:
    """What the plain reading knows of a customer."""

    names: tuple[str, ...]
    city: str
    phone: str
    local: str
    labels: tuple[str, ...]
    status: str
    archived: bool


people = st.builds(
    Person,
    names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=2).map(tuple),
    city=st.sampled_from(CITIES),
    phone=st.sampled_from(PHONES),
    local=st.sampled_from(LOCALS),
    labels=st.lists(st.sampled_from(sorted(LABELS)), unique=True).map(tuple),
    status=st.sampled_from(["active", "new"]),
    archived=st.booleans(),
)
edits = st.lists(
    st.tuples(st.sampled_from("abcdefghijkl"), st.one_of(people, people, people, st.none())),
    min_size=6,
    max_size=20,
)
queries = st.lists(
    st.sampled_from(
        ["a", "an", "ann", "anna", "jo", "smit", "smith", "os", "don", "le", "0958", "7946", "207"]
    ),
    min_size=1,
    max_size=2,
) | st.sampled_from([["nna"], ["mith"], ["anna", "0958"], ["anna", "02079"], ["99"], ["zz"]])


def stage(person: Person, number: int, typed: Iterable[str], *, alone: bool) -> int | None:
    """Say how well a person matches what was typed, 1 best; None where it does not."""
    words = [_word_stage(person, number, word, alone=alone) for word in typed]
    return None if None in words else max(place for place in words if place is not None)


def _word_stage(person: Person, number: int, word: str, *, alone: bool) -> int | None:
    digits = person.phone.removeprefix("+")
    if word in person.names or word == str(number) or (word.isdigit() and digits.endswith(word)):
        return 1
    national = digits[1:] if digits.startswith("1") else digits[2:]
    starts = (digits, national)
    forms = [word, word.removeprefix("0")] if word.isdigit() else []
    if any(name.startswith(word) for name in person.names):
        return 2
    if digits and any(start.startswith(form) for start in starts for form in forms):
        return 2
    others = [person.city, str(number), *([person.local, "example", "org"] if person.local else [])]
    others += [LABELS[label] for label in person.labels]
    if any(other.startswith(word) for other in others) or (forms and len(word) > 2 and word in digits):
        return 3
    return 4 if alone and len(word) > 2 and word in person.local else None


def expected(office: Office, alive: dict[str, Person], typed: list[str], archived: str) -> list[str]:
    """Give the ids that a search must find, in order."""
    found = []
    for name, person in alive.items():
        row = office.rows[name]
        place = stage(person, row["number"], typed, alone=len(typed) == 1)
        if place is not None and archived in ("any", "yes" if person.archived else "no"):
            found.append((place, -row["rank"], name))
    return [name for _, _, name in sorted(found)]


def apply(office: Office, alive: dict[str, Person], name: str, person: Person | None) -> None:
    """Add, change or remove a customer."""
    if person is None:
        if alive.pop(name, None) is not None:
            office.remove(name)
        return
    given = {
        "display_name": " ".join(person.names).title(),
        "city": person.city,
        "phone": person.phone,
        "email": f"{person.local}@example.org" if person.local else "",
        "status": person.status,
        "archived": person.archived,
    }
    if name in alive:
        office.change(name, labels=person.labels, **given)
    else:
        office.add(name, labels=person.labels, **given)
    alive[name] = person


@pytest.fixture
def office(database: Database) -> Office:
    office = Office(database)
    for label_id, name in LABELS.items():
        office.label(label_id, name)
    return office


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
@given(edits=edits, typed=queries, archived=st.sampled_from(["no", "yes", "any"]), limit=st.integers(1, 4))
@example(
    edits=[("a", Person(("anna",), "anna", "+442079460958", "hannah", ("l-2",), "new", False))] * 6,
    typed=["anna"],
    archived="any",
    limit=1,
)
def test_the_index_finds_what_reading_every_customer_finds(
    office: Office, edits: list[tuple[str, Person | None]], typed: list[str], archived: str, limit: int
) -> None:
    office.clear()
    assert _rows_left(office) == 0
    alive: dict[str, Person] = {}
    for name, person in edits:
        apply(office, alive, name, person)
    _check(office, alive, typed, archived, limit)


def _check(office: Office, alive: dict[str, Person], typed: list[str], archived: str, limit: int) -> None:
    wanted = expected(office, alive, typed, archived)
    q = " ".join(typed)
    if wanted or not any(len(word) > 3 and word.isalpha() for word in typed):
        assert office.ids(q, archived=archived) == wanted
        assert office.all_ids(q, archived=archived, limit=limit) == wanted
        assert office.find(q, archived=archived, limit=limit).total == len(wanted)
    matching = [name for name, person in alive.items() if person.archived == (archived == "yes")]
    if archived != "any":
        assert sorted(office.ids(archived=archived)) == sorted(matching)
        assert office.find(archived=archived).total == len(matching)
        new = [name for name in matching if alive[name].status == "new"]
        assert office.find(archived=archived, status=["new"]).total == len(new)
        assert sorted(office.all_ids(archived=archived, status=["new"], limit=limit)) == sorted(new)


def _rows_left(office: Office) -> int:
    """Count what is left in an index whose customers are all gone; counts must add up to nothing."""
    left = ["SELECT COUNT(*) FROM search_documents", "SELECT COUNT(*) FROM search_typos"]
    left.append(
        "SELECT COUNT(*) FROM (SELECT 1 FROM search_counts GROUP BY token HAVING SUM(difference) <> 0) c"
    )
    if office.database.dialect == "sqlite":
        left.append(
            'SELECT COUNT(*) FROM search_tokens WHERE search_tokens MATCH \'"nan" OR "0nan" OR "e58"\''
        )
    else:
        left.append("SELECT COUNT(*) FROM search_newest")
    with office.database.engine.connect() as connection:
        return sum(connection.exec_driver_sql(statement).scalar_one() for statement in left)

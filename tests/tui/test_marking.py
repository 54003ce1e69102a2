"""Several customers of a list at once: marked by keys, worked on together, each failure named, undone."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from server.sample.load import load
from server.store.database import Database
from tests.desk import open_desk
from tests.live import LiveServer
from tests.tui.desks import Person, at_desk
from tests.tui.office import Office
from tui.app import KeeptabsApp
from tui.screens.customers import CustomersScreen

pytestmark = pytest.mark.feature("F1.8")


def some(server: LiveServer, count: int, **members: object) -> str:
    """Make customers of one family name of their own, and give it."""
    name = "Z" + "".join(letter for letter in uuid4().hex if letter.isalpha())[:8].lower()
    with server.client("staff") as client:
        for number in range(count):
            body = {"given_name": f"Nr {number:03}", "family_name": name, "status": "active"} | members
            client.post("/v1/customers", json=body).raise_for_status()
    return name


def label(server: LiveServer) -> str:
    """Make a label of its own."""
    name = f"l-{uuid4().hex[:8]}"
    with server.client("staff") as client:
        client.post("/v1/labels", json={"name": name}).raise_for_status()
    return name


def found(server: LiveServer, **search: object) -> list[str]:
    """Give the names that a search finds now."""
    with server.client("viewer") as client:
        body = {"limit": 200, "sort": "name"} | search
        return [row["display_name"] for row in client.post("/v1/customers/search", json=body).json()["items"]]


async def searched(person: Person, name: str) -> None:
    """Search for a name and wait for the answer."""
    await person.may("customers:write")
    await person.type(name)
    for _ in range(500):
        screen = person.app.screen
        search = screen.search if isinstance(screen, CustomersScreen) else None
        if search is not None and search.question.q == name and search.fit == "answer":
            return
        await person.pilot.pause(0.02)
    raise AssertionError(f"No answer to {name}:\n{person.screen}")


async def test_marked_customers_get_a_label_together_and_undo_takes_it_off_exactly_those(
    own_server: LiveServer, tmp_path: Path
) -> None:
    name, tag = some(own_server, 4), label(own_server)
    with own_server.client() as client:
        rows = client.post("/v1/customers/search", json={"q": name, "sort": "name"}).json()["items"]
        before = {"Content-Type": "application/merge-patch+json", "If-Match": '"1"'}
        client.patch(f"/v1/customers/{rows[0]['id']}", json={"labels": [tag]}, headers=before)
    async with at_desk(own_server, tmp_path) as person:
        await searched(person, name)
        await person.press("f7")
        await person.sees("Best match")
        await person.type("name")
        await person.press("enter")
        await person.sees("by name")
        await person.press("ctrl+s", "ctrl+s", "down", "ctrl+s")
        await person.sees("✓ 3 marked")
        assert [line for line in person.screen.splitlines() if "✓ Nr 002" in line] == []
        await person.press("f2")
        await person.sees("Give a label")
        await person.press("enter")
        await person.sees(tag)
        await person.press("enter")
        await person.sees(f"2 customers given the label {tag} · 1 so already")
        assert found(own_server, label=[tag]) == [f"Nr {n:03} {name}" for n in (0, 1, 3)]
        await person.press("u")
        await person.sees(f"2 customers without the label {tag} now")
        assert found(own_server, label=[tag]) == [f"Nr 000 {name}"]
        await person.press("escape")
        await person.sees("✓ 3 marked")
        await person.press("asterisk")
        await person.sees("✓ all 4 marked")
        await person.press("asterisk")
        await person.sees_no("marked")


async def test_all_that_are_found_are_archived_hundred_by_hundred_and_a_refusal_is_named(
    own_server: LiveServer, tmp_path: Path
) -> None:
    name = some(own_server, 104)
    async with at_desk(own_server, tmp_path) as person:
        await searched(person, name)
        await person.press("asterisk")
        await person.sees("✓ all 104 marked")
        await person.press("ctrl+s")
        await person.sees("✓ all 103 marked but 1")
        with own_server.client("admin") as client:
            last = client.post("/v1/customers/search", json={"q": f"{name} 050"}).json()["items"][0]
            client.post(f"/v1/customers/{last['id']}/archive").raise_for_status()
        await person.press("f2")
        await person.sees("Give a label")
        await person.type("archive nothing")
        await person.press("enter")
        await person.sees("102 customers archived")
        assert len(found(own_server, q=name)) == 1
        await person.press("u")
        await person.sees("102 customers taken back from the archive")
        await person.press("escape")
        assert len(found(own_server, q=name)) == 103


async def test_space_marks_where_it_says_nothing_to_the_search(
    own_server: LiveServer, tmp_path: Path
) -> None:
    some(own_server, 2)
    async with at_desk(own_server, tmp_path) as person:
        await person.may("customers:write")
        await person.sees("2 customers")
        await person.press("space")
        await person.sees("✓ 1 marked")
        await person.type("nr 0")
        await person.sees("nr 0")
        await person.sees("✓ 1 marked")


async def test_a_viewer_marks_nobody(own_server: LiveServer, tmp_path: Path) -> None:
    some(own_server, 2)
    async with at_desk(own_server, tmp_path, "viewer") as person:
        await person.may("customers:read")
        await person.sees("2 customers")
        await person.press("space", "ctrl+s", "f11", "asterisk", "f2")
        assert "marked" not in person.screen


async def test_esc_stops_after_the_hundred_under_way_and_r_goes_on_with_the_rest(
    sqlite_database: Database, tmp_path: Path
) -> None:
    sqlite_database.write_now(lambda connection: load(connection, 130, datetime.now(UTC).date()))
    office = Office(open_desk(sqlite_database), tmp_path)
    async with KeeptabsApp(office.desk).run_test(size=(80, 24)) as pilot:
        person = Person(pilot.app, pilot)  # type: ignore[arg-type]
        await person.may("customers:write")
        await person.sees("customers")
        await person.press("asterisk", "f2")
        await person.sees("Give a label")
        office.link.hold('"archive"')
        await person.type("archive nothing")
        await person.press("enter")
        await person.sees("0 of 1")
        await person.press("escape")
        office.link.release('"archive"')
        await person.sees("100 customers archived")
        await person.sees("not done. Stopped; what is done stays done.")
        await person.press("r")
        await person.sees_no("not done")
        await person.sees("customers archived")
        assert "100 customers archived" not in person.screen


async def test_a_link_that_is_lost_in_the_middle_says_what_is_done_in_full(
    sqlite_database: Database, tmp_path: Path
) -> None:
    sqlite_database.write_now(lambda connection: load(connection, 130, datetime.now(UTC).date()))
    office = Office(open_desk(sqlite_database), tmp_path)
    async with KeeptabsApp(office.desk).run_test(size=(80, 24)) as pilot:
        person = Person(pilot.app, pilot)  # type: ignore[arg-type]
        await person.may("customers:write")
        await person.sees("customers")
        await person.press("asterisk", "f2")
        await person.sees("Give a label")
        office.link.hold('"archive"')
        await person.type("archive nothing")
        await person.press("enter")
        await person.sees("0 of 1")
        office.link.down = True
        office.link.release('"archive"')
        await person.sees("100 customers archived")
        await person.sees("not done. The server cannot be reached.")
        assert "What is done stays done. r goes on." in " ".join(person.screen.split())
        office.link.down = False
        await person.press("r")
        await person.sees_no("not done")


@pytest.mark.feature("F1.8")
async def test_esc_in_a_customer_goes_back_to_the_outcome_where_it_was_opened(
    own_server: LiveServer, tmp_path: Path
) -> None:
    name, tag = some(own_server, 2), label(own_server)
    async with at_desk(own_server, tmp_path) as person:
        await searched(person, name)
        await person.press("ctrl+s", "ctrl+s")
        await person.sees("✓ 2 marked")
        with own_server.client("admin") as client:
            gone = client.post("/v1/customers/search", json={"q": f"{name} 000"}).json()["items"][0]
            patch = {"Content-Type": "application/merge-patch+json", "If-Match": '"1"'}
            client.patch(f"/v1/customers/{gone['id']}", json={"status": "inactive"}, headers=patch)
            client.request(
                "DELETE", f"/v1/customers/{gone['id']}", headers={"If-Match": '"2"'}
            ).raise_for_status()
        await person.press("f2")
        await person.sees("Give a label")
        await person.press("enter")
        await person.sees(tag)
        await person.press("enter")
        await person.sees("1 refused")
        await person.press("enter")
        await person.sees("Nothing was changed.")
        await person.press("escape")
        await person.sees("1 refused")
        await person.press("u")
        await person.sees(f"1 customer without the label {tag} now")

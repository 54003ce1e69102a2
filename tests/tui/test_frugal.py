"""On a link that is spared less is asked for at once, and all of it can be reached."""

from pathlib import Path

import pytest

from client.meter import Exchange
from tests.live import LiveServer
from tests.tui.desks import Person, at_desk
from tests.tui.test_profile import make_customer
from tui.screens.customers import CustomersScreen
from tui.screens.previews import REST
from tui.screens.profile import ProfileScreen
from tui.tabs.history import EventList
from tui.tabs.kinds_of_records import NOTES

pytestmark = pytest.mark.feature("F11.5")


def slow(person: Person) -> None:
    """Have the link found to be slow."""
    for _ in range(2):
        person.app.desk.meter.record(Exchange("GET", "/", 200, 1.2, 1, 1, reached=True))


def asked(person: Person) -> list[str]:
    """Give a list that grows by the path of each request."""
    paths: list[str] = []
    person.app.desk.meter.listen(lambda exchange: paths.append(exchange.path))
    return paths


def the_list(person: Person) -> CustomersScreen:
    screen = person.app.screen
    assert isinstance(screen, CustomersScreen)
    return screen


async def test_pages_are_small_and_the_next_comes_at_the_end_until_everyone_is_there(
    live_server: LiveServer, tmp_path: Path
) -> None:
    async with at_desk(live_server, tmp_path) as person:
        await person.sees("customers")
        screen = the_list(person)
        assert len(screen.search.found.rows) == 20
        slow(person)
        await person.type("a")
        await person._until(lambda: screen.search.fit == "answer", "an answer", 10)
        assert len(screen.search.found.rows) == 12
        assert "frugal" in person.screen
        paths = asked(person)
        await person.press(*["down"] * 8)
        await person.pilot.pause(0.3)
        assert paths == [], "what is not needed yet is not fetched"
        total = screen.search.found.total
        assert total is not None
        assert total > 12
        for _ in range(10 * total):
            await person.press("down")
            if len(screen.search.found.rows) == total and screen.driven.below == 0:
                break
        rows = screen.search.found.rows
        assert len({row.id for row in rows}) == len(rows) == total
        assert person.app.desk.meter.frugal or len(paths) >= 5


async def test_nothing_is_fetched_for_the_preview(live_server: LiveServer, tmp_path: Path) -> None:
    async with at_desk(live_server, tmp_path, size=(140, 30)) as person:
        await person.sees("customers")
        paths = asked(person)
        await person.press("down")
        await person.pilot.pause(REST + 0.4)
        assert any(path.startswith("/v1/customers/") for path in paths), "usually it is"
        person.app.desk.meter.frugality = "on"
        paths.clear()
        await person.press("down")
        await person.pilot.pause(REST + 0.4)
        assert paths == []
        person.app.desk.meter.frugality = "off"
        slow(person)
        await person.press("down")
        await person.pilot.pause(REST + 0.4)
        assert any(path.startswith("/v1/customers/") for path in paths), "said otherwise, it is even then"


async def test_a_long_list_of_a_profile_comes_in_parts(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    with live_server.client() as client:
        for number in range(30):
            body = {"body": f"note {number}"}
            assert client.post(f"/v1/customers/{customer['id']}/notes", json=body).status_code == 201
        happened = client.get(f"/v1/customers/{customer['id']}/events", params={"limit": 200}).json()["items"]
    async with at_desk(live_server, tmp_path) as person:
        person.app.desk.meter.frugality = "on"
        person.app.open_customer(customer["id"])
        await person.sees("[1 ")
        await person.tab("activity")
        events = person.app.screen.query_one(EventList)
        await person._until(lambda: bool(events.items), "a history", 10)
        assert len(events.items or ()) == 12
        for _ in range(200):
            await person.press("down")
            if events.next_cursor is None:
                break
        assert len({event.id for event in events.items or ()}) == len(happened) > 30


async def test_a_list_of_records_comes_in_parts_too(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    with live_server.client() as client:
        for number in range(30):
            body = {"body": f"note {number:02}"}
            assert client.post(f"/v1/customers/{customer['id']}/notes", json=body).status_code == 201
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        screen = person.app.screen
        assert isinstance(screen, ProfileScreen)
        await person.tab("notes")
        await person.sees("note 29")
        person.app.desk.meter.frugality = "on"
        part = screen.part_of(NOTES)
        assert part is not None
        screen.load_records(part)
        await person._until(lambda: len(part.items or ()) == 12, "a dozen", 10)
        paths = asked(person)
        await person.press("down", "down", "down")
        await person.pilot.pause(0.3)
        assert paths == []
        for _ in range(100):
            await person.press("down")
            if len(part.items or ()) == 30:
                break
        assert len({note.id for note in part.items or ()}) == 30
        assert part.next_cursor is None


async def test_the_reason_is_told_and_what_is_usual_comes_back_by_itself(
    live_server: LiveServer, tmp_path: Path
) -> None:
    async with at_desk(live_server, tmp_path) as person:
        await person.sees("customers")
        slow(person)
        await person.press("f9")
        await person.type("how the link")
        await person.press("enter")
        await person.sees("frugal while it is slow: small pages, none ahead")
        await person.press("escape")
        screen = the_list(person)
        for letter in "bcdefgh":
            await person.press("backspace", letter)
            await person.pilot.pause(0.3)
            await person._until(lambda: screen.search.fit == "answer", "an answer", 10)
        await person.sees_no("frugal")
        assert not person.app.desk.meter.frugal

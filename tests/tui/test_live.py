"""What others do appears in an open profile by itself, and nothing of one's own is lost to it."""

from pathlib import Path

import pytest

import tui.services.live
from client.errors import Unreachable
from tests.live import LiveServer
from tests.tui.desks import Person, at_desk
from tests.tui.test_profile import fetched, make_customer, patch
from tui.screens.profile import ProfileScreen
from tui.tabs.history import EventList
from tui.widgets.lines import Lines

pytestmark = pytest.mark.feature("F9.4")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tui.services.live, "RESTS_SECONDS", 0.05)


async def followed(person: Person) -> None:
    """Wait until the stream stands."""
    live = person.app.desk.live
    await person._until(lambda: live._changes is not None and bool(live._changes._place), "a stream", 10)
    await person.pilot.pause(0.5)


async def to_the_activity(person: Person) -> None:
    screen = person.app.screen
    assert isinstance(screen, ProfileScreen)
    await screen.show_tab([tab.name for tab in screen.tabs].index("activity"))


async def test_a_colleagues_change_appears_on_top_and_the_marker_stays(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await to_the_activity(person)
        await person.sees("added")
        await followed(person)
        history = person.app.screen.query_one(EventList)
        marked = history.key
        assert marked is not None
        patch(live_server, customer, middle_name="Quentin")
        await person.sees("Middle name: Quentin")
        await person.sees("Joanna Quentin Byrne")
        assert history.key == marked
        kinds = [event.kind for event in history.items or ()]
        assert (kinds[0], kinds[-1]) == ("customers.changed", "customers.created")


async def test_what_is_typed_stays_and_the_header_is_current(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await followed(person)
        await person.press("2")
        await person.sees("Middle name")
        await person.press("down", "e")
        await person.type("Typed")
        await person.press("enter")
        await person.sees("1 unsaved")
        patch(live_server, customer, status="blocked")
        await person.sees("Blocked")
        await person.sees("1 unsaved")
        await person.press("f2")
        await person.sees("Saved")
        await person.sees_no("1 unsaved")


async def test_a_note_of_a_colleague_appears_and_admins_notes_do_not(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await followed(person)
        with live_server.client("admin") as client:
            path = f"/v1/customers/{customer['id']}/notes"
            client.post(path, json={"body": "for the boss", "visibility": "admin"}).raise_for_status()
            client.post(path, json={"body": "has moved"}).raise_for_status()
        await person.sees("has moved")
        assert "for the boss" not in person.screen


async def test_the_history_of_one_field_stays_filtered(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    patch(live_server, customer, middle_name="Q")
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await to_the_activity(person)
        await person.sees("Middle name: Q")
        await person.press("f")
        await person.type("middle")
        await person.press("enter")
        await person.sees("Only Middle name")
        await followed(person)
        patch(live_server, customer, status="inactive")
        patch(live_server, customer, middle_name="R")
        await person.sees("Middle name: Q → R")
        history = person.app.screen.query_one(EventList)
        # Neither what came meanwhile, nor what else the customer was added with.
        told = {row.spans[0].text.strip() for row in history.rows if row.key is None and row.spans}
        assert told == {"Only Middle name", "Middle name:"}


async def test_nothing_is_painted_and_hardly_anything_sent_where_nothing_changed(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, other = make_customer(live_server), make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await followed(person)
        painted: list[Lines] = []
        monkeypatch.setattr(Lines, "refresh", lambda self, *_, **__: painted.append(self))
        before = person.app.desk.api.transport.meter.requests
        patch(live_server, other, middle_name="Q")
        person.app.desk._heard(())
        await person.pilot.pause(0.8)
        assert painted == []
        assert person.app.desk.api.transport.meter.requests == before + 1  # answered with 304


async def test_what_was_said_of_an_unreachable_server_goes_when_it_answers_again(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await followed(person)
        screen = person.app.screen
        assert isinstance(screen, ProfileScreen)
        screen.failed(Unreachable())
        await person.sees("The server cannot be reached.")
        person.app.desk._heard(())
        await person.sees("The server answers again.")
        await person.sees_no("cannot be reached")


async def test_closing_the_last_profile_ends_the_stream(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await followed(person)
        await person.press("x")
        live = person.app.desk.live
        await person._until(lambda: live._task is None, "the end of the stream", 5)


async def test_a_customer_who_is_deleted_meanwhile_is_told(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server, status="inactive")
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await followed(person)
        with live_server.client() as client:
            client.delete(f"/v1/customers/{customer['id']}").raise_for_status()
        await person.sees("Somebody else has deleted this customer.")


async def test_of_two_long_values_both_are_seen_at_80_columns(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(
        live_server, given_name="Wolfeschlegelsteinhausenbergerdorff", family_name="Stone"
    )
    patch(live_server, customer, given_name="Featherstonehaughcholmondeleymarjoribanks")
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await to_the_activity(person)
        await person.sees("First name: Wolfeschlegel")
        line = next(line for line in person.screen.splitlines() if "First name: Wolfe" in line)
        assert " → Featherstonehaugh" in line


async def test_what_is_being_typed_goes_on_while_the_profile_is_read_anew(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await followed(person)
        await person.press("2")
        await person.sees("Middle name")
        await person.press("down", "down", "e")
        await person.type("Ty")
        patch(live_server, customer, status="blocked")
        await person.sees("Blocked")
        await person.pilot.pause(0.3)
        await person.type("ped")
        await person.press("enter")
        await person.sees("Typed")
        await person.press("f2")
        await person.sees("Saved")
    now = fetched(live_server, customer)
    assert (now["middle_name"], now["status"]) == ("Typed", "blocked")


@pytest.mark.feature("F5.4")
async def test_what_an_invoice_changes_elsewhere_is_told_too(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    line = {"description": "Panes", "quantity": "1", "unit_price": {"amount": "40.00", "currency": "EUR"}}
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await followed(person)
        await person.tab("billing")
        await person.sees("Balance nothing")
        with live_server.client() as staff:
            made = staff.post(f"/v1/customers/{customer['id']}/invoices", json={"lines": [line]})
            assert made.status_code == 201, made.text
        await person.sees("Panes")
        await person.sees_no("Balance nothing")


@pytest.mark.feature("F4.2")
async def test_ones_own_answers_are_not_told_as_somebody_elses_while_something_is_typed(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await followed(person)
        await person.tab("contact")
        await person.sees("Middle name")
        await person.press("down", "e")
        await person.type("Typed")
        await person.press("enter")
        await person.tab("preferences")
        await person.sees("No opt-out")
        await person.press("U")
        await person.sees("UNSUBSCRIBED")
        await person.pilot.pause(1.0)
        assert "Saved" in person.status, person.status
        await person.sees("1 unsaved")

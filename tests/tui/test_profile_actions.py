"""What is done to a customer from the profile, beside typing into fields."""

from pathlib import Path

import pytest

from client.errors import Unreachable
from tests.live import LiveServer
from tests.tui.desks import at_desk
from tests.tui.test_profile import fetched, make_customer
from tui.screens.base import AppScreen
from tui.widgets.footer import StatusLine


@pytest.mark.feature("F2.4")
async def test_access_is_set_where_its_meaning_is_shown_and_stands_in_the_header(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("b")
        await person.sees("May only join the wait list")
        await person.type("wait")
        await person.press("enter")
        await person.sees("WAIT LIST ONLY")
        assert fetched(live_server, customer)["access"] == "waitlist_only"


@pytest.mark.feature("F2.5")
async def test_a_customer_is_archived_and_taken_back(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        for flag in (True, False):
            await person.press("f9")
            await person.type("archive this")
            await person.press("enter")
            await person.sees("nothing is lost" if flag else "Back from the archive")
            assert ("archived_at" in fetched(live_server, customer)) is flag
            assert ("ARCHIVED" in person.screen) is flag
        await person.press("f9")
        await person.type("archive this")
        await person.press("enter")
        await person.sees("u takes it back")
        await person.press("u")
        await person.sees("Back from the archive")
        assert "archived_at" not in fetched(live_server, customer)


@pytest.mark.feature("F9.2")
async def test_a_note_for_admins_is_seen_by_admins_only(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path / "a", "admin", open_customer=customer["id"]) as person:
        await person.press("n")
        await person.sees("Seen by")
        await person.type("Owes a favour")
        await person.press("tab", "tab", "space", "f2")
        await person.sees("Saved")
        await person.tab("notes")
        await person.sees("admins only")
        await person.sees("Owes a favour")
    async with at_desk(live_server, tmp_path / "b", "staff", open_customer=customer["id"]) as person:
        await person.tab("notes")
        await person.sees("No notes yet")
        await person.tab("activity")
        await person.sees("added")
        assert "Owes a favour" not in person.screen


@pytest.mark.feature("F9.1")
async def test_a_note_is_pinned_edited_and_removed(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    with live_server.client() as client:
        for body in ("first note", "second note"):
            client.post(f"/v1/customers/{customer['id']}/notes", json={"body": body})
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.tab("notes")
        await person.press("down", "e")
        await person.sees("Seen by")
        await person.press("tab", "space", "f2")
        await person.sees("pinned")
        first, second = (person.screen.index(body) for body in ("first note", "second note"))
        assert first < second
        await person.press("d")
        await person.sees_no("first note")
        notes = fetched(live_server, customer, "/notes")["items"]
        assert [note["body"] for note in notes] == ["second note"]


@pytest.mark.feature("F9.3")
async def test_labels_are_made_renamed_coloured_and_removed(live_server: LiveServer, tmp_path: Path) -> None:
    async with at_desk(live_server, tmp_path, "admin") as person:
        await person.sees("customers")
        await person.press("f9")
        await person.type("manage labels")
        await person.press("enter")
        await person.sees("door")
        await person.press("a")
        await person.sees("Colour")
        await person.type("zephyr")
        await person.press("f2")
        await person.sees("Saved the label zephyr")
        await person.press("e")
        await person.sees("No two are called alike")
        await person.type("s")
        await person.press("tab", "space", "f2")
        await person.sees("Saved the label zephyrs")
        with live_server.client() as client:
            labels = {label["name"]: label for label in client.get("/v1/labels?limit=200").json()["items"]}
        assert labels["zephyrs"]["color"] != "gray"
        await person.press("d")
        await person.sees("taken off every customer")
        await person.type("zephyrs")
        await person.press("enter")
        await person.sees("Removed the label zephyrs")


@pytest.mark.feature("F12.5")
async def test_read_only_offers_nothing_that_writes_and_says_so(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"], read_only=True) as person:
        await person.press("2", "down")
        foot = person.screen.splitlines()[-1]
        assert "read-only" in person.screen
        assert " edit" not in foot
        await person.press("e", "n", "s", "b", "l")
        assert not person.app.screen.is_modal


@pytest.mark.feature("F2.11")
async def test_the_card_can_be_read_as_plain_text_where_no_clipboard_is_reached(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("f9")
        await person.type("plain text")
        await person.press("enter")
        await person.sees(f"Joanna Byrne ({customer['number']})")
        assert "Overview" not in person.screen
        await person.press("escape")
        await person.sees("1 View")


async def test_the_palette_names_what_does_not_work_now_below_what_does(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("f9")
        await person.type("save what was")
        await person.sees("not now")
        await person.press("enter")
        await person.sees("does not work here at the moment")


async def test_the_palette_finds_a_command_by_its_name_in_the_configuration_too(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, "admin", open_customer=customer["id"]) as person:
        await person.press("f9")
        await person.type("privilege")
        await person.sees("Make this customer staff or admin, or neither")


async def test_a_draft_that_cannot_be_written_is_said(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        take_away_the_place_of_drafts(tmp_path)
        await person.press("2", "down", "e")
        await person.type("x")
        await person.sees("cannot")


def take_away_the_place_of_drafts(root: Path) -> None:
    """Put something else where the folder of drafts should be."""
    next(root.glob("staff@*")).joinpath("drafts").write_text("")


@pytest.mark.feature("F2.6")
async def test_only_an_inactive_customer_is_deleted_and_only_after_its_number_is_typed(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:

        async def ask() -> None:
            await person.press("f9")
            await person.type("delete this")
            await person.press("enter")

        await ask()
        await person.sees("Only an inactive or archived")
        await person.press("s")
        await person.type("inact")
        await person.press("enter")
        await person.sees("Saved")
        await ask()
        await person.sees("for good")
        await person.type("17")
        await person.press("enter", "escape")
        assert fetched(live_server, customer)["status"] == "inactive"
        await ask()
        await person.sees("for good")
        await person.type(str(customer["number"]))
        await person.press("enter")
        await person.sees(f"Deleted {customer['number']}")
        assert fetched(live_server, customer)["code"] == "not_found"


async def test_a_save_of_nothing_but_what_is_unfinished_says_that_nothing_was_saved(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("e")
        await person.type("9999")
        await person.press("f2", "escape")
        await person.sees("1 unsaved")
        await person.press("f2")
        await person.sees("Nothing was saved. Phone: one is not finished")
        assert fetched(live_server, customer)["version"] == customer["version"]


async def test_what_comes_when_a_screen_is_being_taken_away_is_said_nowhere(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        screen = person.app.screen
        assert isinstance(screen, AppScreen)
        await screen.query_one(StatusLine).remove()
        screen.failed(Unreachable())
        async with screen.asking("Asking…"):
            screen.say("Asked.")
        screen.reached()
        assert person.app.is_running

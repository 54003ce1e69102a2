"""What a customer wants to hear and does not like, set by keyboard and kept by the server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.live import LiveServer
from tests.tui.desks import Person, at_desk
from tests.tui.test_profile import fetched, make_customer


async def go_to(person: Person, title: str) -> None:
    """Step to the tab of that title."""
    for _ in range(12):
        tabs = next((line for line in person.screen.splitlines() if "[" in line and "]" in line), "")
        if title in tabs.partition("[")[2].partition("]")[0]:
            return
        await person.press("right_square_bracket")
    raise AssertionError(f"There is no tab {title}:\n{person.screen}")


async def mark(person: Person, text: str) -> None:
    """Bring the marker to the row with that text."""
    for _ in range(40):
        if any(line.startswith("▸") and text in line for line in person.screen.splitlines()):
            return
        await person.press("down")
    raise AssertionError(f"{text!r} is not on the page:\n{person.screen}")


@asynccontextmanager
async def at_tab(
    server: LiveServer, root: Path, customer: dict[str, Any], title: str, role: str = "staff"
) -> AsyncIterator[Person]:
    """Open a customer at one tab."""
    async with at_desk(server, root, role) as person:
        person.app.open_customer(customer["id"])
        await person.sees(customer["display_name"])
        await go_to(person, title)
        yield person


def line(person: Person, text: str) -> str:
    """Give the first line of the screen with that text."""
    return next(line for line in person.screen.splitlines() if text in line)


def answers(server: LiveServer, customer: dict[str, Any]) -> dict[str, str]:
    """Give what the server knows of a customer's wishes."""
    found = fetched(server, customer, "/consents")["items"]
    return {f"{one['purpose']} {one['channel']}": one["state"] for one in found}


@pytest.mark.feature("F4.1")
async def test_cells_of_the_grid_are_changed_by_arrows_and_space_and_saved_in_one_request(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_tab(live_server, tmp_path, customer, "Pref") as person:
        await person.sees("Wants to hear")
        for purpose in ("Appointments", "Service", "Packages", "Marketing", "Transactions"):
            assert purpose in person.screen
        await mark(person, "Appointments")
        assert "[-]" in line(person, "Appointments")
        assert "Confirmations, cancellations and reminders of forms." in person.screen
        await person.press("left", "left", "space")
        assert "[no*]" in line(person, "Appointments")
        await person.press("space", "down", "right", "enter")
        assert "yes*" in line(person, "Appointments")
        assert "2 unsaved" in person.screen
        assert answers(live_server, customer) == {}
        await person.press("f2")
        await person.sees("Saved 2 answers.")
        await person.sees("Service by Push: no since today")
        assert "by Stan Staff" in line(person, "Service by Push")
        assert answers(live_server, customer) == {"appointments sms": "granted", "service push": "denied"}
        await person.press("space", "u")
        assert "*" not in line(person, "Service")
    (event, *_) = fetched(live_server, customer, "/events")["items"]
    assert (event["kind"], len(event["changes"])) == ("consents.changed", 2)


@pytest.mark.feature("F4.1")
async def test_answers_that_were_not_saved_are_there_at_the_next_visit(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_tab(live_server, tmp_path, customer, "Pref") as person:
        await person.sees("Wants to hear")
        await mark(person, "Packages")
        await person.press("space", "escape")
        await person.sees("unsaved changes are kept")
    async with at_tab(live_server, tmp_path, customer, "Pref") as person:
        await person.sees("no*")
        await person.press("f2")
        await person.sees("Saved the answer.")
    assert answers(live_server, customer) == {"packages email": "denied"}


@pytest.mark.feature("F4.2")
async def test_unsubscribing_is_one_key_and_coming_back_needs_how_the_consent_was_given(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_tab(live_server, tmp_path, customer, "Pref") as person:
        await person.sees("No opt-out")
        await person.press("U")
        await person.sees("UNSUBSCRIBED since today")
        await person.sees("NO E-MAIL")
        assert "by Stan Staff" in line(person, "UNSUBSCRIBED")
        assert " no " in line(person, "Marketing  ")
        assert fetched(live_server, customer)["email_opt_out"] is True
        await person.press("R")
        await person.sees("How we know")
        await person.press("f2")
        await person.sees("Say how the new consent was given.")
        assert fetched(live_server, customer)["email_opt_out"] is True
        await mark(person, "How we know")
        await person.press("e")
        await person.sees("Said so on the phone")
        await person.type("phone")
        await person.press("enter")
        await person.sees("Phone")
        await person.type("Asked us")
        await person.press("f2")
        await person.sees("Saved the answer.")
        await person.sees_no("NO E-MAIL")
        await person.sees("“Asked us”")
    assert "email_opt_out" not in fetched(live_server, customer)
    (cell,) = fetched(live_server, customer, "/consents")["items"]
    assert (cell["state"], cell["source"], cell["note"]) == (
        "granted",
        "phone",
        "Asked us",
    )


@pytest.mark.feature("F4.2")
async def test_post_is_opted_out_of_in_its_own_row(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_tab(live_server, tmp_path, customer, "Pref") as person:
        await person.sees("No opt-out")
        await mark(person, "Post    No opt-out")
        await person.press("space")
        await person.sees("Unsubscribed once it is saved")
        await person.press("f2")
        await person.sees("NO POST")
    assert fetched(live_server, customer)["mail_opt_out"] is True
    assert answers(live_server, customer) == {"marketing post": "denied"}


@pytest.mark.feature("F4.1")
async def test_a_viewer_sees_the_wishes_and_changes_none(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server, email_opt_out=True)
    async with at_tab(live_server, tmp_path, customer, "Pref", "viewer") as person:
        await person.sees("UNSUBSCRIBED")
        await mark(person, "Marketing  ")
        await person.press("space", "U", "R", "f2")
        assert "*" not in line(person, "Marketing  ")
    assert answers(live_server, customer) == {"marketing email": "denied"}


@pytest.mark.feature("F4.4")
async def test_a_disliked_service_is_picked_by_name_changed_and_removed(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_tab(live_server, tmp_path, customer, "Pref") as person:
        await person.sees("None. Press a to add")
        await mark(person, "None. Press a to add")
        await person.press("a")
        await person.sees("Service")
        await person.press("enter")
        await person.sees("Hot stone massage")
        await person.type("aroma")
        await person.press("enter")
        await person.sees("Aromatherapy massage")
        await person.type("Itches")
        await person.press("f2")
        await person.sees("Saved Aromatherapy massage.")
        (kept,) = fetched(live_server, customer, "/disliked-services")["items"]
        assert (kept["service"], kept["comment"]) == ("Aromatherapy massage", "Itches")
        await person.press("d")
        await person.sees("u writes it again")
        assert fetched(live_server, customer, "/disliked-services")["items"] == []
        await person.press("u")
        await person.sees("is back")
    (kept,) = fetched(live_server, customer, "/disliked-services")["items"]
    assert kept["comment"] == "Itches"


@pytest.mark.feature("F4.3")
async def test_a_marketing_list_leaves_out_who_said_no_and_says_how_many(
    live_server: LiveServer, tmp_path: Path
) -> None:
    surname = "Quillfeather"
    make_customer(live_server, given_name="Agnes", family_name=surname)
    make_customer(live_server, given_name="Bertha", family_name=surname, email_opt_out=True)
    make_customer(live_server, given_name="Cilla", family_name=surname, emails=[])
    async with at_desk(live_server, tmp_path) as person:
        await person.type(surname.lower())
        await person.sees("Bertha")
        await person.press("ctrl+g")
        await person.sees("The addresses on file")
        await person.press("enter")
        await person.sees("1 customer · 1 left out, who said no · 1 without an e-mail address")
        assert "Agnes" in person.screen
        assert "Bertha" not in person.screen
        await person.press("w")
        await person.sees("0 customers · 1 left out")
        await person.press("w", "c", "down", "enter")
        await person.sees("Marketing list: Post")
        await person.press("c")
        await person.type("sms")
        await person.press("enter")
        await person.sees("3 customers · 0 left out")
        assert "Bertha" in person.screen
        await person.press("enter")
        await person.sees("[1 ")

"""Boxes: the ways out of them."""

from pathlib import Path

import pytest

from tests.live import LiveServer
from tests.tui.desks import at_desk
from tests.tui.test_profile import make_customer, patch


@pytest.mark.parametrize("opening", ["f9", "f3", "f1", "f4"])
async def test_ctrl_c_closes_any_box_as_escape_does(
    live_server: LiveServer, tmp_path: Path, opening: str
) -> None:
    async with at_desk(live_server, tmp_path) as person:
        await person.sees("customers")
        await person.press(opening)
        assert person.app.screen.is_modal
        await person.press("ctrl+c")
        await person.pilot.pause(0.2)
        assert not person.app.screen.is_modal


async def test_keeptabs_can_be_left_from_a_box(live_server: LiveServer, tmp_path: Path) -> None:
    async with at_desk(live_server, tmp_path) as person:
        await person.sees("customers")
        await person.press("f9", "f8")
        await person.pilot.pause(0.2)
        assert not person.app.is_running or person.app.return_value == 0


@pytest.mark.feature("F11.3")
async def test_a_clash_names_the_colleague(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        patch(live_server, customer, given_name="Johanna")
        await person.press("2", "down", "e")
        await person.type("h")
        await person.press("enter", "f2")
        await person.sees("yours   Joannah")
        title = person.app.screen.query_one("Vertical").border_title
        assert "Ada Admin" in str(title)


async def test_a_name_that_is_taken_says_so_at_the_field_and_the_form_stays(
    live_server: LiveServer, tmp_path: Path
) -> None:
    with live_server.client("admin") as client:
        client.post("/v1/labels", json={"name": "already there"})
    async with at_desk(live_server, tmp_path, "admin") as person:
        await person.sees("customers")
        await person.press("f9")
        await person.type("manage labels")
        await person.press("enter")
        await person.sees("already there")
        await person.press("a")
        await person.sees("Colour")
        await person.type("Already There")
        await person.press("f2")
        await person.sees("There is already one named")
        assert person.app.screen.is_modal
        drawn = person.screen.splitlines()
        at = next(number for number, line in enumerate(drawn) if "*Name" in line)
        assert "already" in drawn[at + 1]


async def test_nothing_of_what_was_said_shows_at_the_sides_of_a_box(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.sees("Added")
        await person.press("asterisk")
        await person.sees("Pinned to the top")
        await person.press("f9")
        await person.sees("changed the marked field")
        assert "Pinned" not in person.screen
        await person.press("escape")
        await person.sees("Pinned to the top")

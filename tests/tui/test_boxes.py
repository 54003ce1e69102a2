"""Boxes: the ways out of them."""

from pathlib import Path

import pytest

from tests.live import LiveServer
from tests.tui.bare_app import BareApp
from tests.tui.desks import at_desk
from tests.tui.test_profile import make_customer, patch
from tui.commands import available_commands
from tui.screens.confirm import ConfirmScreen
from tui.screens.help import HelpScreen
from tui.widgets.lines import Lines


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


@pytest.mark.parametrize("opening", ["f9", "f3", "f4"])
async def test_a_box_tells_its_own_keys_and_is_drawn_anew(
    live_server: LiveServer, tmp_path: Path, opening: str
) -> None:
    async with at_desk(live_server, tmp_path) as person:
        await person.sees("customers")
        await person.may("customers:write")
        drawn: list[str] = []
        person.app.do_redraw = lambda: drawn.append("anew")  # type: ignore[method-assign]
        await person.press(opening)
        box = person.app.screen
        await person.press("ctrl+l")
        assert drawn == ["anew"]
        offered = {command.name() for command, _ in available_commands(box)}
        assert {"show_help", "redraw", "quit"} <= offered
        # Neither what keys in a box do not get to, nor a shell where there is none.
        assert not {"switch_customer", "choose_theme", "suspend"} & offered
        await person.press("f1")
        assert isinstance(person.app.screen, HelpScreen)
        await person.press("f1")
        assert person.app.screen is box


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


async def test_in_a_small_window_a_question_says_what_to_type_and_the_rest_is_read_line_by_line() -> None:
    app: BareApp[None] = BareApp()
    sentences = [
        "Name, notes and documents go, for good.",
        "Invoices stay, as those of customer 1042.",
        "Last.",
    ]
    async with app.run_test(size=(40, 8)) as pilot:
        question = ConfirmScreen("Erase customer 1042?", sentences, "1042")
        app.push_screen(question)
        await pilot.pause()

        def seen() -> list[str]:
            parts = [lines for lines in question.query(Lines) if lines.size.height]
            return [lines.render_line(y).text.rstrip() for lines in parts for y in range(lines.size.height)]

        assert seen()[0] == "Name, notes and documents go, for"
        assert seen()[-1].startswith("Type 1042")
        assert "read on" in str(question.query_one("Vertical").border_subtitle)
        await pilot.press("down", "1")
        assert seen()[0] == "good."
        await pilot.press("up", "0", "4", "2", "enter")
        assert app.screen is not question


async def test_a_form_keeps_its_keys_in_sight_however_much_is_said_below_it(
    live_server: LiveServer, tmp_path: Path
) -> None:
    make_customer(
        live_server, given_name="Konrad", family_name="Zwicky", emails=[{"address": "k@example.org"}]
    )
    async with at_desk(live_server, tmp_path, size=(40, 10)) as person:
        await person.sees("customers")
        await person.may("customers:write")
        await person.press("f4")
        await person.sees("City")
        await person.type("Konrad Zwicky")
        await person.press("down", "down")
        await person.type("k@example.org")
        await person.sees("Likely the same customer")
        await person.press("up")
        await person.sees("…\n Enter keep")
        box = person.app.screen.query_one("Vertical")
        assert box.region.bottom <= 10
        assert max(child.region.bottom for child in box.children) <= 10

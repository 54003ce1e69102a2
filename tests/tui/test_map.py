"""The map of an address and the read-back, driven by keyboard against a real server."""

from pathlib import Path
from typing import Any

import pytest

from tests.live import LiveServer
from tests.tui.desks import at_desk
from tests.tui.test_profile import make_customer

QUAY = {
    "line1": "12 Quay Street",
    "city": "Bristol",
    "postal_code": "BS1 4DJ",
    "country": "GB",
    "latitude": 51.4501,
    "longitude": -2.5978,
}
HARBOUR = {
    "line1": "3 Harbour Road",
    "city": "Plymouth",
    "country": "GB",
    "latitude": 50.3703,
    "longitude": -4.1427,
}


def add_branch(server: LiveServer, **members: Any) -> None:
    with server.client("admin") as client:
        answer = client.post("/v1/branches", json=members)
        assert answer.status_code == 201, answer.text


@pytest.mark.feature("F3.5")
async def test_the_map_shows_the_address_and_the_nearest_branch(
    live_server: LiveServer, tmp_path: Path
) -> None:
    add_branch(live_server, name="Cabot Tower", latitude=51.4543, longitude=-2.6067)
    add_branch(live_server, name="Far Away", latitude=60.0, longitude=25.0)
    add_branch(live_server, name="Nowhere")
    customer = make_customer(live_server, addresses=[QUAY])
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("M")
        await person.sees("12 Quay Street, Bristol BS1 4DJ, United Kingdom")
        await person.sees("Nearest branch: Cabot Tower, 0.5 mi north-west of here")
        await person.sees("51.4501° N, 2.5978° W")
        await person.sees("◆ 12 Quay Street")
        await person.sees("openstreetmap.org")
        await person.press("w")
        await person.sees("Brazil")
        await person.press("c")
        await person.sees_no("Brazil")
        await person.sees("Glasgow")
        before = person.screen
        await person.press("right", "right", "right", "right", "down")
        assert person.screen != before
        await person.press("0")
        await person.sees("◆ 12 Quay Street")
        scale = person.screen.splitlines()[-3]
        await person.press("plus", "plus")
        assert person.screen.splitlines()[-3] != scale
        await person.press("minus", "minus")
        assert person.screen.splitlines()[-3] == scale
        await person.press("t")
        await person.sees("5 mi")
        await person.press("escape")
        await person.sees("Overview")


@pytest.mark.feature("F3.5")
async def test_the_marked_address_is_the_one_that_is_shown(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server, addresses=[QUAY | {"is_primary": True}, HARBOUR])
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("2")
        await person.sees("3 Harbour Road")
        while not any(line.startswith("▸") and "3 Harbour" in line for line in person.screen.splitlines()):
            await person.press("down")
        await person.press("M")
        await person.sees("3 Harbour Road, Plymouth, United Kingdom")


@pytest.mark.feature("F3.5")
async def test_the_link_is_copied_where_no_desktop_is(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server, addresses=[QUAY])
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("M")
        await person.sees("◆")
        for key in ("y", "o"):
            await person.press(key)
            await person.sees("Sent to the terminal's clipboard: https://www.openstreetmap.org/")


@pytest.mark.feature("F3.5")
async def test_without_coordinates_the_town_is_shown_and_said_to_be_only_that(
    live_server: LiveServer, tmp_path: Path
) -> None:
    bare = {"line1": "1 Hill", "city": "Bristol", "country": "GB"}
    unknown = {"line1": "1 Hill", "city": "Nether Nowhere"}
    first = make_customer(live_server, addresses=[bare])
    second = make_customer(live_server, addresses=[unknown])
    third = make_customer(live_server, given_name="Ann")
    async with at_desk(live_server, tmp_path, open_customer=first["id"]) as person:
        await person.press("M")
        await person.sees("No coordinates: this is the middle of Bristol.")
        await person.press("escape")
        person.app.open_customer(second["id"])
        await person.sees("Nether Nowhere")
        await person.press("M")
        await person.sees("This address has no coordinates")
        await person.press("plus", "left", "w", "y", "escape")
        person.app.open_customer(third["id"])
        await person.sees("Ann Byrne")
        await person.press("M")
        assert "openstreetmap" not in person.screen


@pytest.mark.feature("F2.13")
async def test_what_a_caller_asks_for_is_spelled_large(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server, family_name="Böhm", addresses=[QUAY])
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("r")
        await person.sees("Juliett")
        assert "▄▀▀▄" in person.screen
        await person.sees("Oscar with two dots")
        await person.press("l")
        await person.sees("Dansk")
        await person.press("l")
        await person.sees("Umlaut Offenbach")
        await person.press("tab")
        await person.sees("joanna@example.org")
        await person.press("tab")
        await person.sees("BS1 4DJ")
        await person.press("left", "left")
        await person.sees("Joanna Böhm")
        await person.press("escape")
        await person.sees_no("English (ICAO")

"""The map of an address and the read-back, driven by keyboard against a real server."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.live import LiveServer
from tests.pngs import png
from tests.tui.conftest import OpenOffice
from tests.tui.desks import at_desk
from tests.tui.office import ListApp, shown, until
from tests.tui.test_profile import make_customer
from tui.screens.map import MapLines, MapScreen
from tui.services.config import Config, Loaded

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
        await person.sees("Joanna Byrne")


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


@pytest.fixture
def tile_server() -> Iterator[tuple[str, list[str]]]:
    """Give the address of a server of tiles on this machine, and what it is asked for."""
    asked: list[str] = []
    tile = png([[(0, 0, 0) if y % 32 == 4 else (255, 255, 255) for _ in range(256)] for y in range(256)])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(500 if "broken" in self.path else 200)
            self.send_header("Content-Length", str(len(tile)))
            self.end_headers()
            self.wfile.write(tile)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.mark.feature("F3.5")
async def test_streets_are_drawn_where_a_tile_server_is_configured(
    live_server: LiveServer, tmp_path: Path, tile_server: tuple[str, list[str]]
) -> None:
    address, asked = tile_server
    customer = make_customer(live_server, addresses=[QUAY])
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        person.app.config = Loaded(Config(map_tiles=f"{address}/{{z}}/{{x}}/{{y}}.png"))
        await person.press("M")
        await person.sees("◆")
        assert "streets:" not in person.screen
        await person.press("t")
        await person.sees("streets: 127.0.0.1")
        assert 1 <= len(asked) <= 6
        await person.press("w")
        await person.sees_no("streets:")


@pytest.mark.feature("F3.5")
async def test_where_tiles_do_not_come_outlines_are_shown_and_it_is_said(
    live_server: LiveServer, tmp_path: Path, tile_server: tuple[str, list[str]]
) -> None:
    customer = make_customer(live_server, addresses=[QUAY])
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        person.app.config = Loaded(Config(map_tiles=f"{tile_server[0]}/broken/{{z}}/{{x}}/{{y}}.png"))
        await person.press("M", "t")
        await person.sees("The tile server 127.0.0.1 refuses (500): outlines are shown.")
        await person.sees("12 Quay Street, Bristol")


@pytest.mark.feature("F2.13")
async def test_what_a_caller_asks_for_is_spelled_large(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server, family_name="Böhm", addresses=[QUAY])
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("r")
        await person.sees("Juliett")
        assert "████" in person.screen
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


@pytest.mark.feature("F3.5")
async def test_a_map_needs_no_network(open_office: OpenOffice) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        office.link.down = True
        screen = MapScreen(QUAY, office.desk.formats)
        app.push_screen(screen)
        await until(lambda: screen.query(MapLines) and screen.query_one(MapLines).rows, pilot)
        text = "\n".join(shown(screen.query_one(MapLines)))
        assert "◆ 12 Quay Street" in text
        assert "No branch with coordinates is known." in text
        assert "Cardiff" in text

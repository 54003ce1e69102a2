"""Signing in from another device, at the sign-in screen."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from client.models import DeviceAuthorization
from client.session.store import SessionStore
from tests.browser import Browser
from tests.fixtures import Template
from tests.live import LiveServer, live
from tests.tui.desks import Person
from tui.app import KeeptabsApp
from tui.options import OpenOptions
from tui.screens.device_code import DeviceCodeScreen
from tui.services.desk import Desk
from tui.terminal.preflight import Terminal
from tui.widgets.lines import Lines

OFFER = "F3 by phone or browser"
BEGUN = DeviceAuthorization(
    device_code="d",
    user_code="WMWM-WMWM",
    verification_uri="https://desk.example.org/device",
    verification_uri_complete="https://desk.example.org/device?user_code=WMWM-WMWM",
    expires_in=600,
)
LONG = BEGUN.model_copy(
    update={
        "verification_uri": "https://customers.riverside-services.example.org/keeptabs/device",
        "verification_uri_complete": "https://customers.riverside-services.example.org/keeptabs/device?user_code=WMWM-WMWM",
    }
)


@pytest.fixture(scope="module")
def hasty_server(sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Give a server whose terminals may ask every second."""
    folder = tmp_path_factory.mktemp("hasty")
    with live(sqlite_template.copy(folder), customers=5, device_poll_seconds=1) as server:
        yield server


@asynccontextmanager
async def at_sign_in(root: Path, server: str, **terminal: Any) -> AsyncIterator[Person]:
    size = (terminal.pop("width", 80), terminal.pop("height", 24))
    options = OpenOptions()
    if terminal:
        about: dict[str, Any] = {"interactive": True, "name": "xterm", "utf8": True, "colours": 256}
        options = OpenOptions(terminal=Terminal(width=size[0], height=size[1], **about | terminal))
    app = KeeptabsApp(Desk(SessionStore(root), None, root=root, environment={}, server=server), options)
    async with app.run_test(size=size) as pilot:
        yield Person(app, pilot)


@asynccontextmanager
async def browsing(server: LiveServer) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        yield Browser(client)


async def code_shown(person: Person) -> dict[str, str]:
    await person.sees("type the code that you see here:")
    found = re.search(r"[A-Z]{4}-[A-Z]{4}", person.screen)
    assert found
    return {"verification_uri_complete": f"/device?user_code={found.group()}"}


def code_widget(person: Person) -> Lines:
    return next(lines for lines in person.app.screen.query(Lines) if type(lines).__name__ == "_Code")


def looks_of(lines: Lines, text: str) -> set[tuple[str, str]]:
    """Give foreground and background of every piece that has this text in it."""
    return {
        (str(segment.style.color), str(segment.style.bgcolor))
        for y in range(lines.size.height)
        for segment in lines.render_line(y)
        if text in segment.text and segment.style
    }


@pytest.mark.feature("F12.1")
async def test_a_code_that_is_approved_elsewhere_opens_the_list_and_is_kept(
    hasty_server: LiveServer, tmp_path: Path
) -> None:
    async with at_sign_in(tmp_path, hasty_server.url) as person, browsing(hasty_server) as browser:
        await person.sees(OFFER)
        await person.press("f3")
        shown = await code_shown(person)
        assert f"{hasty_server.url}/device" in person.screen
        assert "█▀▀▀▀▀█" in person.screen
        page = await browser.approve(shown, "staff", hasty_server.password)
        assert "Approved." in page.text
        await person.sees("customers")
        assert person.app.desk.login == "staff"
    found = SessionStore(tmp_path).find()
    assert found is not None
    assert (found.login, found.signed_in) == ("staff", True)


async def test_a_code_that_is_refused_elsewhere_leads_back_with_a_sentence(
    hasty_server: LiveServer, tmp_path: Path
) -> None:
    async with at_sign_in(tmp_path, hasty_server.url) as person, browsing(hasty_server) as browser:
        await person.sees(OFFER)
        await person.press("f3")
        page = await browser.identify(await code_shown(person), "staff", hasty_server.password)
        await browser.send(page, decision="refuse")
        await person.sees("refused on the other device")
        await person.sees("Password")
        await person.press("f3")
        await code_shown(person)
    assert SessionStore(tmp_path).find() is None


async def test_giving_up_leads_back_and_ends_the_code_at_the_server(
    hasty_server: LiveServer, tmp_path: Path
) -> None:
    async with at_sign_in(tmp_path, hasty_server.url) as person, browsing(hasty_server) as browser:
        await person.sees(OFFER)
        await person.press("f3")
        shown = await code_shown(person)
        await person.press("escape")
        await person.sees("Password")
        assert person.status == ""
        for _ in range(50):
            page = await browser.identify(shown, "staff", hasty_server.password)
            if page.answer.status_code == 404:
                break
            await person.pilot.pause(0.1)
        assert page.answer.status_code == 404
        await person.type("staff")
        await person.press("enter")
        await person.type(hasty_server.password)
        await person.press("enter")
        await person.sees("customers")


async def test_a_server_without_it_shows_no_way_to_it(sqlite_template: Template, tmp_path: Path) -> None:
    with live(sqlite_template.copy(tmp_path), device_sign_in=False) as server:
        async with at_sign_in(tmp_path, server.url) as person:
            await person.type("staff")
            await person.press("enter")
            await person.pilot.pause(0.5)
            assert OFFER not in person.screen
            await person.press("f3")
            assert person.status == ""
            await person.type(server.password)
            await person.press("enter")
            await person.sees("customers")


async def test_the_way_is_found_when_the_address_is_typed_and_goes_with_another_one(
    hasty_server: LiveServer, tmp_path: Path
) -> None:
    async with at_sign_in(tmp_path, "") as person:
        person.app.screen.query_one("#server").value = hasty_server.url  # type: ignore[attr-defined]
        await person.pilot.pause(0.2)
        assert OFFER not in person.screen, "no server is asked while its address is typed"
        await person.press("enter")
        await person.sees(OFFER)
        await person.press("up")
        await person.type("9")
        await person.sees_no(OFFER)


async def test_a_server_that_is_none_is_said_only_when_somebody_signs_in(tmp_path: Path) -> None:
    async with at_sign_in(tmp_path, "http://127.0.0.1:9") as person:
        await person.pilot.pause(1.0)
        assert person.status == ""
        assert OFFER not in person.screen


@pytest.mark.parametrize("begun", [BEGUN, LONG])
@pytest.mark.parametrize(
    ("width", "height", "utf8", "picture"),
    [
        (80, 24, True, True),
        (120, 40, True, True),
        (60, 24, True, False),
        (80, 24, False, False),
        (40, 10, True, False),
    ],
)
async def test_address_and_code_are_whole_at_every_size(
    tmp_path: Path, begun: DeviceAuthorization, width: int, height: int, utf8: bool, picture: bool
) -> None:
    async with at_sign_in(tmp_path, "", width=width, height=height, utf8=utf8) as person:
        person.app.push_screen(DeviceCodeScreen(begun, blocks=utf8, colours=True))
        await person.sees(begun.user_code)
        drawn = code_widget(person)
        rows = [drawn.render_line(y).text for y in range(drawn.size.height)]
        assert len(drawn.rows) <= drawn.size.height
        beside = len(rows[0]) - (len(drawn.rows[0].spans[-1].text) if picture else 0)
        words = "".join(row[:beside].strip() for row in rows)
        assert begun.verification_uri in words
        assert begun.user_code in words
        assert any(re.search("█▀▀▀▀▀█|▄▄▄▄▄▄▄", row) for row in rows) == picture
        assert utf8 or all(row.isascii() for row in rows)


@pytest.mark.parametrize(
    "theme", ["dark", "light", "mono", "green-screen", "ansi-light", "high-contrast-light"]
)
async def test_the_picture_is_dark_on_light_in_every_theme(tmp_path: Path, theme: str) -> None:
    async with at_sign_in(tmp_path, "") as person:
        person.app.theme = theme
        person.app.push_screen(DeviceCodeScreen(BEGUN, blocks=True, colours=True))
        await person.sees(BEGUN.user_code)
        drawn = code_widget(person)
        looks = looks_of(drawn, "█▀▀▀▀▀█")
        assert len(looks) == 1
        foreground, background = looks.pop()
        assert ("#000000" in foreground, "#ffffff" in background) == (True, True)


async def test_without_colours_the_light_parts_are_drawn(tmp_path: Path) -> None:
    async with at_sign_in(tmp_path, "", colours=0) as person:
        person.app.push_screen(DeviceCodeScreen(BEGUN, blocks=True, colours=False))
        await person.sees(BEGUN.user_code)
        assert "█" * 30 in person.screen
        assert "#ffffff" not in str(looks_of(code_widget(person), "█" * 30))


async def test_y_copies_the_address_with_the_code_in_it(tmp_path: Path) -> None:
    async with at_sign_in(tmp_path, "") as person:
        copied: list[str] = []
        person.app.copy_to_clipboard = copied.append  # type: ignore[assignment,method-assign]
        person.app.push_screen(DeviceCodeScreen(BEGUN, blocks=True, colours=True))
        await person.sees(BEGUN.user_code)
        await person.press("y")
    assert copied == [BEGUN.verification_uri_complete]

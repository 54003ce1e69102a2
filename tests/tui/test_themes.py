"""Themes in the application."""

from pathlib import Path

from client.session.store import SessionStore
from tests.live import LiveServer
from tests.tui.desks import at_desk
from tui.app import KeeptabsApp
from tui.options import OpenOptions
from tui.services.desk import Desk
from tui.terminal.preflight import Terminal
from tui.theming.choice import ChosenTheme, by_terminal


def terminal(colours: int) -> Terminal:
    return Terminal(True, "xterm", 80, 24, True, colours)  # type: ignore[arg-type]


def test_the_theme_follows_what_the_terminal_can_show() -> None:
    assert by_terminal(terminal(16777216), {}) == "dark"
    assert by_terminal(terminal(256), {}) == "dark"
    assert by_terminal(terminal(16), {}) == "ansi-dark"
    assert by_terminal(terminal(16), {"COLORFGBG": "0;15"}) == "ansi-light"
    assert by_terminal(terminal(0), {}) == "mono"


async def test_a_theme_is_shown_live_and_kept_for_the_next_start(
    live_server: LiveServer, tmp_path: Path
) -> None:
    async with at_desk(live_server, tmp_path) as person:
        await person.press("f9")
        await person.type("choose a theme")
        await person.press("enter")
        await person.type("green")
        assert person.app.theme == "green-screen"
        await person.press("escape")
        assert person.app.theme == "dark"
        await person.press("f9")
        await person.type("choose a theme")
        await person.press("enter")
        await person.type("green")
        await person.press("enter")
        assert person.app.theme == "green-screen"
    async with at_desk(live_server, tmp_path) as person:
        assert person.app.theme == "green-screen"
    assert ChosenTheme(tmp_path).load() == "green-screen"


def test_a_theme_that_is_not_there_is_told(tmp_path: Path) -> None:
    desk = Desk(SessionStore(tmp_path), None, root=tmp_path, environment={})
    app = KeeptabsApp(desk, OpenOptions(theme="drak"))
    assert app.theme == "dark"
    assert app.problems == ["There is no theme drak. Did you mean dark? 'keeptabs themes list' names them."]


async def test_choosing_begins_with_the_theme_there_is_and_shows_no_other(
    live_server: LiveServer, tmp_path: Path
) -> None:
    async with at_desk(live_server, tmp_path) as person:
        await person.sees("customers")
        seen: list[str] = []
        person.app.theme_changed_signal.subscribe(person.app.screen, lambda theme: seen.append(theme.name))
        await person.press("f9")
        await person.type("choose a theme")
        await person.press("enter")
        await person.sees("▸ Dark")
        assert set(seen) <= {"dark"}


async def test_every_theme_can_be_shown_with_a_profile_in_front(
    live_server: LiveServer, tmp_path: Path
) -> None:
    async with at_desk(live_server, tmp_path) as person:
        for name in person.app.themes.themes:
            person.app.theme = name
            await person.pilot.pause()
            assert person.app.theme == name
            await person.sees("Find >")

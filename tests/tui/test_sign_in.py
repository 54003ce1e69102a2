"""Signing in at the screen."""

from pathlib import Path

import pytest

from client.session.store import SessionStore
from tests.live import LiveServer
from tests.tui.desks import Person
from tui.app import KeeptabsApp
from tui.services.desk import Desk


def app_on(root: Path, server: str = "") -> KeeptabsApp:
    store = SessionStore(root)
    found = store.find()
    session = store.load(found.name) if found else None
    return KeeptabsApp(Desk(store, session, root=root, environment={}, server=server))


@pytest.mark.feature("F12.1")
async def test_name_and_password_open_the_list_and_the_session_is_there_at_the_next_start(
    live_server: LiveServer, tmp_path: Path
) -> None:
    app = app_on(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        person = Person(app, pilot)
        await person.sees("Sign in")
        app.screen.query_one("#server").value = live_server.url  # type: ignore[attr-defined]
        await person.press("enter")
        await person.type("staff")
        await person.press("enter")
        await person.type(live_server.password)
        await person.press("enter")
        await person.sees("customers")
    again = app_on(tmp_path)
    async with again.run_test(size=(80, 24)) as pilot:
        await Person(again, pilot).sees("customers")


@pytest.mark.feature("F12.1")
async def test_a_wrong_password_is_said_in_a_sentence_and_nothing_is_kept(
    live_server: LiveServer, tmp_path: Path
) -> None:
    app = app_on(tmp_path, live_server.url)
    async with app.run_test(size=(80, 24)) as pilot:
        person = Person(app, pilot)
        await person.type("staff")
        await person.press("enter")
        await person.type("not it")
        await person.press("enter")
        await person.sees("wrong")
        assert SessionStore(tmp_path).find() is None
        await person.type(live_server.password)
        await person.press("enter")
        await person.sees("customers")


async def test_a_server_that_is_none_is_said_in_a_sentence(tmp_path: Path) -> None:
    app = app_on(tmp_path, "http://127.0.0.1:9")
    async with app.run_test(size=(80, 24)) as pilot:
        person = Person(app, pilot)
        await person.type("staff")
        await person.press("enter")
        await person.type("secret")
        await person.press("enter")
        await person.sees("cannot be reached", seconds=30)


@pytest.mark.feature("F12.1")
async def test_signing_out_ends_the_session_at_the_server_too(own_server: LiveServer, tmp_path: Path) -> None:
    app = app_on(tmp_path, own_server.url)
    async with app.run_test(size=(80, 24)) as pilot:
        person = Person(app, pilot)
        await person.type("staff")
        await person.press("enter")
        await person.type(own_server.password)
        await person.press("enter")
        await person.sees("customers")
        session = app.desk.session
        assert session is not None
        await person.press("f9")
        await person.type("sign out")
        await person.press("enter")
        await person.sees("Signed out.")
        with own_server.client() as client:
            form = {"grant_type": "refresh_token", "refresh_token": session.refresh_token}
            refused = client.post("/v1/oauth/token", data=form)
        assert refused.json()["error"] == "invalid_grant"
        assert SessionStore(tmp_path).find() is None

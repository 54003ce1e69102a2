"""A locked screen shows nothing of a customer and lets nothing past; all that is behind is there again."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

import tui.app
import tui.screens.locking
import tui.services.live
from client.session.store import SessionStore
from server.store.database import Database
from server.store.tables import sessions, staff
from tests.live import LiveServer
from tests.tui.desks import Person, at_desk, cached_session
from tests.tui.test_profile import make_customer, patch
from tui.app import KeeptabsApp
from tui.options import OpenOptions
from tui.screens.lock import LockScreen
from tui.screens.pick import PickScreen
from tui.screens.plain import PlainScreen
from tui.services.calls import folder_for_calls, ring
from tui.services.config import Config, Loaded
from tui.services.desk import Desk
from tui.theming.files import find_themes

pytestmark = pytest.mark.feature("F12.2")


async def lock(person: Person) -> None:
    """Lock by the command."""
    await person.press("f9")
    await person.type("lock the")
    await person.press("enter")
    await person.sees("Locked")


async def open_again(person: Person, server: LiveServer) -> None:
    await person.type(server.password)
    await person.press("enter")
    await person.sees_no("Locked")


async def test_nothing_of_a_customer_is_shown_and_the_password_brings_it_all_back(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("n")
        await person.sees("Seen by")
        await person.type("half a note")
        box = person.app.focused
        person.app.lock(asked=True)
        await person.sees("Locked")
        assert "staff@test" in person.screen
        for shown in ("Byrne", "half a note", str(customer["number"]), "joanna@"):
            assert shown not in person.screen
        await person.press("escape")
        await open_again(person, live_server)
        assert person.app.focused is box
        await person.type(" and more")
        await person.sees("half a note and more")


async def test_a_search_and_an_open_box_are_as_they_were(live_server: LiveServer, tmp_path: Path) -> None:
    async with at_desk(live_server, tmp_path) as person:
        await person.sees("customers")
        await person.type("an")
        await person.press("f7")
        await person.type("nam")
        picking = person.app.screen
        assert isinstance(picking, PickScreen)
        person.app.lock(asked=True)
        await person.sees("Locked")
        await open_again(person, live_server)
        assert person.app.screen is picking
        await person.sees("nam")
        await person.press("escape")
        await person.type("d")
        assert person.app.screen.query_one("FindBox").value == "and"  # type: ignore[attr-defined]


async def test_a_wrong_password_opens_nothing_and_is_gone_from_the_line(
    live_server: LiveServer, tmp_path: Path
) -> None:
    async with at_desk(live_server, tmp_path) as person:
        await lock(person)
        await person.press("enter")
        await person.sees("The password is empty.")
        await person.type("not it")
        await person.press("enter")
        await person.sees("The password is wrong.")
        assert isinstance(person.app.screen, LockScreen)
        assert person.app.screen.box.value == ""
        await open_again(person, live_server)


async def test_no_key_goes_past_the_lock(live_server: LiveServer, tmp_path: Path) -> None:
    async with at_desk(live_server, tmp_path) as person:
        await lock(person)
        front, below = person.app.screen, len(person.app.screen_stack)
        await person.press(
            *("f1", "f3", "f4", "f5", "f7", "f9", "f10", "f11", "f12", "ctrl+p", "ctrl+n", "ctrl+y", "ctrl+l")
        )
        await person.press(*("question_mark", "apostrophe", "tab", "shift+tab", "up", "down", "ctrl+c"))
        await person.press("shift+home", "ctrl+c", "ctrl+x")
        assert person.app.screen is front
        assert len(person.app.screen_stack) == below
        assert person.app.clipboard == ""
        assert front.query_one("Input").value == "?'"  # type: ignore[attr-defined]
        await person.press("escape")
        await open_again(person, live_server)


async def test_what_goes_on_behind_waits_with_what_it_shows_and_closes(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    monkeypatch.setattr(tui.app, "send_to_clipboard", lambda _, text: not copied.append(text))  # type: ignore[func-returns-value]
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path) as person:
        app = person.app
        await person.press("f7")
        picking = app.screen
        assert isinstance(picking, PickScreen)
        app.lock(asked=True)
        await person.sees("Locked")

        async def asks() -> None:
            await app.push_screen_wait(PlainScreen("asked behind"))

        picking.dismiss(None)
        app.open_customer(customer["id"])
        app.push_screen(PlainScreen("told behind"))
        waiting = app.run_worker(asks())
        app.copy_to_clipboard("a secret")
        app.pop_screen()
        await person.pilot.pause(0.3)
        assert isinstance(app.screen, LockScreen)
        assert "behind" not in person.screen
        assert copied == []
        await open_again(person, live_server)
        await person.sees("asked behind")
        assert copied == ["a secret"]
        await person.press("escape")
        await person.sees("Byrne")
        assert picking not in app.screen_stack, "closed when it wanted to"
        assert waiting.is_finished


async def test_changes_of_others_are_not_fetched_until_it_is_open(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tui.services.live, "RESTS_SECONDS", 0.05)
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        live = person.app.desk.live
        await person._until(lambda: live._changes is not None and bool(live._changes._place), "a stream", 10)
        await person.pilot.pause(0.3)
        await lock(person)
        asked = person.app.desk.api.transport.meter.requests
        person.app.desk.follow_changes()
        patch(live_server, customer, middle_name="Quentin")
        await person.pilot.pause(1.0)
        assert person.app.desk.api.transport.meter.requests == asked
        assert live._task is None
        await open_again(person, live_server)
        await person.sees("Joanna Quentin Byrne")


async def test_a_call_is_told_without_its_number_and_taken_once_it_is_open(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    make_customer(live_server, given_name="Wilma", phones=[{"number": "+442079460177"}])
    async with at_desk(live_server, tmp_path) as person:
        await person.sees("customers")
        await lock(person)
        assert await asyncio.to_thread(ring, folder_for_calls(os.environ), "+442079460177")
        await person.sees("A call came in.")
        assert "0177" not in person.screen
        await open_again(person, live_server)
        await person.sees("Wilma Byrne")


async def test_it_locks_by_itself_and_what_was_typed_for_the_screen_before_goes_nowhere(
    live_server: LiveServer, tmp_path: Path
) -> None:
    store = SessionStore(tmp_path)
    session = cached_session(live_server)
    desk = Desk(store, session, root=tmp_path, environment={})
    app = KeeptabsApp(desk, OpenOptions(), config=Loaded(Config(lock_after=0.02)))
    async with app.run_test(size=(80, 24)) as pilot:
        person = Person(app, pilot)
        await person.sees("customers")
        await person.sees("Locked")
        await person.type("smith")
        await person.press("enter")
        assert isinstance(app.screen, LockScreen)
        assert app.screen.box.value == ""
        assert person.status == ""
        await pilot.pause(tui.screens.locking._DEAF_SECONDS)
        await open_again(person, live_server)
        await person.sees("customers")
        await person.sees("Locked")


async def test_a_key_that_comes_too_late_locks_and_goes_nowhere(
    live_server: LiveServer, tmp_path: Path
) -> None:
    async with at_desk(live_server, tmp_path) as person:
        await person.sees("customers")
        person.app.idle._used -= 15 * 60
        await person.press("s")
        await person.sees("Locked")
        person.app.drop_lock()
        person.app.show_customers()
        await person.sees("customers")
        assert person.app.screen.query_one("FindBox").value == ""  # type: ignore[attr-defined]
        person.app.idle._used -= 15 * 60
        person.app.before_return()
        await person.sees("Locked")


async def test_a_screen_left_locked_is_locked_at_the_next_start_and_a_new_sign_in_opens_it(
    live_server: LiveServer, tmp_path: Path
) -> None:
    store = SessionStore(tmp_path)
    store.save(cached_session(live_server))

    def started() -> KeeptabsApp:
        return KeeptabsApp(Desk(store, store.load("staff@test"), root=tmp_path, environment={}))

    app = started()
    async with app.run_test(size=(80, 24)) as pilot:
        person = Person(app, pilot)
        await person.sees("customers")
        await lock(person)
        await person.press("f8")
    again = started()
    async with again.run_test(size=(80, 24)) as pilot:
        person = Person(again, pilot)
        await person.sees("Locked")
        assert "customers" not in person.screen
        await pilot.pause(tui.screens.locking._DEAF_SECONDS)
        await open_again(person, live_server)
        await person.sees("customers")
    kept = store.load("staff@test")
    assert kept is not None
    assert not kept.locked


async def test_with_the_link_down_it_stays_locked_and_says_what_can_be_done(tmp_path: Path) -> None:
    nobody = LiveServer("http://127.0.0.1:9", {"staff": "token"}, "")
    store = SessionStore(tmp_path)
    session = cached_session(nobody)
    store.save(session)
    app = KeeptabsApp(Desk(store, session, root=tmp_path, environment={}))
    async with app.run_test(size=(80, 24)) as pilot:
        person = Person(app, pilot)
        await person.sees("Keeptabs")
        await lock(person)
        await person.type("any words")
        await person.press("enter")
        await person.sees("Only the server knows the password", seconds=30)
        await person.press("f6")
        await person.sees("again signs out")
        assert isinstance(app.screen, LockScreen)
        await person.press("f6")
        await person.sees("Signed out.", seconds=30)
        assert not app.locked


async def test_who_has_no_password_is_told_to_sign_in_again(own_server: LiveServer, tmp_path: Path) -> None:
    database = Database(own_server.database_url)
    database.write_now(lambda connection: connection.execute(update(staff).values(password_hash="")))
    database.close()
    async with at_desk(own_server, tmp_path) as person:
        await lock(person)
        await person.type(own_server.password)
        await person.press("enter")
        await person.sees("knows no password of yours")


async def test_a_session_that_ended_meanwhile_asks_to_sign_in(own_server: LiveServer, tmp_path: Path) -> None:
    async with at_desk(own_server, tmp_path) as person:
        await person.sees("customers")
        await lock(person)
        database = Database(own_server.database_url)
        now = datetime.now(UTC)
        database.write_now(lambda connection: connection.execute(update(sessions).values(revoked_at=now)))
        database.close()
        await person.type(own_server.password)
        await person.press("enter")
        await person.sees("Sign in")
        assert not person.app.locked


async def test_it_is_opaque_in_every_theme(live_server: LiveServer, tmp_path: Path) -> None:
    async with at_desk(live_server, tmp_path) as person:
        await lock(person)
        for name in find_themes().themes:
            person.app.theme = name
            await person.pilot.pause()
            assert person.app.screen.styles.background.a == 1, name


async def test_nobody_signed_in_has_nothing_to_lock(tmp_path: Path) -> None:
    app = KeeptabsApp(Desk(SessionStore(tmp_path), None, root=tmp_path, environment={}))
    async with app.run_test(size=(80, 24)) as pilot:
        person = Person(app, pilot)
        await person.sees("Sign in")
        app.lock(asked=True)
        await pilot.pause()
        assert not app.locked
        assert not app.can("lock_the_screen")
        app.idle._used -= 15 * 60
        await person.type("x")
        assert "x" in person.screen, "a key that comes late is for signing in"

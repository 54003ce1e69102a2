"""The list when the link, the server, the text or the typing is bad."""

from random import Random

import pytest
from sqlalchemy import delete
from textual.events import Key, Paste

from server.store.tables import sessions
from tests.tui.conftest import OpenOffice
from tests.tui.office import ListApp, box, burst, counts, footer, names, settled, shown, status, until
from tui.screens.customers import CustomersScreen
from tui.screens.sign_in import SignInScreen


async def test_while_a_slow_link_is_waited_for_rows_at_hand_that_match_are_shown_as_such(
    open_office: OpenOffice,
) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        office.link.hold()
        await pilot.press(*"smi")
        await until(lambda: counts(app) == "2 so far", pilot)
        assert names(app) == ["Joanna Smith", "Ray Smithson"]
        office.link.release()
        await settled(pilot)
        assert counts(app) == "2 of 5"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "cannot be reached"),
        ((200, "<html>Welcome to the hotel</html>"), "instead of data. Enter tries again."),
        ((500, '{"title": "Oops", "status": 500, "code": "internal"}'), "The server failed"),
        ((200, '{"items": [{"id"'), "Enter tries again."),
    ],
)
async def test_what_goes_wrong_is_a_sentence_and_the_rows_stay(
    open_office: OpenOffice, answer: tuple[int, str] | None, said: str
) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("s")
        await settled(pilot)
        before = names(app)
        office.link.down, office.link.answer = answer is None, answer
        await pilot.press(*"zzz")
        await until(lambda: said in status(app), pilot, 10)
        assert names(app) == before
        office.link.down, office.link.answer = False, None
        await pilot.press("enter")
        await settled(pilot)
        assert (names(app), counts(app)) == ([], "0 of 5")
        await pilot.press("backspace", "backspace", "backspace", *"mithson")
        await settled(pilot)
        assert (names(app), status(app)) == (["Ray Smithson"], "")


async def test_with_the_link_down_what_matches_at_hand_can_be_opened(open_office: OpenOffice) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        office.link.down = True
        await pilot.press(*"jose")
        await until(lambda: "cannot be reached" in status(app), pilot, 10)
        assert counts(app) == "1 so far"
        await pilot.press("enter")
        assert [row.display_name for row in app.opened] == ["José Pérez"]


async def test_a_start_with_the_link_down_is_made_up_for_once_it_is_back(open_office: OpenOffice) -> None:
    office = await open_office()
    office.link.down = True
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: "cannot be reached" in status(app), pilot, 10)
        assert "new" not in footer(app)
        office.link.down = False
        await pilot.press("enter")
        await until(lambda: "new" in footer(app), pilot)
        assert (len(names(app)), status(app)) == (5, "")


async def test_hostile_text_is_searched_for_as_text(open_office: OpenOffice) -> None:
    app = ListApp(await open_office(customers=[{"display_name": "[/b] [VIP] Bobby"}]))
    async with app.run_test(size=(80, 24)) as pilot:
        box(app).post_message(Paste("[/b]\x1b[31m\n\u202eVIP " + "x" * 500))
        await settled(pilot)
        assert box(app).value.startswith("[/b][31m VIP xxx")
        assert len(box(app).value) == 200
        assert "Nobody matches" in shown(app.customers.driven)[1]
        await pilot.press("escape", *"bobby")
        await settled(pilot)
        assert "[/b] [VIP] Bobby" in shown(app.customers.driven)[0]


async def test_when_the_session_has_ended_the_sign_in_is_shown(open_office: OpenOffice) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        office.server.database.write_now(lambda connection: connection.execute(delete(sessions)))
        await pilot.press("x")
        await until(lambda: isinstance(app.screen, SignInScreen), pilot, 10)


async def test_a_box_that_is_told_to_close_twice_leaves_the_list_alone(open_office: OpenOffice) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for key in ("f7", "f3", "question_mark"):
            await pilot.press(key)
            await burst(pilot, "escape", "escape", "enter", "enter")
            await pilot.pause(0.05)
            assert isinstance(app.screen, CustomersScreen)


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_pressed_however_the_link_does_the_list_ends_up_right(
    open_office: OpenOffice, seed: int
) -> None:
    office = await open_office()
    app = ListApp(office)
    dice = Random(seed)  # noqa: S311 - the same keys in every run
    keys = [*"saj0é王 ", "backspace", "up", "down", "pagedown", "enter", "escape", "tab", "home"]
    keys += ["ctrl+home", "ctrl+end", "ctrl+t", "ctrl+r", "ctrl+u", "f3", "f7", "question_mark", "delete"]
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for _ in range(25):
            for key in dice.choices(keys, k=6):
                app.post_message(Key(key, key if len(key) == 1 else None))
            office.link.down = dice.random() < 0.2
            await pilot.pause(dice.choice((0, 0.02, 0.1)))
        office.link.down = False
        for _ in range(9):
            await pilot.press("escape")
        assert isinstance(app.screen, CustomersScreen)
        for _ in range(3):
            await pilot.press("escape")
        await pilot.press("ctrl+u", *"0958")
        if app.customers.search.failed:
            await pilot.press("enter")
        await settled(pilot, 10)
        assert names(app) == ["Joanna Smith"]
        app.opened.clear()
        await pilot.press("enter")
        assert [row.display_name for row in app.opened] == ["Joanna Smith"]


async def test_when_the_link_is_back_the_list_is_there_without_a_key(open_office: OpenOffice) -> None:
    office = await open_office()
    office.link.down = True
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: "cannot be reached" in status(app), pilot, 10)
        office.link.down = False
        await until(lambda: len(names(app)) == 5 and "new" in footer(app), pilot, 10)
        assert status(app) == ""


async def test_while_the_link_stays_down_nothing_is_said_twice(open_office: OpenOffice) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        office.link.down = True
        await pilot.press("s")
        await until(lambda: "cannot be reached" in status(app), pilot, 10)
        app.customers.say("")
        generation = app.customers.search.generation
        await pilot.pause(2.5)
        assert (status(app), app.customers.search.generation) == ("", generation)

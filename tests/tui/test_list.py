"""The list screen: finding, opening, moving on, against the real server."""

import time
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete
from textual.events import Key, Paste

from server.store.tables import sessions
from tests.tui.conftest import OpenOffice
from tests.tui.office import ListApp, box, burst, counts, footer, names, settled, shown, status
from tui.screens.customers import CustomersScreen
from tui.screens.help import HelpScreen
from tui.screens.sign_in import SignInScreen
from tui.services.search_words import SEARCHING
from tui.widgets.find_line import TitleLine

MANY = tuple({"given_name": f"Ann{number:03}", "family_name": "Smith"} for number in range(65))


async def until(condition: Any, pilot: Any, seconds: float = 3.0) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, status(pilot.app)
        await pilot.pause(0.005)


@pytest.mark.feature("F1.1")
async def test_the_first_screen_shows_the_newest_customers_in_columns_with_their_count(
    open_office: OpenOffice,
) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await until(lambda: "Test desk" in shown(app.screen.query_one(TitleLine))[0], pilot)
        lines = shown(app.customers.driven)
        assert lines[0] == "▸ 5     Joanna Smith          020 7946 0958      Bristol     Active     donor +1"
        assert [line.split()[0] for line in lines[1:5]] == ["4", "3", "2", "1"]
        assert "Blocked !" in lines[1]
        assert counts(app) == "5 customers"
        assert "staff@office" in shown(app.screen.query_one(TitleLine))[0]


@pytest.mark.feature("F1.2")
async def test_letters_and_digits_search_at_once(open_office: OpenOffice) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for typed, found in (
            ("perez jose", ["José Pérez"]),
            ("0958", ["Joanna Smith"]),
            ("+44 20 7946 0777", ["Joanna Smith"]),
            ("jose.perez@", ["José Pérez"]),
            ("vip", ["Joanna Smith"]),
            ("sal", ["Ann Salem", "Ray Smithson"]),
            ("小明", ["王小明"]),
        ):
            await pilot.press("ctrl+u")
            await burst(pilot, *typed)
            await settled(pilot)
            assert names(app) == found, typed
        assert counts(app) == "1 of 5"


@pytest.mark.parametrize("size", [(40, 10), (60, 15), (200, 60)])
async def test_every_size_of_terminal_finds_and_opens(open_office: OpenOffice, size: tuple[int, int]) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.resize_terminal(*size)
        await burst(pilot, *"0958")
        await settled(pilot)
        first = shown(app.customers.driven)[0]
        assert "Joanna Smith" in first
        assert "020 7946 0958" in first
        assert ("joanna@example.org" in first) == (size[0] == 200)
        await pilot.press("enter")
        assert len(app.opened) == 1


@pytest.mark.feature("F1.3")
async def test_a_typo_still_finds_the_customer(open_office: OpenOffice) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"smihtson")
        await settled(pilot)
        assert names(app) == ["Ray Smithson"]


@pytest.mark.feature("F1.2")
async def test_a_stale_answer_never_replaces_a_newer_one(open_office: OpenOffice) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        office.link.hold('"q":"s"')
        await pilot.press("s")
        await until(lambda: any('"q":"s"' in body for body in office.link.searches), pilot)
        await pilot.press(*"mithson")
        await settled(pilot)
        office.link.release('"q":"s"')
        await pilot.pause(0.05)
        assert names(app) == ["Ray Smithson"]


@pytest.mark.feature("F1.2")
async def test_typing_never_waits_and_five_quick_letters_are_one_request(open_office: OpenOffice) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        office.link.hold()
        before = len(office.link.searches)
        await burst(pilot, *"smith")
        assert box(app).value == "smith"
        await until(lambda: counts(app) == SEARCHING, pilot)
        assert len(office.link.searches) == before + 1
        office.link.release()
        await settled(pilot)
        assert names(app) == ["Joanna Smith", "Ray Smithson"]


async def test_a_letter_taken_back_shows_the_rows_from_before_without_asking(open_office: OpenOffice) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("s", "m", "x"):
            await pilot.press(key)
            await settled(pilot)
        asked = len(office.link.searches)
        await pilot.press("backspace")
        assert names(app) == ["Joanna Smith", "Ray Smithson"]
        await pilot.pause(0.1)
        assert len(office.link.searches) == asked


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


@pytest.mark.feature("F1.2")
async def test_enter_right_after_typing_opens_what_was_typed(open_office: OpenOffice) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        office.link.hold()
        await burst(pilot, *"jose", "enter")
        await pilot.pause(0.1)
        assert app.opened == []
        office.link.release()
        await until(lambda: app.opened, pilot)
        assert [row.display_name for row in app.opened] == ["José Pérez"]


async def test_moves_and_enter_typed_ahead_count_from_the_rows_that_come(open_office: OpenOffice) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("down", "down")
        office.link.hold()
        await burst(pilot, *"sal", "down", "enter")
        office.link.release()
        await until(lambda: app.opened, pilot)
        assert [row.display_name for row in app.opened] == ["Ray Smithson"]


@pytest.mark.parametrize("key", ["escape", "x"])
async def test_esc_and_more_typing_break_off_an_opening(open_office: OpenOffice, key: str) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        office.link.hold()
        await pilot.press(*"jose", "enter", key)
        office.link.release()
        await settled(pilot)
        await pilot.pause(0.05)
        assert app.opened == []


async def test_the_marker_starts_at_the_best_match_of_a_new_search(open_office: OpenOffice) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("down")
        assert app.customers.driven.customer is not None
        assert app.customers.driven.customer.display_name == "Ray Smithson"
        await pilot.press(*"smi")
        await settled(pilot)
        assert app.customers.driven.customer.display_name == "Joanna Smith"
        assert [line[0] for line in shown(app.customers.driven)[:2]] == ["▸", " "]


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


@pytest.mark.feature("F1.1")
async def test_long_lists_come_page_by_page_while_the_marker_moves_down(open_office: OpenOffice) -> None:
    office = await open_office(customers=MANY)
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert len(names(app)) == 20
        for _ in range(8):
            await pilot.press("pagedown")
            await settled(pilot)
            await pilot.pause(0.05)
        assert len(names(app)) == 65
        assert len(set(names(app))) == 65
        assert app.customers.driven.customer is not None
        assert app.customers.driven.customer.display_name == "Ann000 Smith"
        assert all('"limit":20' in body for body in office.link.searches)
        assert counts(app) == "65 customers"


async def test_one_step_down_paints_two_lines_and_asks_nothing(open_office: OpenOffice) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.pause(0.1)
        painted: list[int] = []
        drawn = app.customers.driven.render_line

        def noting(y: int) -> Any:
            painted.append(y)
            return drawn(y)

        app.customers.driven.render_line = noting  # type: ignore[method-assign]
        asked = len(office.link.asked)
        await pilot.press("down")
        await pilot.pause()
        assert sorted(set(painted)) == [0, 1]
        assert len(office.link.asked) == asked


async def test_the_question_mark_is_help_and_never_text(open_office: OpenOffice) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", "question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        assert box(app).value == "a"


async def test_letters_typed_on_the_list_go_to_the_search(open_office: OpenOffice) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("tab", "j", "o", "s")
        await settled(pilot)
        assert box(app).value == "jos"
        assert names(app) == ["José Pérez"]


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


async def test_nobody_found_says_what_to_do(open_office: OpenOffice) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"qqqq", "enter")
        await settled(pilot)
        assert "Nobody matches “qqqq”." in shown(app.customers.driven)[1]
        await until(lambda: "nobody to open" in status(app), pilot)
        assert app.opened == []


@pytest.mark.feature("F12.4")
async def test_a_viewer_is_not_offered_what_only_staff_may_do(open_office: OpenOffice) -> None:
    app = ListApp(await open_office("viewer"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await until(lambda: app.desk.service.permissions, pilot)
        await pilot.pause()
        assert "new" not in footer(app)
        assert "filter" in footer(app)


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

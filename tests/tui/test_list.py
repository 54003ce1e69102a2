"""The list screen: finding customers as they are typed, against the real server."""

import pytest

from tests.tui.conftest import OpenOffice
from tests.tui.office import ListApp, box, burst, counts, footer, names, settled, shown, status, until
from tui.screens.help import HelpScreen
from tui.services.search_words import SEARCHING
from tui.widgets.find_line import TitleLine

MANY = tuple({"given_name": f"Ann{number:03}", "family_name": "Smith"} for number in range(65))


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


async def test_the_question_mark_is_help_and_never_text(open_office: OpenOffice) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", "question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        assert box(app).value == "a"


async def test_nobody_found_says_what_to_do(open_office: OpenOffice) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"qqqq", "enter")
        await settled(pilot)
        assert "Nobody matches this." in shown(app.customers.driven)[1]
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


async def test_a_letter_jumps_to_a_row_while_the_box_keeps_its_text(open_office: OpenOffice) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*"o'")
        await settled(pilot)
        await pilot.press("ctrl+y")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert (box(app).value, app.focused) == ("o'", box(app))
        await pilot.press("ctrl+u")
        await settled(pilot)
        await pilot.press("ctrl+y")
        await pilot.pause()
        await pilot.press("c")
        await pilot.pause()
        assert (app.customers.driven.cursor, box(app).value, app.focused) == (2, "", box(app))

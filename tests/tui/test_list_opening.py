"""Moving on the list and opening, also ahead of the answers."""

from typing import Any

import pytest

from tests.tui.conftest import OpenOffice
from tests.tui.office import ListApp, box, burst, names, settled, shown, until


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


async def test_letters_typed_on_the_list_go_to_the_search(open_office: OpenOffice) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("tab", "j", "o", "s")
        await settled(pilot)
        assert box(app).value == "jos"
        assert names(app) == ["José Pérez"]

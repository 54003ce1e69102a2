"""Recents and pins, order and filters, and the preview."""

from typing import Any

import pytest
from textual.screen import Screen

from client.models import CustomerRow
from tests.desk import MERGE_PATCH
from tests.tui.conftest import OpenOffice
from tests.tui.office import ListApp, box, counts, names, settled, shown, status, until
from tui.screens.customers import CustomersScreen
from tui.screens.filters import FiltersScreen
from tui.screens.pick import PickScreen
from tui.widgets.customer_list import ColumnHeads
from tui.widgets.preview import Preview


def seen(app: ListApp, name: str) -> None:
    row = CustomerRow(id=name, number=77, display_name=name, phone="+442079460111")
    app.desk.recents.opened(row.to_json())


@pytest.mark.feature("F1.5")
async def test_recent_customers_are_there_and_open_before_any_answer(
    open_office: OpenOffice,
) -> None:
    office = await open_office()
    office.link.down = True
    app = ListApp(office)
    app.desk.recents.opened({"id": "another version", "number": "a word"})
    seen(app, "Yara Recent")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert names(app) == ["Yara Recent"]
        await pilot.press("enter")
        assert [row.display_name for row in app.opened] == ["Yara Recent"]


@pytest.mark.feature("F1.5")
async def test_pinned_customers_come_first_with_a_star_then_recent_then_last_changed(
    open_office: OpenOffice,
) -> None:
    app = ListApp(await open_office())
    seen(app, "Yara Recent")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*"jose")
        await settled(pilot)
        await pilot.press("ctrl+t")
        assert "pinned" in status(app)
        await pilot.press("escape")
        await settled(pilot)
        lines = shown(app.customers.driven)
        assert [line.strip() for line in (lines[0], lines[3])] == [
            "Pinned and recently opened",
            "Last changed",
        ]
        assert "José Pérez ★" in lines[1]
        assert "Yara Recent" in lines[2]
        assert names(app).count("José Pérez") == 1
        await pilot.press("up", "up", "up", "ctrl+t")
        assert names(app)[0] == "Yara Recent"


@pytest.mark.feature("F1.5")
async def test_recent_customers_can_be_shown_alone_and_typing_leaves_them(
    open_office: OpenOffice,
) -> None:
    app = ListApp(await open_office())
    seen(app, "Yara Recent")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"joa")
        await settled(pilot)
        await pilot.press("ctrl+r")
        assert (names(app), counts(app), box(app).value) == (["Yara Recent"], "1 recent", "")
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert len(names(app)) == 6
        await pilot.press("f5", *"sale ann")
        await settled(pilot)
        assert names(app) == ["Ann Salem"]


@pytest.mark.feature("F1.1")
async def test_every_column_can_be_sorted_by(open_office: OpenOffice) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("f7", *"number", "enter")
        await settled(pilot)
        assert names(app) == ["Ann Salem", "José Pérez", "王小明", "Ray Smithson", "Joanna Smith"]
        assert "No.↑" in shown(app.screen.query_one(ColumnHeads))[0]
        assert counts(app).endswith("by number")
        await pilot.press("f7", *"name desc", "enter")
        await settled(pilot)
        assert names(app)[0] == "王小明"
        await pilot.press("escape")
        await settled(pilot)
        assert names(app)[0] == "Joanna Smith"


async def choose(pilot: Any, *keys: str) -> None:
    await pilot.press("enter")
    await until(lambda: isinstance(pilot.app.screen, PickScreen), pilot)
    await pilot.press(*keys)
    await until(lambda: isinstance(pilot.app.screen, FiltersScreen), pilot)


@pytest.mark.feature("F1.1")
async def test_filters_are_chosen_from_lists_said_in_words_and_cleared_by_one_key(
    open_office: OpenOffice,
) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("f3")
        await choose(pilot, *"block", "enter", "escape")
        await pilot.press("escape")
        await settled(pilot)
        assert (names(app), counts(app)) == (["Ray Smithson"], "1 of 5 · blocked")
        await pilot.press("ctrl+f", "c", "down", "down")
        await choose(pilot, *"vip", "enter", "escape")
        await pilot.press("escape")
        await settled(pilot)
        assert (names(app), counts(app)) == (["Joanna Smith"], "1 of 5 · vip")
        await pilot.press("escape")
        await settled(pilot)
        assert (len(names(app)), counts(app)) == (5, "5 customers")


@pytest.mark.feature("F1.1")
async def test_archived_customers_are_found_only_when_asked_for(open_office: OpenOffice) -> None:
    office = await open_office()
    async with office.server.client("staff") as client:
        found = await client.post("/v1/customers/search", json={"q": "salem ann"})
        archived = await client.post(f"/v1/customers/{found.json()['items'][0]['id']}/archive", json={})
        assert archived.status_code == 200, archived.text
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"sale ann")
        await settled(pilot)
        assert names(app) == []
        await pilot.press("f3", "down")
        await choose(pilot, *"only", "enter")
        await pilot.press("escape")
        await settled(pilot)
        assert names(app) == ["Ann Salem"]
        assert "Archived" in shown(app.customers.driven)[0]


async def test_back_on_the_list_rows_are_up_to_date_and_the_next_letter_begins_a_new_search(
    open_office: OpenOffice,
) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*"jose")
        await settled(pilot)
        found = app.customers.driven.customer
        assert found is not None
        await app.push_screen(Screen())
        async with office.server.client("staff") as client:
            headers = MERGE_PATCH | {"If-Match": "*"}
            path = f"/v1/customers/{found.id}"
            changed = await client.patch(path, json={"display_name": "José Núñez"}, headers=headers)
            assert changed.status_code == 200, changed.text
        app.pop_screen()
        await until(lambda: isinstance(app.screen, CustomersScreen) and names(app) == ["José Núñez"], pilot)
        assert box(app).value == "jose"
        await pilot.press(*"ann")
        assert box(app).value == "ann"


@pytest.mark.feature("F1.6")
async def test_wide_terminals_show_the_marked_customer_beside_the_list(open_office: OpenOffice) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await until(lambda: "Joanna Smith" in "\n".join(shown(app.screen.query_one(Preview))), pilot)
        await pilot.pause(0.3)
        asked = [path for method, path, _ in office.link.asked if path.startswith("/v1/customers/0")]
        assert not asked, "nobody has looked for anybody yet"
        await pilot.press("down", "up")
        await until(lambda: "1 Quay" in "\n".join(shown(app.screen.query_one(Preview))), pilot)
        text = "\n".join(shown(app.screen.query_one(Preview)))
        for part in ("Joanna Smith", "020 7946 0777", "joanna@example.org", "BS1 4DJ Bristol", "donor, vip"):
            assert part in text
        opened = [path for method, path, _ in office.link.asked if path.startswith("/v1/customers/0")]
        await pilot.press("down")
        assert "Ray Smithson" in shown(app.screen.query_one(Preview))[0], "the row is shown at once"
        await pilot.press("up", "down", "up")
        await pilot.pause(0.3)
        again = [path for method, path, _ in office.link.asked if path.startswith("/v1/customers/0")]
        assert again == opened, "a customer passed by is not fetched, one seen before not again"
        assert app.customers.driven.size.width >= 80


async def test_at_80_columns_nothing_is_fetched_for_a_preview(
    open_office: OpenOffice,
) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("down")
        await pilot.pause(0.3)
        assert not app.screen.query_one(Preview).display
        assert not [path for _, path, _ in office.link.asked if path.startswith("/v1/customers/0")]

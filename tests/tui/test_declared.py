"""A new tab is a declaration: nothing else has to know of it."""

from pathlib import Path

import pytest

from tests.live import LiveServer
from tests.tui.desks import at_desk
from tests.tui.test_profile import make_customer
from tui.services.desk import Desk
from tui.services.open_customer import OpenCustomer
from tui.tabs.all import TABS
from tui.tabs.records_page import RecordsPage, page_of
from tui.tabs.records_part import RecordsPart
from tui.tabs.reference_lists import LABELS
from tui.tabs.tab import Tab


def labels(opened: OpenCustomer, desk: Desk) -> RecordsPage:
    del opened
    return page_of(RecordsPart(LABELS, desk, heading=False))


@pytest.mark.feature("F2.2")
async def test_a_declared_list_of_records_is_fetched_shown_and_added_to(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = (TABS[0], Tab(name="tags", title="Tags", make=labels), *TABS[1:])
    monkeypatch.setattr("tui.screens.profile_tabs.TABS", declared)
    with live_server.client() as client:
        assert client.post("/v1/labels", json={"name": "a first one"}).status_code == 201
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("2")
        await person.sees("[2 Tags]")
        await person.sees("a first one")
        await person.press("a")
        await person.sees("Meaning")
        await person.type("a second one")
        await person.press("enter", "f2")
        await person.sees("Saved the label a second one")
        await person.press("f5")
        await person.sees("a second one")

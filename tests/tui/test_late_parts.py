"""The marker of a page whose parts come late: it begins on the first row and stays where it was put."""

import asyncio
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from client.collection import Answer
from client.customers import Customers
from client.models import CustomerDocument
from tests.live import LiveServer
from tests.tui.desks import at_desk
from tests.tui.test_forms_page import Desk
from tests.tui.test_profile import make_customer
from tui.forms.page import Page
from tui.forms.part import Part
from tui.tabs.records_part import RecordsPart
from tui.widgets.lines import Row, row


class Shelf(Part):
    """A part whose rows come when they come; items without rows are not shown."""

    def __init__(self, name: str, *items: Hashable) -> None:
        self.heading = name
        self.items: Sequence[Hashable] = items

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        del width, label_width
        return [row(f" {item}", key=item) for item in self.items]

    def come(self, *items: Hashable) -> None:
        self.items = items
        self.page.redraw()


@pytest.mark.feature("F2.2")
async def test_until_somebody_moves_it_the_marker_is_in_the_first_part_whatever_comes_first() -> None:
    upper, lower = Shelf("Upper"), Shelf("Lower", "pear")
    app = Desk(Page(upper, lower))
    async with app.run_test(size=(80, 24)):
        assert "▸  pear" in app.rows
        upper.come("apple", "plum")
        assert "▸  apple" in app.rows
        upper.come("cherry", "apple", "plum")
        assert "▸  apple" in app.rows, "a row above took the marker from the one that was read"


@pytest.mark.feature("F2.2")
async def test_the_marker_stays_on_the_chosen_row_and_in_its_part_when_that_row_goes() -> None:
    upper, lower, last = Shelf("Upper"), Shelf("Lower", "pear", "quince"), Shelf("Last", "fig")
    app = Desk(Page(upper, lower, last))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "up")
        upper.come(*"abcdefgh")
        assert "▸  pear" in app.rows
        lower.come("quince")
        assert "▸  quince" in app.rows
        upper.items = tuple("abcdefghijkl")
        lower.come("medlar")
        assert "▸  medlar" in app.rows, "the list that the marker was in has another row"
        lower.come()
        assert "▸  fig" in app.rows


@pytest.mark.feature("F2.2", "F6.2")
async def test_a_key_pressed_before_the_first_list_has_come_never_reaches_a_lower_one(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer(live_server, status="active")
    came = asyncio.Event()
    really = Customers.open

    async def late(own: Customers, customer_id: str, **asked: Any) -> Answer[CustomerDocument]:
        answer = await really(own, customer_id, **asked)
        include: Iterable[str] = asked.get("include", ())
        if "memberships" in include:
            await came.wait()
        return answer

    monkeypatch.setattr(Customers, "open", late)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.tab("memberships")
        await person.sees("▸  Loading…")
        page = person.app.screen.widgets["memberships"]  # type: ignore[attr-defined]
        memberships, cards, *_ = page.parts
        assert isinstance(cards, RecordsPart)
        cards.show([])
        await person.sees("No gift cards.")
        await person.press("enter", "a")
        assert "What it was bought for" not in person.screen, "it went to the gift cards"
        assert page.marked[0] is memberships
        await person.press("down")
        assert page.marked[0] is cards
        came.set()
        await person.sees("No memberships.")
        assert page.marked[0] is cards
        assert "▸  No gift cards." in person.screen

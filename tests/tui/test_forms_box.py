"""A form in a box: filled in from top to bottom, saved by the caller, never lost."""

import asyncio
from typing import Any

import pytest
from textual import on
from textual.widgets import Input

from client.errors import FieldError, Invalid, Unreachable
from client.models import Label, Note
from client.models.customer import Address
from tests.tui.bare_app import BareApp
from tui.forms.form_screen import FormScreen
from tui.forms.formats import Formats
from tui.forms.page import Page
from tui.forms.state import FormState
from tui.widgets.footer import KeyLine, StatusLine
from tui.widgets.lines import LineList, Lines, Row, row

FORMATS = Formats(dates="en_GB", numbers="en_GB", country="GB", time_zone="Europe/London")
LABEL = ("name", "color", "description")


class Desk(BareApp[None]):
    def __init__(self, form: FormScreen) -> None:
        super().__init__()
        self.form = form
        self.results: list[Any] = []
        self.leaked: list[object] = []

    def on_mount(self) -> None:
        self.push_screen(self.form, self.results.append)

    @on(Page.Edited)
    @on(Input.Changed)
    def _leak(self, event: object) -> None:
        self.leaked.append(event)

    @property
    def rows(self) -> list[str]:
        page = self.form.page
        return [page.render_line(y).text.rstrip() for y in range(page.size.height)]

    @property
    def said(self) -> str:
        return self.form.query_one(StatusLine).said


def a_label(base: dict[str, Any] | None = None) -> FormState:
    return FormState(Label, base or {}, FORMATS, new=base is None)


async def test_a_form_is_filled_in_with_enter_alone_and_gives_what_was_typed() -> None:
    app = Desk(FormScreen("New label", a_label(), LABEL))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"donor", "enter", "enter", *"teal", "enter", *"Gives money", "enter", "f2")
        assert app.results == [[{"name": "donor", "color": "teal", "description": "Gives money"}]]


async def test_typing_begins_at_once_and_enter_goes_on_in_the_next_field() -> None:
    app = Desk(FormScreen("Branch", FormState(Address, {}, FORMATS, new=True), ("line1", "city", "country")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"12 High St", "enter", *"London", "enter", *"uk", "enter", "ctrl+s")
        assert app.results == [[{"line1": "12 High St", "city": "London", "country": "GB"}]]


async def test_the_box_is_as_high_as_its_fields_and_grows_for_an_error() -> None:
    app = Desk(FormScreen("New label", a_label(), LABEL))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.form.page.size.height == 3
        await pilot.press("f2")
        await pilot.pause()
        assert app.rows == [
            "▸  Name     -",
            "            This cannot be empty.",
            "   Colour   Gray",
            "   Meaning  -",
        ]
        assert app.said == "Not yet: look at Name."
        assert app.results == []


async def test_the_box_grows_for_what_the_server_says_too() -> None:
    app = Desk(FormScreen("New label", a_label(), LABEL))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab")
        app.form.state.refuse("/name", "There is a label of this name.")
        app.form.page.redraw()
        await pilot.pause()
        assert app.rows[1].strip() == "There is a label of this name."
        assert len(app.rows) == 4


@pytest.mark.parametrize("size", [(40, 10), (80, 24)])
async def test_the_keys_stay_in_sight_when_the_form_is_longer_than_the_screen(size: tuple[int, int]) -> None:
    names = tuple(Address.model_fields)
    app = Desk(FormScreen("Address", FormState(Address, {}, FORMATS, new=True), names))
    async with app.run_test(size=size) as pilot:
        for _ in names:
            await pilot.press("tab")
            foot = app.form.query_one(KeyLine)
            assert app.screen.region.contains_region(foot.region)
            assert foot.size.height == 1
            assert app.screen.region.contains_region(app.form.page.region)
            assert any(line.startswith("▸") for line in app.rows)


async def test_leaving_keeps_what_was_typed_in_the_callers_draft() -> None:
    drafts: list[dict[str, Any]] = []
    form = a_label()
    app = Desk(FormScreen("New label", form, LABEL, on_edited=drafts.append))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"dono", "escape")
        assert app.results == [None]
        assert drafts[-1] == form.to_draft()
        again = a_label()
        again.from_draft(drafts[-1])
        assert again.value == {"name": "dono"}
        assert app.leaked == []


@pytest.mark.feature("F1.7")
async def test_the_servers_refusal_stands_at_the_field_and_the_form_stays_open() -> None:
    form = a_label()
    tries: list[dict[str, Any]] = []

    async def submit() -> Any:
        tries.append(form.value)
        if len(tries) == 1:
            refused = Invalid()
            refused.errors = (FieldError("/name", "name_taken", "There is a label of this name."),)
            raise refused
        return "made"

    app = Desk(FormScreen("New label", form, LABEL, submit=submit))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"vip", "f2")
        await pilot.pause()
        assert app.results == []
        assert app.rows[:2] == ["▸ *Name     vip", "            There is a label of this name."]
        await pilot.press("e", "2", "f2")
        await pilot.pause()
        assert app.results == ["made"]
        assert tries == [{"name": "vip"}, {"name": "vip2"}]


async def test_a_refusal_of_something_that_is_not_in_the_form_is_told_below_it() -> None:
    async def submit() -> Any:
        refused = Invalid()
        refused.errors = (FieldError("/owner", "missing", "A label needs an owner."),)
        raise refused

    app = Desk(FormScreen("New label", a_label(), LABEL, submit=submit))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"vip", "f2")
        await pilot.pause()
        assert app.said == "A label needs an owner."


async def test_a_lost_link_is_told_and_nothing_typed_is_lost() -> None:
    async def submit() -> Any:
        raise Unreachable

    app = Desk(FormScreen("New label", a_label(), LABEL, submit=submit))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"vip", "f2")
        await pilot.pause()
        assert app.said.startswith("The server cannot be reached.")
        assert app.rows[0] == "▸ *Name     vip"


async def test_a_slow_save_is_visible_taken_once_and_can_be_left() -> None:
    tries: list[str] = []

    async def submit() -> Any:
        tries.append("once")
        await asyncio.Event().wait()

    app = Desk(FormScreen("New label", a_label(), LABEL, submit=submit))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"vip", "f2", "f2")
        await pilot.pause(0.4)
        assert app.said == "Saving… Esc stops waiting."
        assert tries == ["once"]
        await pilot.press("escape")
        await pilot.pause()
        assert app.results == []
        assert app.said.startswith("Stopped waiting.")
        await pilot.press("escape")
        assert app.results == [None]


class Duplicates(LineList):
    DEFAULT_CSS = "FormScreen .box > Duplicates { height: 1; }"

    def build(self, width: int) -> list[Row]:
        del width
        return [row("1042 Joanna Smith has this number", key="c1")]


async def test_a_caller_can_show_what_it_finds_out_below_the_fields() -> None:
    found = Duplicates(classes="found")
    app = Desk(FormScreen("New note", FormState(Note, {}, FORMATS, new=True), ("pinned",), extra=found))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert isinstance(found, Lines)
        assert found.region.y >= app.form.page.region.bottom
        assert found.render_line(0).text.strip().endswith("Joanna Smith has this number")


async def test_what_was_wrong_is_no_longer_said_once_it_is_right() -> None:
    app = Desk(FormScreen("New label", a_label(), LABEL))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        assert app.said == "Not yet: look at Name."
        await pilot.press("e", *"donor", "enter")
        assert app.said == ""

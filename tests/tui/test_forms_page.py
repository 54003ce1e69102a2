"""The page of a form: fields and lists drawn by lines, a text box over the one being typed in."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pytest
from textual import events, on
from textual.app import ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from client.errors import Unreachable
from client.models import Customer, Note
from client.models.written import patch_model
from tests.tui.bare_app import BareApp
from tui.commands import Command
from tui.forms.editor import LineEditor, ParagraphEditor
from tui.forms.formats import Formats
from tui.forms.items_part import ItemsPart
from tui.forms.page import Page
from tui.forms.part import FieldsPart
from tui.forms.state import FormState
from tui.screens.base import AppScreen
from tui.widgets.footer import KeyLine, StatusLine

FORMATS = Formats(dates="en_GB", numbers="en_GB", country="GB", time_zone="Europe/London")
JOANNA: dict[str, Any] = {
    "id": "c1",
    "version": 3,
    "number": 1042,
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
    "display_name": "Joanna Smith",
    "given_name": "Joanna",
    "status": "active",
    "access": "allowed",
    "born_on": "1985-03-12",
    "branch_id": "b2",
    "phones": [{"id": "p1", "number": "+442079460958", "type": "home", "is_primary": True}],
    "emails": [],
}
NAMES = ("number", "given_name", "family_name", "born_on", "status", "branch_id", "mail_opt_out")


async def branches(collection: str) -> Sequence[tuple[str, str]]:
    assert collection == "branches"
    return [("b1", "Downtown"), ("b2", "Riverside")]


async def nobody_answers(collection: str) -> Sequence[tuple[str, str]]:
    raise Unreachable


class Desk(BareApp[None]):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.edited: list[str] = []
        self.copied: list[str] = []

    def on_mount(self) -> None:
        self.push_screen(Sheet(self.page))

    @on(Page.Edited)
    def _edited(self, event: Page.Edited) -> None:
        self.edited.append(event.field)

    @on(Page.CopyAsked)
    def _copy_asked(self, event: Page.CopyAsked) -> None:
        self.copied.append(event.text)

    @on(Page.HistoryAsked)
    def _history_asked(self, event: Page.HistoryAsked) -> None:
        self.copied.append(event.pointer)

    @property
    def rows(self) -> list[str]:
        return [self.page.render_line(y).text.rstrip() for y in range(self.page.size.height)]

    @property
    def foot(self) -> str:
        return self.screen.query_one(KeyLine).render_line(0).text


class WriteNote(Command):
    """Write a note."""

    keys = "n"
    footer = "note"


class Sheet(AppScreen[None]):
    OFFERS = (WriteNote,)

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page

    def compose_body(self) -> ComposeResult:
        yield self.page

    def on_mount(self) -> None:
        self.page.focus()


def joanna(**more: Any) -> FormState:
    return FormState(Customer, JOANNA | more, FORMATS)


def desk_of(form: FormState, **options: Any) -> Desk:
    parts = (FieldsPart("Person", form, NAMES), ItemsPart("Phone", form, "phones"))
    return Desk(Page(*parts, references=branches, **options))


async def settled(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_fields_are_shown_with_labels_groups_and_a_dash_for_nothing() -> None:
    app = desk_of(joanna())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert app.rows[:11] == [
            "  Person",
            "▸  Number            1042",
            "   First name        Joanna",
            "   Last name         -",
            f"   Date of birth     {app.page.parts[0].state.shown('born_on')}",  # type: ignore[attr-defined]
            "   Status            Active",
            "   Preferred branch  Riverside",
            "   No post           no",
            "",
            "  Phone",
            "   Home              020 7946 0958   primary",
        ]


@pytest.mark.feature("F3.1")
async def test_edit_type_tab_type_is_all_it_takes() -> None:
    form = joanna()
    app = desk_of(form)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "e", *"-May", "tab", *"Smith", "tab", "ctrl+u", *"3.4.86", "enter")
        assert form.changed == {
            "given_name": "Joanna-May",
            "family_name": "Smith",
            "born_on": "1986-04-03",
        }
        assert app.rows[2:5] == [
            "  *First name        Joanna-May",
            "  *Last name         Smith",
            f"  *Date of birth     {form.shown('born_on')}",
        ]
        assert app.focused is app.page
        assert app.page.marked == (app.page.parts[0], "status")
        assert set(app.edited) == {"given_name", "family_name", "born_on"}


async def test_the_text_box_lies_exactly_over_the_value_and_has_the_cursor_at_its_end() -> None:
    app = desk_of(joanna())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "e")
        box = app.screen.query_one(LineEditor)
        assert app.focused is box
        assert box.region.offset == (21, 2)
        assert box.region.width == 59
        assert (box.value, box.cursor_position) == ("Joanna", 6)
        assert not box.cursor_blink


async def test_the_marker_stays_while_a_field_is_typed_in() -> None:
    form = joanna()
    app = desk_of(form)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "e", "pagedown", "pageup", "insert")
        assert app.page.marked == (app.page.parts[0], "given_name")
        assert app.focused is app.screen.query_one(LineEditor)


async def test_the_text_box_goes_with_a_field_that_is_shown_no_more() -> None:
    form = joanna()
    part = FieldsPart("", form, NAMES)
    app = Desk(Page(part))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "e", "x")
        part.names = ("number", "status")
        app.page.redraw()
        await pilot.pause()
        assert app.focused is app.page
        assert not app.screen.query(LineEditor)
        assert form.changed == {"given_name": "Joannax"}


async def test_every_letter_reaches_the_form_before_the_next_key() -> None:
    form = joanna()
    app = desk_of(form)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "e", "x")
        assert form.changed == {"given_name": "Joannax"}
        assert app.edited == ["given_name"]


@pytest.mark.feature("F3.1")
async def test_what_cannot_be_read_stays_with_its_error_right_under_the_field() -> None:
    form = joanna()
    app = desk_of(form)
    async with app.run_test(size=(80, 24)) as pilot:
        app.page.mark((0, "born_on"))
        await pilot.press("e", "ctrl+u", *"31.2.85")
        assert "no such day" not in "\n".join(app.rows)
        await pilot.press("escape")
        assert app.rows[4:6] == [
            "▸ *Date of birth     31.2.85",
            "                     There is no such day; write it like 12/03/1985.",
        ]
        await pilot.press("u")
        assert not form.is_dirty
        assert app.rows[5].startswith("   Status")


async def test_help_for_the_field_stands_on_the_status_line_while_typing() -> None:
    app = desk_of(joanna())
    async with app.run_test(size=(80, 24)) as pilot:
        app.page.mark((0, "born_on"))
        await pilot.press("e")
        assert app.screen.query_one(StatusLine).said == "Such as 12/03/1985, 12 Mar 1985 or 120385."
        await pilot.press("escape")
        assert app.screen.query_one(StatusLine).said == ""


async def test_the_foot_names_only_what_works_on_the_marked_row() -> None:
    app = desk_of(joanna())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "e edit" not in app.foot
        await pilot.press("down")
        assert "e edit" in app.foot
        assert "n note" in app.foot
        assert "u undo" not in app.foot
        await pilot.press("e", "x")
        assert "Esc stop" in app.foot
        assert "e edit" not in app.foot
        assert "n note" not in app.foot
        await pilot.press("escape")
        assert "u undo" in app.foot


async def test_nothing_can_be_changed_where_the_form_is_read_only() -> None:
    form = FormState(Customer, JOANNA, FORMATS, read_only=True)
    app = desk_of(form)
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(9):
            await pilot.press("e", "enter", "a", "d", "p", "space", "u", "down")
        assert not form.is_dirty
        assert len(app.screen_stack) == 2


async def test_a_choice_is_picked_with_its_meanings_or_changed_in_place() -> None:
    form = joanna()
    app = desk_of(form)
    async with app.run_test(size=(80, 24)) as pilot:
        app.page.mark((0, "status"))
        await pilot.press("enter", *"denied", "enter")
        await pilot.pause()
        assert form.changed == {"status": "blocked"}
        app.page.mark((0, "status"))
        await pilot.press("space")
        assert form.changed == {"status": "new"}


async def test_yes_and_no_are_switched_in_place() -> None:
    form = joanna()
    app = desk_of(form)
    async with app.run_test(size=(80, 24)) as pilot:
        app.page.mark((0, "mail_opt_out"))
        await pilot.press("e")
        assert form.changed == {"mail_opt_out": True}
        await pilot.press("space")
        assert not form.is_dirty


async def test_a_reference_is_picked_by_name_and_can_be_none() -> None:
    form = joanna()
    app = desk_of(form)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.page.mark((0, "branch_id"))
        await pilot.press("e")
        await settled(pilot)
        await pilot.press(*"down", "enter")
        await pilot.pause()
        assert form.changed == {"branch_id": "b1"}
        app.page.mark((0, "branch_id"))
        await pilot.press("e")
        await settled(pilot)
        await pilot.press(*"none", "enter")
        await pilot.pause()
        assert form.changed == {"branch_id": None}


async def test_references_that_cannot_be_fetched_are_told_and_change_nothing() -> None:
    form = joanna()
    app = Desk(Page(FieldsPart("", form, ("branch_id",)), references=nobody_answers))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("e")
        await settled(pilot)
        assert app.screen.query_one(StatusLine).said.startswith("The server cannot be reached.")
        assert len(app.screen_stack) == 2
        assert not form.is_dirty


async def test_copy_gives_the_text_and_history_the_pointer() -> None:
    app = desk_of(joanna())
    async with app.run_test(size=(80, 24)) as pilot:
        app.page.mark((0, "born_on"))
        await pilot.press("y", "h")
        app.page.mark((1, 0))
        await pilot.press("y", "h")
        assert app.copied == ["12/03/1985", "/born_on", "020 7946 0958", "/phones"]


async def test_a_paragraph_is_typed_in_several_lines() -> None:
    form = FormState(Note, {"body": "One"}, FORMATS)
    app = Desk(Page(FieldsPart("", form, ("body", "pinned"))))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        box = app.screen.query_one(TextArea)
        assert box.region.height == 4
        await pilot.press("enter", *"Two", "tab")
        assert form.changed == {"body": "One\nTwo"}
        assert app.rows[:3] == ["  *Note    One", "           Two", "▸  Pinned  no"]


@pytest.mark.parametrize("name", ["body", "given_name"])
async def test_a_text_box_that_was_taken_away_is_drawn_once_more_without_harm(name: str) -> None:
    form = FormState(Note, {"body": "One"}, FORMATS) if name == "body" else joanna()
    app = Desk(Page(FieldsPart("", form, (name,))))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        box = app.screen.query_one(LineEditor if name == "given_name" else ParagraphEditor)
        await box.remove()
        # A box that opens now draws what is behind it before that is laid out anew.
        assert [strip.text for strip in box.render_lines(Region(0, 0, 5, 2))] == ["     "] * 2


async def test_what_belongs_to_the_marked_field_comes_into_view_with_it() -> None:
    form = joanna()
    note = FormState(Note, {"body": "One"}, FORMATS)
    app = Desk(Page(FieldsPart("", form, NAMES[:4]), FieldsPart("", note, ("body",))))
    async with app.run_test(size=(60, 6)) as pilot:
        app.page.mark((0, "born_on"))
        await pilot.press("e", *"x", "escape")
        assert app.rows[2].startswith("▸ *Date of birth")
        assert "This is not a date" in app.rows[3]
        await pilot.press("down", "e")
        box = app.screen.query_one(TextArea)
        assert box.region.height == 4
        assert app.page.region.contains_region(box.region)


async def test_pasted_lines_are_joined_and_none_is_lost() -> None:
    form = joanna()
    app = desk_of(form)
    async with app.run_test(size=(80, 24)) as pilot:
        app.page.mark((0, "family_name"))
        await pilot.press("e")
        app.screen.query_one(LineEditor).post_message(events.Paste("Smith\r\n of Riverside\n"))
        await pilot.pause()
        assert form.get("family_name") == "Smith of Riverside"


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (24, 6)])
async def test_a_long_form_scrolls_with_the_field_being_typed_in_always_in_view(
    size: tuple[int, int],
) -> None:
    form = joanna()
    names = [name for name, field in form.fields.items() if field.typed and form.can_edit(name)]
    app = Desk(Page(FieldsPart("All", form, names), ItemsPart("Phone", form, "phones")))
    async with app.run_test(size=size) as pilot:
        await pilot.press("e")
        for name in names:
            box = app.screen.query_one(LineEditor)
            assert app.focused is box
            assert app.page.types_into(form, name)
            assert app.page.region.contains_region(box.region)
            assert box.region.width > 1
            assert app.rows[box.region.y - app.page.region.y].startswith("▸")
            await pilot.press("tab")


@pytest.mark.parametrize(
    "value",
    ["東京の友人" * 40, "x" * 100, "نص عربي طويل " * 15, "e\u0301" * 100, "👩‍👩‍👧" * 40, "a\tb\nc"],
    ids=["wide", "long", "right-to-left", "combining", "joined", "controls"],
)
async def test_values_of_every_script_stay_within_their_cells(value: str) -> None:
    app = desk_of(joanna(family_name=value[:5000], given_name=value * 20))
    async with app.run_test(size=(60, 24)) as pilot:
        await pilot.pause()
        strip = app.page.render_line(3)
        assert strip.cell_length == 60
        assert "\n" not in strip.text
        assert app.page.render_line(2).text.rstrip().endswith("…")


async def test_a_slow_reference_list_is_told_and_never_pops_up_elsewhere() -> None:
    answered = asyncio.Event()

    async def slowly(collection: str) -> Sequence[tuple[str, str]]:
        await answered.wait()
        return [("b1", "Downtown")]

    form = joanna(branch_id=None)
    app = Desk(Page(FieldsPart("", form, ("branch_id",)), references=slowly))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        await pilot.pause(0.4)
        assert app.screen.query_one(StatusLine).said == "Fetching…"
        elsewhere = Sheet(Page())
        app.push_screen(elsewhere)
        answered.set()
        await settled(pilot)
        assert app.screen is elsewhere


async def test_no_run_of_keys_breaks_the_form() -> None:
    keys = [
        *("up", "down", "home", "end", "tab", "shift+tab", "enter", "escape", "space", "backspace"),
        *("e", "a", "d", "p", "y", "u", "h", "x", "1", ".", "@", "東", "f2", "left", "ctrl+u", "pagedown"),
    ]
    chosen = random.Random(11)  # noqa: S311 - a test that can be repeated
    form = joanna()
    app = desk_of(form)
    async with app.run_test(size=(40, 12)) as pilot:
        for _ in range(120):
            await pilot.press(chosen.choice(keys))
            if not form.errors:
                patch_model(Customer).model_validate(form.changed)
            boxes = list(app.screen.query(LineEditor))
            assert not boxes or app.focused in boxes


# Lists


@pytest.mark.feature("F3.2")
async def test_a_phone_is_added_edited_made_primary_and_removed() -> None:
    form = joanna()
    app = desk_of(form)
    async with app.run_test(size=(80, 24)) as pilot:
        app.page.mark((1, 0))
        await pilot.press("a", *"+351 213 456 789", "f2")
        await pilot.pause()
        assert app.rows[10:12] == [
            "   Home              020 7946 0958   primary",
            "▸ *Mobile            +351 21 345 6789",
        ]
        await pilot.press("p")
        assert form.items("phones")[1]["is_primary"]
        await pilot.press("e", "tab", *"12", "f2")
        await pilot.pause()
        assert form.items("phones")[1]["extension"] == "12"
        assert app.rows[11] == "▸ *Mobile            +351 21 345 6789 ext. 12   primary"
        await pilot.press("d")
        assert app.screen.query_one(StatusLine).said == (
            "Removed +351 21 345 6789 ext. 12. u brings it back."
        )
        assert not form.dirty("phones")
        await pilot.press("u")
        assert len(form.items("phones")) == 2


@pytest.mark.feature("F3.3")
async def test_addresses_pasted_together_become_several() -> None:
    form = joanna()
    app = Desk(Page(ItemsPart("E-mail", form, "emails")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        app.screen.query_one(Input).post_message(
            events.Paste("a@example.org\nRay <r@example.org>; k@example.org")
        )
        await pilot.press("tab", "tab", "tab", "space", "f2")
        await pilot.pause()
        assert form.changed == {
            "emails": [
                {"address": "a@example.org", "for_billing": True, "is_primary": True},
                {"address": "r@example.org", "for_billing": True},
                {"address": "k@example.org", "for_billing": True},
            ]
        }


async def test_a_form_left_unfinished_is_offered_again_with_what_was_typed() -> None:
    form = joanna()
    app = desk_of(form)
    async with app.run_test(size=(80, 24)) as pilot:
        app.page.mark((1, 0))
        await pilot.press("a", *"020 79", "escape")
        await pilot.pause()
        assert len(app.screen_stack) == 2
        assert app.rows[11] == "  *New               not finished; e goes on, d drops it"
        again = joanna()
        again.from_draft(form.to_draft())
        assert again.item_drafts == form.item_drafts
        await pilot.press("a", *"46 0123", "f2")
        await pilot.pause()
        assert form.items("phones")[1]["number"] == "+442079460123"
        assert form.item_drafts == {}


async def test_a_refusal_of_an_item_stands_under_its_row() -> None:
    form = joanna()
    app = desk_of(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.refuse("/phones/0/number", "Nobody has this number.")
        app.page.redraw()
        await pilot.pause()
        assert app.rows[11] == "                     Nobody has this number."

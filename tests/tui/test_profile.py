"""The profile of a customer, driven by keyboard against a real server."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.strip import Strip

from client.customers import Customers
from client.remembering import RememberingTransport
from tests.live import LiveServer
from tests.tui.desks import at_desk
from tui.forms.page import Page
from tui.widgets.lines import Row


def make_customer(server: LiveServer, **members: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "given_name": "Joanna",
        "family_name": "Byrne",
        "phones": [{"number": "+442079460958", "type": "work"}],
        "emails": [{"address": "joanna@example.org"}],
    }
    with server.client() as client:
        answer = client.post("/v1/customers", json=given | members)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


def fetched(server: LiveServer, customer: dict[str, Any], part: str = "") -> dict[str, Any]:
    with server.client("admin") as client:
        found: dict[str, Any] = client.get(f"/v1/customers/{customer['id']}{part}").json()
        return found


def patch(server: LiveServer, customer: dict[str, Any], **members: Any) -> None:
    headers = {"If-Match": "*", "Content-Type": "application/merge-patch+json"}
    with server.client("admin") as client:
        answer = client.patch(f"/v1/customers/{customer['id']}", json=members, headers=headers)
        assert answer.status_code == 200, answer.text


def make_branch(server: LiveServer, name: str) -> str:
    with server.client("admin") as client:
        return str(client.post("/v1/branches", json={"name": name}).json()["id"])


@pytest.mark.feature("F2.1")
async def test_the_header_names_the_customer_and_what_to_mind(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server, status="blocked", mail_opt_out=True, email_opt_out=True)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.tab("activity")
        await person.sees("Joanna Byrne")
        first, second = person.screen.splitlines()[:2]
        assert str(customer["number"]) in first
        assert "Blocked" in first
        assert first.endswith("BLOCKED  NO E-MAIL  NO POST")
        assert "020 7946 0958" in second
        assert "joanna@example.org" in second


@pytest.mark.feature("F2.2")
async def test_digits_and_brackets_change_tabs(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("2")
        await person.sees("[2 Contact]")
        await person.press("right_square_bracket")
        await person.sees("[3 People]")
        await person.press("left_square_bracket", "left_square_bracket")
        await person.sees("[1 View")


@pytest.mark.feature("F2.2")
async def test_several_customers_stay_open_and_the_switcher_brings_each_back(
    live_server: LiveServer, tmp_path: Path
) -> None:
    first = make_customer(live_server, given_name="Edith", family_name="Marlowe")
    second = make_customer(live_server, given_name="Oskar", family_name="Blom")
    async with at_desk(live_server, tmp_path, open_customer=first["id"]) as person:
        await person.press("2", "down", "e")
        await person.type("x")
        await person.press("enter")
        person.app.open_customer(second["id"])
        await person.sees("Oskar Blom")
        await person.press("f6")
        await person.sees("Edith Marlowe")
        await person.sees("unsaved")
        await person.press("enter")
        await person.sees("Edithx")
        await person.sees("[2 Contact]")


@pytest.mark.feature("F3.1")
async def test_a_field_is_edited_and_saved_and_the_change_taken_back(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("2", "down", "e")
        await person.type(" Maria")
        await person.press("enter")
        await person.sees("1 unsaved")
        await person.press("f2")
        await person.sees("Saved")
        assert fetched(live_server, customer)["given_name"] == "Joanna Maria"
        await person.press("u")
        await person.sees("Taken back")
        assert fetched(live_server, customer)["given_name"] == "Joanna"


async def test_what_was_changed_before_a_note_is_not_taken_back_by_the_key_for_the_last_change(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("2", "down", "e")
        await person.type(" Maria")
        await person.press("enter", "f2")
        await person.sees("u takes it back")
        await person.press("n")
        await person.sees("Seen by")
        await person.type("Rang about the keys.")
        await person.press("f2")
        await person.sees("Saved the note")
        await person.press("u")
        await person.pilot.pause(0.5)
        assert fetched(live_server, customer)["given_name"] == "Joanna Maria"


@pytest.mark.feature("F3.2")
async def test_a_phone_typed_as_people_write_it_is_stored_as_e164(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("2", "down", "down", "down", "down", "down", "down", "a")
        await person.sees("Number")
        await person.type("(0161) 496-0231")
        await person.press("f2")
        await person.sees("0161 496 0231")
        await person.press("f2")
        await person.sees("Saved")
        phones = fetched(live_server, customer)["phones"]
        assert [phone["number"] for phone in phones] == ["+442079460958", "+441614960231"]
        assert [phone.get("is_primary", False) for phone in phones] == [True, False]


@pytest.mark.feature("F2.3")
async def test_a_status_is_set_where_its_meaning_is_shown(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("s")
        await person.sees("cannot book or sign in")
        await person.type("inact")
        await person.press("enter")
        await person.sees("Saved")
        assert fetched(live_server, customer)["status"] == "inactive"


@pytest.mark.feature("F9.3")
async def test_labels_are_put_on_with_a_tick(live_server: LiveServer, tmp_path: Path) -> None:
    with live_server.client("admin") as client:
        client.post("/v1/labels", json={"name": "opera lover"})
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("l")
        await person.sees("[ ]")
        await person.type("opera")
        await person.sees("[ ] opera lover")
        await person.press("enter")
        await person.sees("[x] opera lover")
        await person.press("escape")
        await person.sees("Saved")
        assert fetched(live_server, customer)["labels"] == ["opera lover"]


@pytest.mark.feature("F9.1")
async def test_a_note_is_written_with_one_key_from_any_tab(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.tab("activity")
        await person.press("n")
        await person.sees("Seen by")
        await person.type("Prefers calls after four")
        await person.press("f2")
        await person.sees("Saved")
        await person.press("1")
        await person.sees("Prefers calls after four")
        notes = fetched(live_server, customer, "/notes")["items"]
        assert [note["body"] for note in notes] == ["Prefers calls after four"]


@pytest.mark.feature("F9.1")
async def test_a_note_left_unfinished_is_there_again(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("n")
        await person.sees("Seen by")
        await person.type("Half a sent")
        await person.press("escape")
        await person.sees("kept for next time")
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("n")
        await person.sees("Half a sent")


@pytest.mark.feature("F9.4")
async def test_activity_shows_who_changed_what_and_can_be_narrowed_to_a_field(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    patch(live_server, customer, given_name="Johanna")
    patch(live_server, customer, company_name="Byrne & Co")
    branch = make_branch(live_server, "Quayside")
    patch(live_server, customer, branch_id=branch, language="pt-BR")
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.tab("activity")
        await person.sees("First name: Joanna → Johanna")
        await person.sees("Ada Admin changed")
        await person.sees("Stan Staff added")
        await person.sees("Preferred branch: Quayside")
        await person.sees("Language: Portuguese (Brazil)")
        await person.press("2", "down", "h")
        await person.sees("Only First name")
        await person.sees_no("Company")


@pytest.mark.feature("F11.3")
async def test_what_does_not_clash_is_merged_by_itself(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        patch(live_server, customer, company_name="Byrne & Co")
        await person.press("2", "down", "e")
        await person.type("h")
        await person.press("enter", "f2")
        await person.sees("together with what somebody else had changed: Company")
        now = fetched(live_server, customer)
        assert (now["given_name"], now["company_name"]) == ("Joannah", "Byrne & Co")


@pytest.mark.feature("F11.3")
@pytest.mark.parametrize(("side", "kept"), [("m", "Joannah"), ("t", "Johanna")])
async def test_a_real_clash_is_asked_about_and_both_values_are_shown(
    live_server: LiveServer, tmp_path: Path, side: str, kept: str
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        patch(live_server, customer, given_name="Johanna")
        await person.press("2", "down", "e")
        await person.type("h")
        await person.press("enter", "f2")
        await person.sees("First name")
        await person.sees("yours   Joannah")
        await person.sees("theirs  Johanna")
        await person.press(side, "f2")
        await person.sees("Saved")
        assert fetched(live_server, customer)["given_name"] == kept


@pytest.mark.feature("F11.3")
async def test_leaving_the_question_saves_nothing_and_loses_nothing(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        patch(live_server, customer, given_name="Johanna")
        await person.press("2", "down", "e")
        await person.type("h")
        await person.press("enter", "f2")
        await person.sees("yours   Joannah")
        await person.press("escape")
        await person.sees("your changes are kept")
        await person.sees("Joannah")
        assert fetched(live_server, customer)["given_name"] == "Johanna"


async def test_leaving_with_unsaved_typing_says_so_and_offers_it_again(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("2", "down", "e")
        await person.type("h")
        await person.press("escape", "escape")
        await person.sees("unsaved changes are kept")
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.sees("are back: F2 saves them")
        await person.press("f2")
        await person.sees("Saved")
        assert fetched(live_server, customer)["given_name"] == "Joannah"


async def test_bad_input_stands_at_its_field_and_is_not_sent(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("2", *["down"] * 9, "e")
        await person.type("31.2.1985")
        await person.press("enter")
        await person.press("f2")
        await person.sees("Nothing was saved")
        await person.sees("31.2.1985")
        assert "born_on" not in fetched(live_server, customer)


async def test_a_viewer_is_offered_nothing_that_writes(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, "viewer", open_customer=customer["id"]) as person:
        await person.press("2", "down")
        assert " edit" not in person.screen
        assert " note" not in person.screen.splitlines()[-1]
        await person.press("e", "n", "s")
        assert len(person.app.screen_stack) == 3


@pytest.mark.feature("F2.11")
async def test_a_field_is_copied_to_the_terminals_clipboard(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("2", "y")
        await person.sees("Sent to the terminal's clipboard: Joanna Byrne")


@pytest.mark.feature("F2.2")
async def test_a_profile_that_comes_behind_a_box_is_never_painted_without_its_facts(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer(live_server)
    seen: list[str] = []
    drawn = Page.draw

    def draw(self: Page, shown: Row) -> Strip:
        strip = drawn(self, shown)
        if shown.key is not None:
            seen.append(strip.text.strip())
        return strip

    monkeypatch.setattr(Page, "draw", draw)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        opened = Customers.open

        async def late(self: Customers, *arguments: Any, **more: Any) -> Any:
            if isinstance(self._transport, RememberingTransport):
                await asyncio.sleep(0.2)
            return await opened(self, *arguments, **more)

        other = make_customer(live_server, display_name="Zoe Late")
        monkeypatch.setattr(Customers, "open", late)
        await person.press("escape")
        await person.type("zoe late")
        await person.sees("Zoe Late")
        seen.clear()
        await person.press("enter", "f9", "escape", "s")
        await asyncio.sleep(0.5)
        await person.press("escape")
        await person.sees(f"{other['number']} Zoe Late")
        await person.sees("Status")
    assert seen
    assert all(len(text) > 2 for text in seen), "a marker alone says nothing"

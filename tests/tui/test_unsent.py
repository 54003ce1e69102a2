"""Saving with the link down: it is kept, shown as it will be, and sent by itself, once."""

from pathlib import Path
from typing import Any

import pytest

from tests.links import Link
from tests.live import LiveServer
from tests.tui.desks import Person, at_desk
from tests.tui.test_profile import fetched, make_customer, patch

pytestmark = pytest.mark.feature("F11.2")


async def give_middle_name(person: Person, name: str) -> None:
    await person.tab("contact")
    await person.sees("Middle name")
    if "▸ Middle name" not in person.screen:
        await person.press("home", "down", "down")
    await person.press("e", "ctrl+u")
    await person.type(name)
    await person.press("enter")
    await person.sees("1 unsaved")
    await person.press("f2")


async def write_note(person: Person, body: str) -> None:
    await person.press("n")
    await person.sees("The text.")
    await person.type(body)
    await person.press("f2")


def notes(server: LiveServer, customer: dict[str, Any]) -> list[str]:
    return [note["body"] for note in fetched(server, customer, "/notes")["items"]]


async def test_an_edit_is_kept_shown_as_it_will_be_and_saved_once_the_link_is_back(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(link.far, tmp_path, open_customer=customer["id"]) as person:
        await link.down()
        await give_middle_name(person, "Quentin")
        await person.sees("Kept on this machine; it is sent once the link is back.")
        await person.sees("1 unsent")
        assert "Quentin" in person.screen
        assert "unsaved" not in person.screen
        await give_middle_name(person, "Quincy")
        await person.sees("2 unsent")
        assert "middle_name" not in fetched(live_server, customer)
        await link.up()
        await person.sees_no("unsent", 20)
        await person.sees("Quincy")
        assert fetched(live_server, customer)["middle_name"] == "Quincy"
        # What was kept can be taken back like everything else.
        await person.press("u")
        await person.sees("Taken back")
        assert fetched(live_server, customer)["middle_name"] == "Quentin"


async def test_edits_survive_the_end_of_the_program_and_are_sent_at_the_next_start(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(link.far, tmp_path, open_customer=customer["id"]) as person:
        await link.down()
        await give_middle_name(person, "Quentin")
        await person.sees("1 unsent")
        await write_note(person, "rings at noon")
        await person.sees("2 unsent")
        assert person.app.unsent_at_the_end == (
            "2 edits wait on this machine and are sent at the next start.\n"
        )
    async with at_desk(link.far, tmp_path) as person:
        await person.sees("2 unsent")
        person.app.open_customer(customer["id"])
        await person.sees("rings at noon")
        await person.tab("contact")
        await person.sees("Quentin")
    await link.up()
    async with at_desk(link.far, tmp_path) as person:
        await person.may("customers:write")
        await person._until(
            lambda: notes(live_server, customer) == ["rings at noon"], "the note at the server", 20
        )
        await person._until(lambda: not person.app.desk.unsent, "nothing unsent", 20)
    assert fetched(live_server, customer)["middle_name"] == "Quentin"


async def test_two_programs_of_one_person_send_each_edit_once(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(link.far, tmp_path, open_customer=customer["id"]) as person:
        await link.down()
        for number in range(3):
            await write_note(person, f"note {number}")
            await person.sees(f"{number + 1} unsent")
        await person.tab("notes")
        await person.sees("note 2")
        await link.up()
        async with at_desk(link.far, tmp_path) as other:
            await person.sees_no("unsent", 20)
            await other.sees_no("unsent", 20)
            await person._until(lambda: person.screen.count("Stan Staff") >= 3, "the notes as saved", 20)
            await person.pilot.pause(0.5)
            assert [person.screen.count(f"note {number}") for number in range(3)] == [1, 1, 1]
    assert sorted(notes(live_server, customer)) == ["note 0", "note 1", "note 2"]


async def test_a_new_customer_waits_too(live_server: LiveServer, link: Link, tmp_path: Path) -> None:
    async with at_desk(link.far, tmp_path) as person:
        await person.may("customers:write")
        await link.down()
        await person.press("ctrl+n")
        await person.sees("The only thing that must be there.")
        await person.type("Wanda Waitley")
        await person.press("f2")
        await person.sees("Kept on this machine")
        await person.sees("1 unsent")
        await link.up()
        await person.sees_no("unsent", 20)
    with live_server.client() as client:
        found = client.get("/v1/customers", params={"q": "Wanda Waitley"}).json()["items"]
    assert [row["display_name"] for row in found] == ["Wanda Waitley"]


async def show_unsent(person: Person) -> None:
    await person.press("f9")
    await person.type("edits that wait")
    await person.sees("▸ Show edits that wait")
    await person.press("enter")
    await person.sees("Edits that wait for the link")


async def test_what_clashes_is_kept_told_and_asked(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(link.far, tmp_path, open_customer=customer["id"]) as person:
        await link.down()
        await give_middle_name(person, "Mine")
        await person.sees("1 unsent")
        patch(live_server, customer, middle_name="Theirs", status="blocked")
        await link.up()
        await person.sees("1 unsent, look", 20)
        assert "could not be saved" in person.status
        assert fetched(live_server, customer)["middle_name"] == "Theirs"
        await show_unsent(person)
        await person.sees("a colleague changed the same")
        await person.press("enter")
        await person.sees("( ) yours   Mine")
        await person.press("m", "f2")
        await person.sees("Nothing waits: everything is saved.")
    now = fetched(live_server, customer)
    assert (now["middle_name"], now["status"]) == ("Mine", "blocked")


async def test_a_refusal_is_told_and_the_edit_can_be_corrected_or_discarded(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    customer, other = make_customer(live_server), make_customer(live_server, status="inactive")
    async with at_desk(link.far, tmp_path, open_customer=customer["id"]) as person:
        await link.down()
        await give_middle_name(person, "Quentin")
        await person.sees("1 unsent")
        outgoing = person.app.desk.outgoing
        assert outgoing.outbox is not None
        (edit,) = outgoing.edits
        # As if the server had other rules than this program.
        outgoing.outbox.replace(
            type(edit)(
                **{name: getattr(edit, name) for name in edit.__dataclass_fields__ if name != "mine"}
                | {"mine": edit.mine | {"status": "nonsense"}}
            )
        )
        await link.up()
        await person.sees("1 unsent, look", 20)
        await show_unsent(person)
        await person.sees("refused: ")
        await person.press("o")
        await person.sees("Your unsaved changes from")
        assert not person.app.desk.unsent
        await person.tab("contact")
        await person.sees("1 unsaved")
        await person.press("f2")
        await person.sees("Saved")
        assert fetched(live_server, customer)["middle_name"] == "Quentin"

        person.app.open_customer(other["id"])
        await person.sees("[1 ")
        await link.down()
        await write_note(person, "too late")
        await person.sees("1 unsent")
        with live_server.client() as client:
            client.delete(f"/v1/customers/{other['id']}").raise_for_status()
        await link.up()
        await person.sees("1 unsent, look", 20)
        await show_unsent(person)
        await person.press("d")
        await person.sees("What you typed is lost")
        await person.type("discard")
        await person.press("enter")
        await person.sees("Nothing waits: everything is saved.")


async def test_signing_out_says_what_waits_and_it_is_sent_after_signing_in_again(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(link.far, tmp_path, open_customer=customer["id"]) as person:
        await link.down()
        await write_note(person, "before leaving")
        await person.sees("1 unsent")
        await person.press("f9")
        await person.type("sign out")
        await person.sees("▸ Sign out")
        await person.press("enter")
        await person.sees("Signed out. 1 edit waits on this machine and is sent when you sign in again.")
    await link.up()
    async with at_desk(link.far, tmp_path) as person:
        await person.may("customers:write")
        await person._until(
            lambda: notes(live_server, customer) == ["before leaving"], "the note at the server", 20
        )


async def test_what_goes_to_others_or_ends_something_needs_the_link(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    customer = make_customer(live_server, status="inactive")
    async with at_desk(link.far, tmp_path, open_customer=customer["id"]) as person:
        await link.down()
        await person.press("m")
        await person.sees("Subject")
        await person.type("Hello")
        await person.press("tab")
        await person.type("Hello")
        await person.press("f2")
        await person.sees("The server cannot be reached.")
        await person.press("escape")
        assert not person.app.desk.unsent


async def test_where_nothing_may_be_kept_nothing_waits(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(link.far, tmp_path, open_customer=customer["id"], keeps=False) as person:
        await link.down()
        await give_middle_name(person, "Quentin")
        await person.sees("The server cannot be reached.")
        await person.sees("1 unsaved")
        assert not person.app.desk.unsent

"""What a newcomer stumbled over in the profile."""

from pathlib import Path

import pytest

from tests.live import LiveServer
from tests.tui.desks import at_desk
from tests.tui.test_profile import fetched, make_customer
from tui.widgets.lines import LineList


@pytest.mark.feature("F2.3")
async def test_every_status_stands_beside_its_whole_meaning_at_80_columns(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("s")
        await person.sees("Uses no services")
        await person.sees("can be deleted")
        await person.type("inact")
        await person.press("enter")
        await person.sees("Inactive")


@pytest.mark.feature("F9.4")
async def test_own_changes_appear_in_the_activity_that_is_open(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.tab("activity")
        await person.sees("added")
        await person.press("b")
        await person.type("wait")
        await person.press("enter")
        await person.sees("Access: allowed → wait list only")
        await person.press("2", "u")
        await person.tab("activity")
        await person.sees("Access: wait list only → allowed")
        await person.press("f9")
        await person.type("archive this")
        await person.press("enter")
        await person.sees("Archived: today ")


async def test_help_shows_every_title_whole_at_80_columns(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("f1")
        await person.sees("Move up")
        keys = person.app.screen.query_one(LineList)
        drawn = [keys.draw(row).text.rstrip() for row in keys.rows]
        assert any("1 … 0 " in line for line in drawn)
        assert not [line for line in drawn if line.endswith("…")]


@pytest.mark.feature("F9.1")
async def test_a_note_removed_by_mistake_is_written_again(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    with live_server.client() as client:
        client.post(f"/v1/customers/{customer['id']}/notes", json={"body": "the key", "pinned": True})
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.tab("notes")
        await person.sees("the key")
        await person.press("d")
        await person.sees("u writes it again")
        await person.sees_no("the key")
        await person.press("u")
        await person.sees("The note is back")
        (note,) = fetched(live_server, customer, "/notes")["items"]
        assert (note["body"], note["pinned"]) == ("the key", True)


@pytest.mark.feature("F11.3")
async def test_a_note_that_a_colleague_changed_meanwhile_is_asked_about(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    path = f"/v1/customers/{customer['id']}/notes"
    with live_server.client() as client:
        note = client.post(path, json={"body": "old"}).json()
        async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
            await person.tab("notes")
            await person.sees("old")
            await person.press("e")
            await person.sees("Seen by")
            await person.type(" mine")
            client.patch(
                f"{path}/{note['id']}",
                json={"body": "theirs"},
                headers={"If-Match": "*", "Content-Type": "application/merge-patch+json"},
            ).raise_for_status()
            await person.press("f2")
            await person.sees("theirs  theirs")
            await person.sees("old mine")
            await person.press("escape")
            await person.sees_no("theirs  theirs")
            await person.sees("old mine")
            assert fetched(live_server, customer, "/notes")["items"][0]["body"] == "theirs"
            await person.press("f2")
            await person.sees("theirs  theirs")
            await person.press("m", "f2")
            await person.sees("Saved")
    assert fetched(live_server, customer, "/notes")["items"][0]["body"] == "old mine"


@pytest.mark.feature("F2.2")
async def test_the_switcher_says_when_there_is_nobody_to_switch_to(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("f6")
        assert person.status == "No other customer is open."

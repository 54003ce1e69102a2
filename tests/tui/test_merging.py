"""Two records of one person: compared side by side, merged for good, and followed by what was open."""

from pathlib import Path

import pytest

from tests.live import LiveServer
from tests.tui.desks import at_desk
from tests.tui.test_personal_data import command
from tests.tui.test_profile import fetched, make_customer

pytestmark = pytest.mark.feature("F1.9")


async def test_a_duplicate_is_compared_and_merged_after_its_number_was_typed(
    live_server: LiveServer, tmp_path: Path
) -> None:
    mine = make_customer(live_server, given_name="Josephine", family_name="Quill", gender="female")
    other = make_customer(
        live_server,
        given_name="Jo",
        family_name="Quill",
        middle_name="Q",
        language="da",
        born_on="1990-05-01",
    )
    with live_server.client() as client:
        client.post(f"/v1/customers/{other['id']}/notes", json={"body": "Rings twice"}).raise_for_status()
    async with at_desk(live_server, tmp_path, open_customer=other["id"]) as person:
        person.app.open_customer(mine["id"])
        await person.sees("Josephine Quill")
        await command(person, "merge with")
        await person.sees("may be the same")
        await person.type(str(other["number"]))
        await person.sees("Jo Q Quill")
        await person.press("enter")
        await person.sees(f"{other['number']} goes")
        await person.sees("Date of birth: 1 May 1990")
        await person.sees("Moves along: notes (1)")
        assert "(x) Josephine" in person.screen
        await person.press("right")
        await person.sees("(x) Jo Q Quill")
        await person.press("left", "f2")
        await person.sees("becomes part of")
        await person.type(str(other["number"]))
        await person.press("enter")
        await person.sees("has everything of both")
        await person.sees("Rings twice")
        assert list(person.app.desk.open_profiles) == [mine["id"]]
        await person.tab("activity")
        await person.sees("merged another record into this one")
        await person.sees(f"merged record, Number: {other['number']}")
        await person.sees("merged record, First name: Jo → let go")
        known = person.app.desk.recents.load()
        assert other["id"] not in [row["id"] for row in known.opened]
    assert fetched(live_server, mine)["born_on"] == "1990-05-01"


async def test_the_record_that_is_open_may_be_the_one_that_goes_and_its_old_address_leads_on(
    live_server: LiveServer, tmp_path: Path
) -> None:
    mine, other = [make_customer(live_server, family_name=name) for name in ("Aaberg", "Aabergh")]
    async with at_desk(live_server, tmp_path, open_customer=mine["id"]) as person:
        await command(person, "merge with")
        await person.type(str(other["number"]))
        await person.sees("Aabergh")
        await person.press("enter")
        await person.sees(f"{other['number']} goes")
        await person.press("x")
        await person.sees(f"{mine['number']} goes")
        await person.press("f2")
        await person.type(str(mine["number"]))
        await person.press("enter")
        await person.sees(f"Merged into {other['number']}")
        assert list(person.app.desk.open_profiles) == [other["id"]]
        person.app.close_customer(other["id"])
        person.app.open_customer(mine["id"])
        await person.sees("This record was merged into")
        assert list(person.app.desk.open_profiles) == [other["id"]]


async def test_a_profile_that_is_open_elsewhere_follows_with_its_draft(
    live_server: LiveServer, tmp_path: Path
) -> None:
    mine, other = make_customer(live_server, family_name="Bb"), make_customer(live_server, family_name="Cc")
    async with at_desk(live_server, tmp_path, open_customer=other["id"]) as person:
        await person.press("n")
        await person.type("half a note")
        await person.press("escape")
        await person.sees("is not saved")
        with live_server.client() as client:
            body = {"from_id": other["id"], "from_version": 1}
            place = f"/v1/customers/{mine['id']}/merge"
            client.post(place, json=body, headers={"If-Match": "*"}).raise_for_status()
        await person.sees("This record was merged into")
        (draft,) = person.app.desk.drafts.list()
        assert mine["id"] in draft.key


async def test_a_viewer_has_no_such_command(live_server: LiveServer, tmp_path: Path) -> None:
    mine = make_customer(live_server)
    async with at_desk(live_server, tmp_path, "viewer", open_customer=mine["id"]) as person:
        await person.press("f9")
        await person.type("merge with")
        assert "two records of one person" not in person.screen


async def test_groups_of_duplicates_are_merged_or_told_apart(own_server: LiveServer, tmp_path: Path) -> None:
    ann, anne = [
        make_customer(own_server, given_name=name, phones=[{"number": "+442079460111"}], emails=[])
        for name in ("Ann", "Anne")
    ]
    for name in ("Twin A", "Twin B"):
        make_customer(own_server, given_name=name, phones=[], emails=[{"address": "twins@example.org"}])
    async with at_desk(own_server, tmp_path) as person:
        await person.may("customers:delete")
        await command(person, "likely the same")
        await person.sees("Same e-mail address: twins@example.org")
        await person.sees("Same number: 020 7946 0111")
        await person.press("n")
        await person.sees_no("twins@example.org")
        await person.sees("Remembered")
        await person.press("enter")
        await person.sees(f"{anne['number']} goes")
        await person.press("f2")
        await person.type(str(anne["number"]))
        await person.press("enter")
        await person.sees("Nobody is likely the same.")
        await person.press("escape")
        await command(person, "likely the same")
        await person.sees("Nobody is likely the same.")
    assert fetched(own_server, ann)["version"] == 2

"""Personal data from the profile: two files that only their owner can read, and an erasure that is meant."""

import json
import re
import stat
from pathlib import Path

import pytest

from tests.live import LiveServer
from tests.tui.desks import Person, at_desk
from tests.tui.test_profile import fetched, make_customer, patch
from tui.services.desk import Desk

pytestmark = pytest.mark.feature("F9.6")


def kept_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def command(person: Person, name: str) -> None:
    await person.press("f9")
    await person.type(name)
    await person.press("enter")


async def test_an_admin_exports_all_that_is_held_into_a_folder_of_choice(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with live_server.client("admin") as client:
        branch = client.post("/v1/branches", json={"name": "Old mill"}).json()
    customer = make_customer(live_server, middle_name="*Q*", branch_id=branch["id"], external_id="CRM-7")
    with live_server.client("admin") as client:
        path = f"/v1/customers/{customer['id']}/notes"
        client.post(path, json={"body": "Owes a\nfavour", "visibility": "admin"}).raise_for_status()
    folder = tmp_path / "out"
    monkeypatch.setattr(Desk, "downloads_to", folder)
    for _ in range(2):
        async with at_desk(live_server, tmp_path / "a", "admin", open_customer=customer["id"]) as person:
            await command(person, "export")
            await person.sees("Folder")
            await person.press("f2")
            await person.sees("Only you can read")
    name = f"customer-{customer['number']}-personal-data"
    assert {file.name for file in folder.iterdir()} == {
        f"{name}{again}.{kind}" for again in ("", " (2)") for kind in ("json", "md")
    }
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    held = json.loads((folder / f"{name}.json").read_text())
    assert held["customer"]["phones"][0]["number"] == "+442079460958"
    assert held["collections"]["notes"][0]["body"] == "Owes a\nfavour"
    text = (folder / f"{name}.md").read_text()
    assert text.startswith(f"# Joanna \\*Q\\* Byrne, customer {customer['number']}\n")
    assert "- Phone: 020 7946 0958" in text
    assert "## Notes: 1\n" in text
    assert "- Note: Owes a favour\n" in text
    assert "  - Middle name:  → \\*Q\\*" in text
    assert "ex{" not in text
    assert "CRM-7" in text
    assert text.count("Preferred branch: Old mill\n") == 1
    assert "Preferred branch:  → Old mill" in text
    assert not re.search("[0-9a-f]{8}-[0-9a-f]{4}-", text), "ids are for programs"


async def test_a_folder_that_cannot_be_written_to_is_told(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, "admin", open_customer=customer["id"]) as person:
        await command(person, "export")
        await person.sees("Folder")
        await person.press("ctrl+u")
        await person.type("/proc/nothing")
        await person.press("enter", "f2")
        await person.sees("cannot be written to")


async def test_erasing_takes_the_typed_number_and_leaves_nothing_on_this_machine(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server, status="active", given_name="Zyxquuv")
    with live_server.client() as client:
        client.post(f"/v1/customers/{customer['id']}/notes", json={"body": "has moved"})
    async with at_desk(live_server, tmp_path, "admin", open_customer=customer["id"]) as person:
        await command(person, "erase")
        await person.sees("Only an inactive or archived customer can be erased")
        patch(live_server, customer, status="inactive")
        await person.press("f5")
        await person.sees("Inactive")
        await command(person, "archive this")
        await person.sees("u takes it back")
        await person.press("n")
        await person.sees("Seen by")
        await person.type("Zyxquuv begins")
        await person.press("escape")
        await person.sees("is not saved")
        await command(person, "erase")
        await person.sees("Invoices and payments stay")
        await person.type(str(customer["number"]))
        await person.press("enter")
        await person.sees("Erased. The books know")
        assert not person.app.screen.can("undo_change")  # type: ignore[attr-defined]
        await person.sees(f"Erased customer {customer['number']}")
        await person.sees_no("has moved")
        assert "Zyxquuv" not in person.screen
        person.app.desk.flush()
    assert fetched(live_server, customer)["display_name"] == f"Erased customer {customer['number']}"
    assert b"Zyxquuv" not in kept_in(tmp_path)

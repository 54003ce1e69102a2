"""Reports by keyboard: conditions in plain words, counted live, saved, opened as a list, worked on."""

from pathlib import Path

import pytest

from tests.live import LiveServer
from tests.tui.desks import Person, at_desk
from tests.tui.test_marking import label
from tui.services.desk import Desk

pytestmark = pytest.mark.feature("F10.1")


def people(server: LiveServer, tag: str) -> None:
    """Make three customers who carry the label, one of them archived, and one who does not."""
    with server.client() as client:
        for given, labels in (("Ada", [tag]), ("Bea", [tag]), ("Cy", [tag]), ("Dan", [])):
            members = {"given_name": given, "family_name": "Byrne", "labels": labels, "status": "active"}
            made = client.post("/v1/customers", json=members | {"email_opt_out": given == "Bea"}).json()
            body = {"emails": [{"address": f"{given}@example.org"}]}
            patch = {"Content-Type": "application/merge-patch+json", "If-Match": '"1"'}
            client.patch(f"/v1/customers/{made['id']}", json=body, headers=patch).raise_for_status()
            if given == "Cy":
                client.post(f"/v1/customers/{made['id']}/archive").raise_for_status()


async def in_builder(person: Person) -> None:
    """Open the builder of a new report."""
    await person.may("reports:write")
    await person.press("f10")
    await person.sees("No reports yet")
    await person.press("a")
    await person.sees("New report")


async def test_a_report_is_put_together_counted_saved_shared_and_worked_on(
    own_server: LiveServer, tmp_path: Path
) -> None:
    tag = label(own_server)
    people(own_server, tag)
    async with at_desk(own_server, tmp_path) as person:
        await in_builder(person)
        await person.sees("3 customers")
        await person.press("a")
        await person.sees("Preferred branch")
        await person.press("enter")
        await person.sees("None of these")
        await person.press("enter")
        await person.sees(f"[ ] {tag}")
        await person.press("enter", "escape")
        await person.sees(f"any of the labels {tag}")
        await person.sees("2 customers")
        assert "not saved" in person.screen
        await person.press("a")
        await person.sees("Preferred branch")
        await person.type("date added")
        await person.press("enter")
        await person.sees("Within the last days")
        await person.type("within")
        await person.press("enter")
        await person.sees("Days")
        await person.type("30")
        await person.press("f2")
        await person.sees("and added within the last 30 days")
        await person.press("s")
        await person.sees("Shared with colleagues")
        await person.type("Fans")
        await person.press("enter", "tab", "space", "f2")
        await person.sees("Fans is saved.")
        with own_server.client("viewer") as viewer:
            report = viewer.get("/v1/reports").json()["items"][0]
        assert [one["about"] for one in report["conditions"]] == ["labels", "added"]
        await person.press("o")
        await person.sees("Ada Byrne")
        assert "Cy Byrne" not in person.screen
        await person.press("m")
        await person.sees("Letters")
        await person.press("enter")
        await person.sees("1 left out, who said no")
        assert "Bea Byrne" not in person.screen
        await person.press("escape", "asterisk")
        await person.sees("✓ all 2 marked")
        await person.press("f2")
        await person.sees("Give a label")
        await person.type("archive nothing")
        await person.press("enter")
        await person.sees("2 customers archived")
        await person.press("escape")
        await person.sees("Nobody fits all of these conditions.")


async def test_conditions_that_were_not_saved_are_there_again_and_old_counts_are_dropped(
    own_server: LiveServer, tmp_path: Path
) -> None:
    tag = label(own_server)
    people(own_server, tag)
    async with at_desk(own_server, tmp_path) as person:
        await in_builder(person)
        await person.press("a")
        await person.sees("Preferred branch")
        await person.type("archived")
        await person.press("enter")
        await person.sees("Only these")
        await person.press("enter")
        await person.sees("only archived customers")
        await person.sees("1 customer")
        await person.press("escape")
        await person.sees("kept as a draft")
        await person.press("a")
        await person.sees("not saved before")
        assert "only archived customers" in person.screen
        await person.press("d")
        await person.sees("3 customers")
        assert "only archived customers" not in person.screen


async def test_a_viewer_uses_shared_reports_and_changes_none(own_server: LiveServer, tmp_path: Path) -> None:
    people(own_server, label(own_server))
    body = {"name": "All", "shared": True, "conditions": [{"about": "archived", "how": "also"}]}
    with own_server.client() as client:
        client.post("/v1/reports", json=body).raise_for_status()
        client.post("/v1/reports", json=body | {"name": "Mine", "shared": False}).raise_for_status()
    async with at_desk(own_server, tmp_path, "viewer") as person:
        await person.may("reports:read")
        await person.press("f10")
        await person.sees("archived customers too")
        assert "Mine" not in person.screen
        assert "remove" not in person.screen
        await person.press("d")
        await person.press("enter")
        await person.sees("4 customers")
        await person.press("space", "asterisk", "f2")
        assert "marked" not in person.screen


@pytest.mark.feature("F1.8")
async def test_marked_customers_of_a_report_are_exported(
    own_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(own_server, label(own_server))
    monkeypatch.setattr(Desk, "downloads_to", tmp_path / "out")
    body = {"name": "All", "shared": True, "conditions": [{"about": "archived", "how": "also"}]}
    with own_server.client() as client:
        client.post("/v1/reports", json=body).raise_for_status()
    async with at_desk(own_server, tmp_path / "a") as person:
        await person.may("reports:read")
        await person.press("f10")
        await person.sees("archived customers too")
        await person.press("enter")
        await person.sees("4 customers")
        await person.press("space", "space", "f2")
        await person.sees("Give a label")
        await person.type("export")
        await person.press("enter")
        await person.sees("Folder")
        await person.press("f2")
        await person.sees("2 customers in")
    (file,) = (tmp_path / "out").iterdir()
    assert len(file.read_text().splitlines()) == 3


@pytest.mark.feature("F10.2")
async def test_a_report_that_is_not_saved_is_exported_as_it_stands_and_marked_once_it_is(
    own_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(own_server, label(own_server))
    monkeypatch.setattr(Desk, "downloads_to", tmp_path / "out")
    with own_server.client() as client:
        body = {"name": "A first one", "conditions": [{"about": "archived", "how": "also"}]}
        client.post("/v1/reports", json=body).raise_for_status()
    async with at_desk(own_server, tmp_path / "a") as person:
        await person.may("reports:write")
        await person.press("f10")
        await person.sees("A first one")
        await person.press("a")
        await person.sees("New report")
        await person.press("a")
        await person.sees("Preferred branch")
        await person.type("archived")
        await person.press("enter")
        await person.sees("Only these")
        await person.press("enter")
        await person.sees("1 customer")
        await person.press("o")
        await person.sees("No.")
        await person.press("x")
        await person.sees("CSV table")
        await person.press("f2")
        await person.sees("1 customer in")
        await person.press("escape", "s")
        await person.sees("Shared with colleagues")
        await person.type("Gone")
        await person.press("f2")
        await person.sees("Gone is saved.")
        await person.press("escape")
        await person.sees("▸ Gone")
    (file,) = (tmp_path / "out").iterdir()
    assert len(file.read_text().splitlines()) == 2

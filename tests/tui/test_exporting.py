"""Exporting from the list: how is asked once, the file is private, and who said no is not in it."""

import csv
import stat
from pathlib import Path

import pytest

from client.cells import plain_cell
from tests.live import LiveServer
from tests.tui.desks import Person, at_desk
from tests.tui.test_profile import make_customer
from tui.services.desk import Desk

pytestmark = pytest.mark.feature("F10.2")


async def command(person: Person, name: str) -> None:
    """Do something by its name."""
    await person.press("f9")
    await person.type(name)
    await person.press("enter")


async def test_the_customers_found_are_exported_for_marketing_into_a_private_file(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = "Exportado"
    reach = {"emails": [{"address": "x@export.example"}], "phones": [{"number": "+442079460958"}]}
    kept = make_customer(live_server, family_name=family, **reach)
    make_customer(live_server, family_name=family, email_opt_out=True, **reach)
    monkeypatch.setattr(Desk, "downloads_to", tmp_path / "out")
    async with at_desk(live_server, tmp_path / "a") as person:
        await person.sees("Enter open")
        await person.type("exportado")
        await person.sees("2 of")
        await command(person, "export those")
        await person.sees("As")
        await person.press("down")
        await person.pick("e-mail")
        await person.press("f2")
        await person.sees("1 customer in")
        assert "1 left out, who said no" in person.status
    (file,) = (tmp_path / "out").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (row,) = csv.DictReader(file.open(encoding="utf-8", newline=""))
    assert row["number"] == str(kept["number"])
    assert plain_cell(row["phone"]) == "+442079460958"


async def test_a_viewer_has_no_export(live_server: LiveServer, tmp_path: Path) -> None:
    async with at_desk(live_server, tmp_path / "a", "viewer") as person:
        await person.sees("Enter open")
        await person.press("f9")
        await person.type("export those")
        await person.sees("Nothing fits")

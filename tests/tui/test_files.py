"""The Files tab by keyboard: forms given and filled in, documents up, looked at, and down."""

from pathlib import Path
from typing import Any

import pytest

from client import documents, errors
from client.api import CustomerApi
from server.sample.dice import Dice
from server.sample.paperwork import pdf, png
from tests.live import LiveServer
from tests.tui.desks import Person, at_desk
from tests.tui.test_profile import make_customer

QUESTIONS = [
    {"text": "Is there an alarm?", "type": "yes_no", "required": True},
    {"text": "Where is the key?"},
]


async def open_files(person: Person) -> None:
    titles = [tab.title for tab in person.app.screen.tabs]  # type: ignore[attr-defined]
    await person.press(str(1 + titles.index("Files")))
    await person.sees("Documents")


def template(server: LiveServer, name: str) -> None:
    with server.client("admin") as client:
        made = client.post("/v1/form-templates", json={"name": name, "questions": QUESTIONS})
        assert made.status_code == 201, made.text


def of_customer(server: LiveServer, customer: dict[str, Any], path: str) -> list[dict[str, Any]]:
    with server.client() as client:
        items: list[dict[str, Any]] = client.get(f"/v1/customers/{customer['id']}/{path}").json()["items"]
        return items


@pytest.mark.feature("F8.1")
async def test_a_form_is_given_found_by_search_and_filled_in(live_server: LiveServer, tmp_path: Path) -> None:
    template(live_server, "Access to the house")
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await open_files(person)
        await person.sees("Access to your home")  # a rule gives it to every new customer
        await person.press("a", "enter")
        await person.sees("Access to the house")
        await person.type("access the house")
        await person.press("enter", "f2")
        await person.sees("Saved the form Access to the house")
        await person.press("i")
        await person.sees("Is there an alarm? *")
        await person.press("f2")
        await person.sees("this must be answered")
        await person.press("enter")
        await person.type("yes")
        await person.press("enter", "f2")
        await person.sees("Filled in.")
        form = of_customer(live_server, customer, "forms")[0]
        assert form["answers"] == [{"question": 0, "answer": "yes"}]
        await person.press("enter")
        await person.sees("Where is the key?")
        await person.press("escape", "d")
        await person.sees("Documents")
        assert of_customer(live_server, customer, "forms")[0]["state"] == "completed"


@pytest.mark.feature("F8.2")
async def test_a_document_goes_up_is_looked_at_and_comes_down(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / "Downloads").mkdir(parents=True)
    (home / "contract.pdf").write_bytes(pdf(["Service agreement", "The piano stays closed"]))
    (home / "door.png").write_bytes(png(Dice(3)))
    (home / "not-this.exe").write_bytes(b"MZ")
    monkeypatch.setenv("HOME", str(home))
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path / "state", open_customer=customer["id"]) as person:
        await open_files(person)
        await person.press("down", "down", "a")
        await person.sees("contract.pdf")
        await person.sees_no("not-this.exe")
        await person.type("b")  # which stands in the words beside the way up, and nowhere else
        await person.sees("Nothing that can be taken fits.")
        await person.press("backspace")
        await person.type("contract")
        await person.press("enter")
        await person.sees("Show to customer")
        await person.press("f2")
        await person.sees("Saved contract.pdf")
        await person.press("enter")
        await person.sees("The piano stays closed")
        await person.press("escape", "g")
        await person.sees("Saved as")
        assert (home / "Downloads" / "contract.pdf").read_bytes() == (home / "contract.pdf").read_bytes()
        await person.press("a")
        await person.type("door")
        await person.press("enter", "f2")
        await person.sees("Saved door.png")
        await person.press("enter")
        await person.sees("▀▀▀▀")
        await person.press("escape")
        names = {document["name"] for document in of_customer(live_server, customer, "documents")}
        assert names == {"contract.pdf", "door.png"}


@pytest.mark.feature("F8.2")
@pytest.mark.parametrize(
    "written", ["{}", "'{}'", "file://{}", "~/deep/house plan.txt", "~/deep/hou", "deep/plan"]
)
async def test_a_path_that_is_typed_or_pasted_leads_to_its_file(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    home = tmp_path / "home"
    (home / "deep").mkdir(parents=True)
    plan = home / "deep" / "house plan.txt"
    plan.write_text("Two floors")
    monkeypatch.setenv("HOME", str(home))
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path / "state", open_customer=customer["id"]) as person:
        await open_files(person)
        await person.press("down", "down", "a")
        await person.sees("the folder above")
        await person.type("/nowhere/at/all")
        await person.sees("No such file or directory")
        await person.press("ctrl+u")
        path = str(plan).replace(" ", "%20") if written.startswith("file") else str(plan)
        await person.type(written.format(path))
        await person.sees("house plan.txt")
        await person.press("enter")
        await person.sees("Show to customer")
        await person.press("f2")
        await person.sees("Saved house plan.txt")


@pytest.mark.feature("F8.2")
async def test_an_upload_whose_link_is_cut_says_what_is_kept_and_goes_on_as_said_last(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "notes.txt").write_bytes(b"line\n" * 400_000)
    monkeypatch.setenv("HOME", str(home))
    customer = make_customer(live_server)
    sent = documents._send

    async def cut(api: CustomerApi, place: str, begins: int, piece: bytes) -> int:
        if begins > 500_000:
            raise errors.Unreachable
        return await sent(api, place, begins, piece)

    async def upload(person: Person, *said: str) -> None:
        await person.press("a")
        await person.type("notes")
        await person.press("enter")
        await person.sees("Show to customer")
        await person.press(*said, "f2")

    async with at_desk(live_server, tmp_path / "state", open_customer=customer["id"]) as person:
        await open_files(person)
        await person.press("down", "down")
        monkeypatch.setattr(documents, "_send", cut)
        await upload(person, "down", "space")
        await person.sees("The link was cut. What has gone up is kept")
        (begun,) = of_customer(live_server, customer, "documents")
        assert begun["received"] > 500_000
        assert begun["show_to_customer"]
        monkeypatch.setattr(documents, "_send", sent)
        await upload(person)
        await person.sees("Saved notes.txt")
        (document,) = of_customer(live_server, customer, "documents")
        assert document["id"] == begun["id"]
        assert document["state"] == "stored"
        assert not document.get("show_to_customer", False)


@pytest.mark.feature("F8.1", "F8.2", "F12.4")
async def test_a_viewer_may_look_and_change_nothing(live_server: LiveServer, tmp_path: Path) -> None:
    template(live_server, "House rules")
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, "viewer", open_customer=customer["id"]) as person:
        await open_files(person)
        await person.sees("No documents yet.")
        assert "Press a" not in person.screen
        profile = person.app.screen
        await person.press("a", "d", "i", "g", "v")
        assert person.app.screen is profile
        assert len(of_customer(live_server, customer, "forms")) == 1

"""What the office is told or decides about a customer, set by keyboard and kept by the server."""

from pathlib import Path

import pytest

from tests.live import LiveServer
from tests.tui.desks import Person, at_desk
from tests.tui.test_profile import fetched, make_customer


async def mark(person: Person, title: str) -> None:
    """Bring the marker down to the field called `title`."""
    for _ in range(60):
        if any(line.startswith("▸") and title in line for line in person.screen.splitlines()):
            return
        await person.press("down")
    raise AssertionError(f"{title!r} is not on the page:\n{person.screen}")


@pytest.mark.feature("F5.3")
async def test_billing_is_recurring_or_prepaid_with_the_meaning_of_each(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server, billing_type="recurring")
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.sees("Billing")
        await mark(person, "Billing")
        await person.press("e")
        await person.sees("Full periods in a fixed cycle")
        await person.sees("A period of its own, paid in advance")
        await person.press("down", "enter", "f2")
        await person.sees("Saved")
        assert "Prepaid" in person.screen
    assert fetched(live_server, customer)["billing_type"] == "prepaid"


@pytest.mark.feature("F2.11")
async def test_over_ssh_a_number_is_sent_to_the_clipboard_instead_of_dialled(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        monkeypatch.setattr(type(person.app.desk), "has_desktop", False)
        await person.sees("020 7946 0958")
        await person.press("t")
        await person.sees("Sent to the terminal's clipboard: +442079460958")
        await person.press("w")
        await person.sees("Sent to the terminal's clipboard: joanna@example.org")


@pytest.mark.feature("F2.11")
async def test_at_a_desktop_number_and_address_are_handed_to_its_programs(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def hand_over(link: str) -> bool:
        opened.append(link)
        return True

    monkeypatch.setattr("webbrowser.open", hand_over)
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        monkeypatch.setattr(type(person.app.desk), "has_desktop", True)
        await person.sees("020 7946 0958")
        await person.press("t")
        await person.sees("Handed over: tel:+442079460958")
        await person.press("w")
        await person.sees("Handed over: mailto:joanna@example.org")
    assert opened == ["tel:+442079460958", "mailto:joanna@example.org"]

"""A call reaches the application that runs: one customer, several, nobody; and nobody else can ring."""

import asyncio
import os
import stat
from pathlib import Path

import pytest

from tests.live import LiveServer
from tests.tui.desks import at_desk
from tests.tui.test_profile import make_customer
from tui.services.calls import caller, folder_for_calls, ring


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder in which the application of this test listens."""
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    return folder_for_calls(os.environ)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("tel:+44-20-7946-0958;ext=12", "+44-20-7946-0958"),
        ("callto://+442079460958", "+442079460958"),
        ("sip:02079460958@pbx.example.org", "02079460958"),
        ("tel:%2B442079460958", "+442079460958"),
        (" 020 7946 0958\x1b[2J ", "020 7946 0958[2J"),
    ],
)
def test_numbers_come_out_of_what_telephones_hand_over(text: str, number: str) -> None:
    assert caller(text) == number


@pytest.mark.feature("F1.4")
async def test_the_profile_of_the_only_customer_opens_over_what_is_typed(
    live_server: LiveServer, tmp_path: Path, calls: Path
) -> None:
    customer = make_customer(live_server, phones=[{"number": "+442079460123"}], given_name="Calla")
    other = make_customer(live_server, phones=[])
    async with at_desk(live_server, tmp_path, open_customer=other["id"]) as person:
        await person.press("n")
        await person.sees("Seen by")
        await person.type("half a note")
        mode = await asyncio.to_thread(lambda: calls.stat().st_mode)
        assert stat.S_IMODE(mode) == 0o700
        assert await asyncio.to_thread(ring, calls, "tel:020-7946-0123")
        await person.sees("Calla Byrne")
        await person.sees("020 7946 0123 calls.")
        assert str(customer["number"]) in person.screen
        person.app.open_customer(other["id"])
        await person.press("n")
        await person.sees("half a note")
    assert not await asyncio.to_thread(ring, calls, "+442079460123")


@pytest.mark.feature("F1.4")
async def test_of_several_a_list_is_shown_and_for_nobody_a_new_customer(
    live_server: LiveServer, tmp_path: Path, calls: Path
) -> None:
    for name in ("Ann", "Ben"):
        make_customer(live_server, given_name=name, phones=[{"number": "+442079460777"}])
    async with at_desk(live_server, tmp_path) as person:
        await person.sees("customers")
        assert await asyncio.to_thread(ring, calls, "+44 20 7946 0777")
        await person.sees("Ann Byrne")
        await person.sees("Ben Byrne")
        assert await asyncio.to_thread(ring, calls, "+44 161 496 0999")
        await person.sees("Full name")
        await person.sees("0161 496 0999")


@pytest.mark.feature("F1.4")
async def test_an_application_that_opens_for_a_call_reads_the_number_as_the_office_dials(
    live_server: LiveServer, tmp_path: Path, calls: Path
) -> None:
    customer = make_customer(live_server, phones=[{"number": "+442079460124"}])
    async with at_desk(live_server, tmp_path, call="+442079460124") as person:
        await person.sees(str(customer["number"]))
        await person.sees("020 7946 0124 calls.")


def test_a_folder_that_others_can_enter_is_not_used(calls: Path) -> None:
    calls.mkdir(parents=True)
    calls.chmod(0o777)
    (calls / "1.sock").touch()
    assert not ring(calls, "+442079460958")

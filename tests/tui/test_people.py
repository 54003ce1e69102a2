"""Who may act for a customer: found by typing, given rights, opened with Enter."""

import asyncio
from pathlib import Path

import pytest

from client.collection import Answer
from client.customers import Customers
from client.models import CustomerRow, CustomerSearch, Page
from tests.live import LiveServer
from tests.tui.test_preferences import at_tab, go_to, line, mark
from tests.tui.test_profile import fetched, make_customer

pytestmark = pytest.mark.feature("F3.9")


async def test_a_person_is_found_by_typing_and_seen_from_both_ends(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server, given_name="Olive", family_name="Tamarisk")
    friend = make_customer(live_server, given_name="Ferdinand", family_name="Tamarisk")
    async with at_tab(live_server, tmp_path, customer, "People") as person:
        await person.sees("Nobody but the customer.")
        await person.press("a")
        await person.sees("Only for")
        await person.press("enter")
        await person.sees("Type a name, a number")
        await person.type("ferd tam")
        await person.sees(str(friend["number"]))
        await person.press("enter")
        await person.sees("Ferdinand Tamarisk")
        await person.type("Flat")
        await person.press("enter", "space", "down", "down", "space", "f2")
        await person.sees("Saved Ferdinand Tamarisk.")
        assert "may: invoices, bookings" in line(person, "Ferdinand")
        await person.sees("only for Flat")
        await person.press("e")
        await person.sees("Only for")
        await mark(person, "Invoices")
        await person.press("space", "f2")
        await person.sees("may: bookings")
        await person.press("enter")
        await person.sees(f" {friend['number']} Ferdinand")
        await go_to(person, "People")
        await person.sees(f"{customer['number']} Olive Tamarisk")
        await mark(person, "Olive Tamarisk")
        await person.press("o")
        await person.sees("only for Flat")
        await mark(person, "Ferdinand")
        await person.press("d")
        await person.sees("Removed Ferdinand Tamarisk. u writes it again.")
        await person.press("u")
        await person.sees("is back")
    (kept,) = fetched(live_server, customer, "/contacts")["items"]
    assert (kept["contact_id"], kept["bookings"], "invoices" in kept) == (friend["id"], True, False)


async def test_nobody_is_offered_as_their_own_contact(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server, given_name="Ottoline", family_name="Vetch")
    async with at_tab(live_server, tmp_path, customer, "People") as person:
        await person.press("a")
        await person.sees("Only for")
        await person.press("enter")
        await person.type("vetch")
        await person.sees("Nobody fits.")
        await person.press("enter", "escape", "f2")
        await person.sees("Not yet: look at Who.")
    assert fetched(live_server, customer, "/contacts")["items"] == []


async def test_an_answer_that_comes_too_late_offers_nobody(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer(live_server, given_name="Isolde", family_name="Wickersham")
    make_customer(live_server, given_name="Isambard", family_name="Wickersham")
    other = make_customer(live_server, given_name="Isadora", family_name="Wickersham")
    late, asked = asyncio.Event(), asyncio.Event()
    search = Customers.search

    async def slowly(own: Customers, question: CustomerSearch) -> Answer[Page[CustomerRow]]:
        answer = await search(own, question)
        if question.q == "isam":
            asked.set()
            await late.wait()
        return answer

    async with at_tab(live_server, tmp_path, customer, "People") as person:
        await person.press("a")
        await person.sees("Only for")
        await person.press("enter")
        monkeypatch.setattr(Customers, "search", slowly)
        await person.type("isam")
        await asyncio.wait_for(asked.wait(), 5)
        await person.press("backspace", "backspace", "backspace", "backspace")
        await person.type("isad w")
        await person.sees(str(other["number"]))
        late.set()
        await person.pilot.pause(0.2)
        assert "Isambard" not in person.screen

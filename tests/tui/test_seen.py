"""What was seen before opens at once, tells its age, is refreshed behind, and is there without the link."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from tests.links import Link
from tests.live import LiveServer
from tests.tui.desks import Person, at_desk
from tests.tui.test_profile import make_customer, patch
from tui.forms.page import Page
from tui.screens.profile import ProfileScreen

pytestmark = pytest.mark.feature("F11.1")

AS_OF = re.compile(r"as of \d\d:\d\d, just now")


async def visit(link: Link, root: Path, customer: dict[str, Any], *tabs: str) -> None:
    """Look at a customer, and leave."""
    async with at_desk(link.far, root, open_customer=customer["id"]) as person:
        for tab in tabs:
            await person.tab(tab)
            await person.pilot.pause(0.3)
        await person.pilot.pause(0.2)


def add_note(server: LiveServer, customer: dict[str, Any], body: str) -> None:
    with server.client() as client:
        client.post(f"/v1/customers/{customer['id']}/notes", json={"body": body}).raise_for_status()


def holding(root: Path, text: str) -> list[Path]:
    """Name the files on the machine that hold a text."""
    return [path for path in root.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


async def opened(person: Person, customer: dict[str, Any]) -> ProfileScreen:
    person.app.open_customer(customer["id"])
    await person.pilot.pause()
    screen = person.app.screen
    assert isinstance(screen, ProfileScreen)
    return screen


async def test_a_customer_seen_before_is_there_at_once_and_asked_for_with_its_tag(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    add_note(live_server, customer, "seen before")
    await visit(link, tmp_path, customer)
    async with at_desk(link.far, tmp_path) as person:
        await person.sees("customers")
        await person.may("customers:write")
        await person.pilot.pause(0.3)
        link.asked.clear()
        link.heads.clear()
        screen = await opened(person, customer)
        await person.sees("seen before")
        await person._until(lambda: not screen.is_old("customer"), "a refreshed customer", 5)
        assert [line.split(" ")[0] for line in link.asked] == ["GET"]
        ((head, size),) = link.heads
        assert head.startswith("HTTP/1.1 304")
        assert size <= 420
        assert "as of" not in person.screen


async def test_while_the_server_is_slow_the_age_is_told_and_goes_once_refreshed(
    live_server: LiveServer, link: Link, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer(live_server)
    await visit(link, tmp_path, customer)
    patch(live_server, customer, status="blocked")
    async with at_desk(link.far, tmp_path) as person:
        await person.may("customers:write")
        held = asyncio.Event()
        passing = Link._pass

        async def slowly(self: Link, *arguments: Any, **named: Any) -> None:
            await held.wait()
            await passing(self, *arguments, **named)

        await person.pilot.pause(0.3)
        await link.down()
        monkeypatch.setattr(Link, "_pass", slowly)
        await link.up()
        await opened(person, customer)
        await person.sees("Joanna Byrne")
        await person.sees("as of ")
        assert AS_OF.search(person.screen), person.screen
        assert "BLOCKED" not in person.screen
        held.set()
        await person.sees("BLOCKED")
        await person.sees_no("as of ")


async def test_with_the_link_down_profiles_and_tabs_that_were_seen_can_be_read(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    customer, stranger = make_customer(live_server), make_customer(live_server, display_name="Sam Stranger")
    add_note(live_server, customer, "rings at noon")
    await visit(link, tmp_path, customer, "contact", "activity")
    await link.down()
    async with at_desk(link.far, tmp_path) as person:
        await person.sees("cannot be reached")
        await person.sees("customers seen on this machine before")
        await person.sees("Joanna Byrne")
        await opened(person, customer)
        await person.sees("rings at noon")
        await person.sees("The server cannot be reached. What you see is as of ")
        assert AS_OF.search(person.screen.splitlines()[1]), person.screen
        await person.tab("contact")
        await person.sees("joanna@example.org")
        await person.tab("activity")
        await person.sees("added")
        await person.tab("billing")
        await person.sees("This was not seen here before.")
        await person.sees_no("Loading")
        # Back to the list: what is typed finds those who were seen.
        await person.press("escape")
        await person.type("byrne")
        await person.sees("so far")
        await person.sees("customers seen on this machine before")
        assert stranger["display_name"] not in person.screen


async def test_who_was_never_seen_says_so_and_comes_when_the_link_is_back(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    seen, stranger = make_customer(live_server), make_customer(live_server, display_name="Sam Stranger")
    await visit(link, tmp_path, seen, "contact")
    await link.down()
    async with at_desk(link.far, tmp_path) as person:
        await person.sees("cannot be reached")
        await opened(person, stranger)
        await person.sees("This was not seen here before.")
        assert person.status.endswith("This was not seen here before. It comes when the link is back.")
        await person.press("escape")
        await opened(person, seen)
        await person.sees("as of ")
        await person.tab("contact")
        await person.sees("Date of birth")
        patch(live_server, seen, middle_name="Quentin")
        page = next(page for page in person.app.screen.query(Page) if page.display)
        await person.press("down", "down")
        marked = page.key
        await link.up()
        await person.sees("Quentin", 20)
        await person.sees_no("as of ")
        assert page.key == marked
        await person.press("escape")
        await opened(person, stranger)
        await person.sees("Sam Stranger")
        await person.sees("[1 ")


async def test_the_list_at_the_start_is_of_those_seen_before_and_enter_opens_them(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    first, second = make_customer(live_server), make_customer(live_server, display_name="Rae Second")
    await visit(link, tmp_path, first)
    await visit(link, tmp_path, second)
    await link.down()
    async with at_desk(link.far, tmp_path) as person:
        await person.sees("Pinned and recently opened")
        await person.sees("Seen before")
        await person.press("down", "enter")
        await person.sees("[1 ")
        await person.sees("Joanna Byrne")
        await link.up()
        await person.sees_no("as of ", 20)


async def test_reference_lists_that_were_seen_are_there_too(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    with live_server.client("admin") as client:
        client.post("/v1/labels", json={"name": "seen-label"})
    customer = make_customer(live_server)
    async with at_desk(link.far, tmp_path, open_customer=customer["id"]) as person:
        await person.press("l")
        await person.type("seen-la")
        await person.sees("seen-label")
    await link.down()
    async with at_desk(link.far, tmp_path) as person:
        await person.sees("cannot be reached")
        await opened(person, customer)
        await person.sees("as of ")
        await person.press("l")
        await person.type("seen-la")
        await person.sees("seen-label")


async def test_signing_out_and_a_session_that_is_over_leave_nothing(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    customer = make_customer(live_server, display_name="Ottilie Out")

    def at_rest() -> list[Path]:
        return [path for path in holding(tmp_path, "Ottilie") if "seen" in path.parts]

    async with at_desk(link.far, tmp_path, open_customer=customer["id"]) as person:
        await person.pilot.pause(0.3)
        assert at_rest()
        await person.press("f9")
        await person.type("sign out")
        await person.sees("▸ Sign out")
        await person.press("enter")
        await person.sees("Sign-in name")
        assert not at_rest()
    async with at_desk(link.far, tmp_path, open_customer=customer["id"]) as person:
        await person.pilot.pause(0.3)
        assert at_rest()
        authority = person.app.desk.api.transport.authority
        authority._session = authority._session.ended()  # type: ignore[union-attr]
        person.app.screen.load()  # type: ignore[attr-defined]
        await person.sees("Sign-in name")
        await person._until(lambda: not at_rest(), "nothing at rest", 5)


@pytest.mark.parametrize("how", ["deleted", "erased"])
async def test_a_customer_who_is_gone_leaves_the_machine(
    live_server: LiveServer, link: Link, tmp_path: Path, how: str
) -> None:
    customer = make_customer(live_server, display_name=f"Sigismund {how}", status="inactive")
    await visit(link, tmp_path, customer, "contact", "activity")
    with live_server.client("admin") as client:
        path = f"/v1/customers/{customer['id']}"
        if how == "deleted":
            client.delete(path).raise_for_status()
        else:
            headers = {"If-Match": "*"}
            client.post(
                f"{path}/erase", json={"number": customer["number"]}, headers=headers
            ).raise_for_status()
    async with at_desk(link.far, tmp_path) as person:
        await person.may("customers:write")
        await opened(person, customer)
        await person.sees("no such" if how == "deleted" else "[1 ")
        await person.pilot.pause(1)
        assert "Sigismund" not in person.screen
        assert "joanna@example.org" not in person.screen
    kept = holding(tmp_path, f"Sigismund {how}")
    assert not kept, kept


async def test_what_a_role_may_no_longer_see_is_not_shown(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    add_note(live_server, customer, "for staff alone")
    await visit(link, tmp_path, customer)
    async with at_desk(link.far, tmp_path) as person:
        desk = person.app.desk
        await person.may("notes:read")
        await opened(person, customer)
        await person.sees("for staff alone")
        desk.granted_before = desk.granted_before | {"something:else"}
        screen = person.app.screen
        assert isinstance(screen, ProfileScreen)
        before = screen.opened
        await desk.connect()
        await person._until(lambda: screen.opened not in (None, before), "a profile begun anew", 5)
        await person.sees("for staff alone")


async def test_where_nothing_may_be_kept_nothing_is_at_rest(
    live_server: LiveServer, link: Link, tmp_path: Path
) -> None:
    customer = make_customer(live_server, display_name="Quirin Quiet")
    await visit(link, tmp_path, customer)

    assert holding(tmp_path, "Quirin")
    async with at_desk(link.far, tmp_path, keeps=False) as person:
        await person.may("customers:write")
        await opened(person, customer)
        await person.sees("Quirin Quiet")
        await person.tab("contact")
        await person.sees("Middle name")
        await person.press("down", "e")
        await person.type("Typed")
        await person.press("enter")
        await person.sees("1 unsaved")
        await person.pilot.pause(1)
        assert not holding(tmp_path, "Quirin")
        await person.press("escape")
        await person.pilot.pause(0.3)
    assert not holding(tmp_path, "Quirin")

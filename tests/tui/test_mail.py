"""Mail and the portal by keyboard alone, against a real server that keeps what it would send."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from server.store.database import Database
from server.store.tables import messages
from tests.fixtures import Template
from tests.live import LiveServer, live
from tests.tui.desks import Person, at_desk
from tests.tui.test_profile import fetched, make_customer
from tui.services.first_password import speakable

FORM = "The subject line"
"""What the status line says at the first field of a message."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("post")


@pytest.fixture(scope="module")
def office(
    sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory, folder: Path
) -> Iterator[LiveServer]:
    """A server that keeps what it sends in `folder`."""
    copy = sqlite_template.copy(tmp_path_factory.mktemp("office"))
    with live(copy, mail_folder=folder, mail_from="office@desk.example") as server:
        yield server


def letters_to(folder: Path, address: str) -> list[EmailMessage]:
    kept = [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(folder.glob("*.eml"))]
    return [letter for letter in kept if letter["To"] == address]


async def sent(person: Person, folder: Path, address: str) -> EmailMessage:
    """Wait until something was sent to an address, and give it."""
    await person._until(lambda: bool(letters_to(folder, address)), f"a letter to {address}", 10)
    return letters_to(folder, address)[-1]


def customer_at(server: LiveServer, address: str, **members: object) -> dict[str, object]:
    return make_customer(server, emails=[{"address": address}], **members)


@pytest.mark.feature("F2.9")
async def test_m_writes_a_message_from_any_tab_and_its_state_is_shown(
    office: LiveServer, folder: Path, tmp_path: Path
) -> None:
    customer = customer_at(office, "m1@example.org")
    async with at_desk(office, tmp_path, open_customer=str(customer["id"])) as person:
        await person.press("m")
        await person.sees(FORM)
        assert "F2 send" in person.screen
        await person.type("Your appointment")
        await person.press("tab")
        await person.type("Tuesday at ten.")
        await person.press("f2")
        await person.sees("On its way to m1@example.org")
        letter = await sent(person, folder, "m1@example.org")
        assert letter["From"] == "Stan Staff <staff@desk.example>"
        assert letter.get_content().strip() == "Tuesday at ten."
        await person.press(_tab(person, "Notes"))
        await person.sees("Sent      Your appointment")


@pytest.mark.feature("F2.9")
async def test_with_several_addresses_a_message_asks_which_and_takes_no_other(
    office: LiveServer, folder: Path, tmp_path: Path
) -> None:
    emails = [{"address": "home@two.example"}, {"address": "work@two.example", "type": "work"}]
    customer = make_customer(office, emails=emails)
    async with at_desk(office, tmp_path, open_customer=str(customer["id"])) as person:
        await person.press("m")
        await person.sees("home@two.example")
        await person.press(*["backspace"] * len("home@two.example"))
        await person.type("else@two.example")
        await person.press("tab")
        await person.type("Hello")
        await person.press("tab")
        await person.type("There")
        await person.press("f2")
        await person.sees("This is not an address of this customer")
        await person.press("e")
        await person.press(*["backspace"] * len("else@two.example"))
        await person.type("work@two.example")
        await person.press("f2")
        await sent(person, folder, "work@two.example")


@pytest.mark.feature("F2.9")
async def test_a_message_half_written_is_there_again(office: LiveServer, tmp_path: Path) -> None:
    customer = customer_at(office, "m2@example.org")
    async with at_desk(office, tmp_path, open_customer=str(customer["id"])) as person:
        await person.press("m")
        await person.sees(FORM)
        await person.type("Half")
        await person.press("escape")
        await person.sees("what you typed is kept")
    async with at_desk(office, tmp_path, open_customer=str(customer["id"])) as person:
        await person.press("m")
        await person.sees("Half")


@pytest.mark.feature("F2.9")
async def test_without_a_mail_server_the_screen_says_that_messages_wait(
    own_server: LiveServer, tmp_path: Path
) -> None:
    customer = customer_at(own_server, "m3@example.org")
    with own_server.client() as client:
        given = {"subject": "Hello", "body": "There"}
        client.post(f"/v1/customers/{customer['id']}/messages", json=given)
    async with at_desk(own_server, tmp_path, open_customer=str(customer["id"])) as person:
        await person.press(_tab(person, "Notes"))
        await person.sees("Mail is not set up on this server")
        await _mark(person, "Waits     Hello")
        await person.press("d")
        await person.sees("u writes it again")
        await person.sees_no("Waits     Hello")
        await person.press("u")
        await person.sees("Waits     Hello")
        assert fetched(own_server, customer, "/messages")["total"] == 1


@pytest.mark.feature("F2.9")
async def test_what_could_not_be_sent_says_why_and_is_sent_again_on_a_key(
    own_server: LiveServer, tmp_path: Path
) -> None:
    customer = customer_at(own_server, "m9@example.org")
    with own_server.client() as client:
        given = {"subject": "Hello", "body": "There"}
        client.post(f"/v1/customers/{customer['id']}/messages", json=given)
    database = Database(own_server.database_url)
    failed = update(messages).values(state="failed", error="The mail server said: 550 No", due_at=None)
    database.write_now(lambda connection: connection.execute(failed))
    database.close()
    async with at_desk(own_server, tmp_path, open_customer=str(customer["id"])) as person:
        await person.press(_tab(person, "Notes"))
        await person.sees("The mail server said: 550 No")
        await _mark(person, "Not sent  Hello")
        await person.press("g")
        await person.sees("Waits     Hello")
        await person.sees_no("550 No")


@pytest.mark.feature("F2.8")
async def test_a_save_is_told_to_the_customer_only_where_that_was_switched_on_for_it(
    office: LiveServer, folder: Path, tmp_path: Path
) -> None:
    customer = customer_at(office, "m4@example.org")
    async with at_desk(office, tmp_path, open_customer=str(customer["id"])) as person:
        await _rename(person, "1")
        await person.sees("Saved")
        await person.press("E")
        await person.sees("customer will be e-mailed")
        await _rename(person, "2")
        await person.sees("and told to the customer")
        await person.sees_no("customer will be e-mailed")
        letter = await sent(person, folder, "m4@example.org")
        assert "Joanna Byrne12 (until now: Joanna Byrne1)" in letter.get_content()
        await _rename(person, "3")
        await person.sees_no("unsaved")
        assert len(letters_to(folder, "m4@example.org")) == 1


async def _rename(person: Person, more: str) -> None:
    await person.press("2")
    await person.sees("Full name")
    await person.press("home", "e")
    await person.type(more)
    await person.press("escape", "f2")


@pytest.mark.feature("F3.6")
async def test_a_password_is_masked_shown_on_a_key_and_kept_nowhere_on_disk(
    office: LiveServer, tmp_path: Path
) -> None:
    customer = customer_at(office, "m5@example.org")
    async with at_desk(office, tmp_path, open_customer=str(customer["id"]), size=(80, 60)) as person:
        await person.press("2")
        await _mark(person, "The customer has none")
        await person.press("e")
        await person.sees("Nobody else has it")
        await person.press("tab")
        await person.type("tall ships ahoy")
        masked = person.app.screen.query_one("LineEditor")
        assert masked.password  # type: ignore[attr-defined]
        await person.press("f4")
        assert not masked.password  # type: ignore[attr-defined]
        await person.press("shift+tab")
        drawn = "\n".join(line.text for line in person.app.screen._compositor.render_strips())
        assert "*" * len("tall ships ahoy") in drawn
        assert "tall ships ahoy" not in drawn
        await person.press("f2")
        await person.sees("Saved the portal account")
        await person.sees("the server keeps only a hash of it")
        await _mark(person, "the server keeps only a hash of it")
        await person.press("e")
        await person.sees("F4 show")
        await person.press("escape", "escape")
    assert b"tall ships" not in _on_disk(tmp_path)
    entered = _enter(office, "m5@example.org", "tall ships ahoy")
    assert entered.json()["customer_id"] == customer["id"]


@pytest.mark.feature("F3.6")
async def test_a_password_that_was_made_up_is_shown_once(office: LiveServer, tmp_path: Path) -> None:
    customer = customer_at(office, "m6@example.org")
    with office.client() as client:
        client.post(f"/v1/customers/{customer['id']}/send-confirmation")
    async with at_desk(office, tmp_path, open_customer=str(customer["id"]), size=(80, 60)) as person:
        await person.press("2")
        await _mark(person, "Login")
        await person.press("g")
        await person.sees("shown this once")
        found = re.search(r"Password +(\S+)", person.screen)
        assert found is not None
        assert _enter(office, "m6@example.org", found.group(1)).status_code == 200
        await person.press("escape")
        await person.sees_no(found.group(1))


@pytest.mark.feature("F2.10")
async def test_a_confirmation_is_sent_by_a_key_and_its_state_is_shown(
    office: LiveServer, folder: Path, tmp_path: Path
) -> None:
    customer = customer_at(office, "m7@example.org")
    async with at_desk(office, tmp_path, open_customer=str(customer["id"]), size=(80, 60)) as person:
        await person.press("2")
        await _mark(person, "The customer has none")
        await person.press("c")
        await person.sees("confirmation e-mail is on its way")
        letter = await sent(person, folder, "m7@example.org")
        link = re.search(r"(http://127\.0\.0\.1:\d+/v1/portal/confirm)\?token=(\S+)", letter.get_content())
        assert link is not None
        await person.sees("not confirmed yet")
        form = {"token": link.group(2), "password": "four quiet ships at sea"}
        async with httpx.AsyncClient(trust_env=False) as browser:
            assert (await browser.post(link.group(1), data=form)).status_code == 204
        await person.sees_no("not confirmed yet")
        await person.sees("confirmed today")
    assert fetched(office, customer, "/portal-account")["confirmed_at"]


async def test_a_viewer_is_offered_none_of_it(office: LiveServer, tmp_path: Path) -> None:
    customer = customer_at(office, "m8@example.org")
    async with at_desk(
        office, tmp_path, "viewer", open_customer=str(customer["id"]), size=(80, 60)
    ) as person:
        await person.press("m", "E")
        await person.press("2")
        await _mark(person, "The customer has none")
        await person.press("c", "g", "e")
        assert "Nobody else has it" not in person.screen
        assert FORM not in person.screen
        assert "customer will be e-mailed" not in person.screen


def test_made_up_passwords_can_be_read_out_and_differ() -> None:
    made = {speakable() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([a-z][aeiou]){2}(-([a-z][aeiou]){2}){4}", one) for one in made)


def _on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def _enter(server: LiveServer, login: str, password: str) -> httpx.Response:
    given = {"login": login, "password": password}
    return httpx.post(f"{server.url}/v1/portal/sign-in", json=given, trust_env=False)


def _tab(person: Person, title: str) -> str:
    """Give the digit of a tab."""
    found = re.search(rf"(\d) {title}", person.screen)
    assert found is not None, person.screen
    return found.group(1)


async def _mark(person: Person, text: str) -> None:
    """Move the marker down to the row with a text."""
    await person.sees(text)
    page = person.app.focused
    for row in page.rows:  # type: ignore[union-attr]
        if row.key is not None and text in "".join(span.text for span in row.spans):
            page.mark(row.key)  # type: ignore[union-attr]
            return
    raise AssertionError(f"no row says {text!r}")

"""The one who sends: patient with a mail server that is away, quick to give up on none, never twice."""

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import insert

from server.mail import queue, sender
from server.mail.delivery import Outcome
from server.mail.letter import Queued, Unwritable, letter
from server.mail.room import MailRoom
from server.mail.settings import MailRefused, MailServer, MailSettings
from server.opening import CannotStart
from server.store.database import Database
from server.store.ids import new_id
from server.store.tables import customers, messages
from tests.desk import SETTINGS, Desk
from tests.server.mailing import EMAILS, OFFICE, hurry, post, rows, sending, until, write_message
from tests.server.serving import served

Api = Callable[..., Awaitable[httpx.AsyncClient]]
NOWHERE = "smtp://127.0.0.1:9"


async def test_a_mail_server_that_is_busy_gets_the_message_later(desk: Desk, api: Api) -> None:
    await write_message(await api("staff"))
    async with post() as arrived, sending(desk.database, arrived.sink.url):
        arrived.answers["DATA"] = ["451 Try again later"]
        await until(lambda: rows(desk.database)[0].error)
        [waiting] = rows(desk.database)
        assert (waiting.state, waiting.error) == ("queued", "The mail server said: 451 Try again later")
        assert waiting.due_at > datetime.now(UTC) + timedelta(seconds=20)
        hurry(desk.database)
        await until(lambda: rows(desk.database)[0].state == "sent")
    assert len(arrived.raw) == 1
    assert rows(desk.database)[0].attempts == 2


async def test_while_the_mail_server_is_away_nothing_is_lost(desk: Desk, api: Api) -> None:
    client = await api("staff")
    for _ in range(3):
        await write_message(client)
    async with sending(desk.database, NOWHERE):
        await until(lambda: any(row.error for row in rows(desk.database)))
    assert {row.state for row in rows(desk.database)} == {"queued"}
    assert any(row.error.startswith("The mail server cannot be reached") for row in rows(desk.database))
    hurry(desk.database)
    async with post() as arrived, sending(desk.database, arrived.sink.url):
        await until(lambda: {row.state for row in rows(desk.database)} == {"sent"})
    assert len(arrived.raw) == 3
    assert not any(row.error for row in rows(desk.database))


async def test_a_mail_server_that_never_answers_is_given_up_on(sqlite_database: Database) -> None:
    _queue(sqlite_database, 1)
    talking: list[asyncio.StreamWriter] = []
    mute = await asyncio.start_server(lambda _reader, writer: talking.append(writer), "127.0.0.1")
    url = f"smtp://127.0.0.1:{mute.sockets[0].getsockname()[1]}"
    async with sending(sqlite_database, url, seconds=0.4):
        await until(lambda: rows(sqlite_database)[0].error)
    assert rows(sqlite_database)[0].error == "The mail server does not answer."
    await _hung_up(mute, talking)


async def test_a_server_that_ends_does_not_wait_for_a_mail_server_that_hangs(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "_PATIENCE", 0.1)
    _queue(sqlite_database, 1)
    talking: list[asyncio.StreamWriter] = []

    def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        talking.append(writer)

    slow = await asyncio.start_server(greet, "127.0.0.1")
    url = f"smtp://127.0.0.1:{slow.sockets[0].getsockname()[1]}"
    async with asyncio.timeout(5), sending(sqlite_database, url, seconds=60):
        await until(lambda: talking)
        await asyncio.sleep(0.1)
    assert rows(sqlite_database)[0].state == "queued"
    await _hung_up(slow, talking)


async def test_after_two_days_of_trying_a_message_has_failed(sqlite_database: Database) -> None:
    _queue(sqlite_database, 1)
    began = moment = datetime.now(UTC)
    for _ in range(queue.MOST_ATTEMPTS):
        taken = _take(sqlite_database, moment)
        assert taken is not None
        assert _take(sqlite_database, moment) is None, "it is held"
        _settle(sqlite_database, taken, Outcome("later", "Away."), moment)
        moment += queue.wait_after(taken.attempts)
    [row] = rows(sqlite_database)
    assert (row.state, row.error, row.due_at) == ("failed", "Away.", None)
    assert timedelta(days=1) < moment - began < timedelta(days=3)


async def test_what_one_held_and_died_with_another_sends(sqlite_database: Database) -> None:
    _queue(sqlite_database, 1)
    now = datetime.now(UTC)
    first = _take(sqlite_database, now)
    second = _take(sqlite_database, now + timedelta(minutes=1))
    assert first is not None
    assert second is not None
    _settle(sqlite_database, first, Outcome("later", "Too slow."), now)
    assert rows(sqlite_database)[0].state == "sending", "the second attempt counts now"
    _settle(sqlite_database, second, Outcome("sent"), now)
    assert rows(sqlite_database)[0].state == "sent"


async def test_several_servers_send_each_message_once(database: Database) -> None:
    _queue(database, 24)
    others = [Database(_url(database)) for _ in range(2)]
    async with post() as arrived:
        url = arrived.sink.url
        async with sending(database, url), sending(others[0], url), sending(others[1], url):
            await until(lambda: {row.state for row in rows(database)} == {"sent"}, 30)
    for other in others:
        other.close()
    came = Counter(letter["Message-ID"] for letter in arrived.letters)
    assert len(came) == 24
    assert set(came.values()) == {1}


async def test_a_server_killed_while_it_sends_loses_no_message(database: Database, tmp_path: Path) -> None:
    _queue(database, 3)
    url = _url(database)
    talking: list[asyncio.StreamWriter] = []
    mute = await asyncio.start_server(lambda _reader, writer: talking.append(writer), "127.0.0.1")
    mute_url = f"smtp://127.0.0.1:{mute.sockets[0].getsockname()[1]}"
    given = {"KEEPTABS_SERVER_MAIL_FROM": "office@desk.example", "KEEPTABS_SERVER_MAIL_SECONDS": "0.3"}
    with served(url, tmp_path, KEEPTABS_SERVER_SMTP_URL=mute_url, **given) as running:
        await until(lambda: talking)
        running.stop(signal.SIGKILL)
    assert "sending" in {row.state for row in rows(database)}
    await _hung_up(mute, talking)
    async with post() as arrived:
        with served(url, tmp_path, KEEPTABS_SERVER_SMTP_URL=arrived.sink.url, **given):
            await until(lambda: {row.state for row in rows(database)} == {"sent"}, 20)
    assert sorted(Counter(letter["Message-ID"] for letter in arrived.letters).values()) == [1, 1, 1]


async def test_without_tls_nothing_goes_to_another_machine(sqlite_database: Database) -> None:
    strict = MailServer.of("smtp://mail.example.org")
    assert not strict.may_be_clear
    assert MailServer.of("smtp://mail.example.org", insecure=True).may_be_clear
    assert MailServer.of("smtp://localhost:2525").may_be_clear
    assert MailServer.of("smtps://anna%40x.example:p%2Fw@mail.example.org") == MailServer(
        "mail.example.org", 465, implicit_tls=True, may_be_clear=False, user="anna@x.example", password="p/w"
    )
    assert "p/w" not in repr(MailServer.of("smtps://anna:p%2Fw@mail.example.org"))
    for unreadable in ("mail.example.org", "http://mail.example.org", "smtp://", "smtp://a:b:c@d:e"):
        with pytest.raises(MailRefused):
            MailServer.of(unreadable)


def test_a_server_that_is_set_up_wrongly_does_not_start(sqlite_database: Database) -> None:
    for wrong, sentence in (
        ({"smtp_url": "smtp://mail.example.org"}, "--mail-from"),
        ({"smtp_url": "smtp://mail.example.org", "mail_from": "the office"}, "--mail-from"),
        ({"smtp_url": "mail.example.org", "mail_from": OFFICE}, "smtp://"),
    ):
        with pytest.raises(CannotStart, match=sentence):
            MailRoom(SETTINGS.model_copy(update=wrong), sqlite_database, "http://127.0.0.1:8765")


def test_links_are_made_of_what_the_server_was_told_or_of_loopback_alone() -> None:
    mail = SETTINGS.model_copy(update={"smtp_url": "smtp://mail.example.org", "mail_from": OFFICE})
    told = mail.model_copy(update={"public_url": "https://desk.example/"})
    for settings, own_url, portal_url in (
        (mail, "http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        (mail, "https://0.0.0.0:8765", ""),
        (told, "https://0.0.0.0:8765", "https://desk.example"),
    ):
        known = MailSettings.of(settings, own_url)
        assert known is not None
        assert known.portal_url == portal_url


def test_names_that_carry_line_breaks_add_no_header() -> None:
    sly = "Eve\r\nBcc: all@example.org"
    made = letter(queued(author=sly, subject=sly), sly, "office@desk.example")
    text = made.as_bytes()
    assert b"\nBcc" not in text
    assert [name for name, _ in made.items()].count("To") == 1
    assert made["Bcc"] is None


def test_addresses_of_other_alphabets_travel_as_the_name_system_has_them() -> None:
    made = letter(queued(to="anna@bücher.example"), "Büro", "office@desk.example")
    assert made["To"] == "anna@xn--bcher-kva.example"
    made.as_bytes().decode("ascii")
    with pytest.raises(Unwritable):
        letter(queued(to=f"anna@{'ü' * 80}.example"), "Büro", "office@desk.example")


def test_what_the_server_writes_itself_says_so() -> None:
    made = letter(queued(kind="changes"), "Test desk", "office@desk.example")
    assert made["From"] == "Test desk <office@desk.example>"
    assert made["Reply-To"] == "Stan <stan@desk.example>"
    assert made["Auto-Submitted"] == "auto-generated"


def queued(**members: str) -> Queued:
    given = {"kind": "message", "to": "a@example.org", "sender": "stan@desk.example", "author": "Stan"}
    given |= {"subject": "Hi", "body": "Text"} | members
    return Queued(id="m1", customer_id="c1", created_at=datetime.now(UTC), attempts=1, **given)


def _queue(database: Database, count: int) -> None:
    """Put messages into the queue of a database that nobody serves."""
    now = datetime.now(UTC)
    customer = {"id": new_id(), "version": 1, "created_at": now, "updated_at": now, "number": 1, "rank": 1}
    customer |= {"type": "individual", "display_name": "A", "sort_name": "a", "status": "new"}
    customer |= {"access": "allowed", "emails": EMAILS, "phones": [], "addresses": []}
    message = {"version": 1, "created_at": now, "updated_at": now, "customer_id": customer["id"]}
    message |= {"kind": "message", "to": "joanna@example.org", "sender": "stan@desk.example", "due_at": now}
    message |= {"subject": "Hi", "body": "Text", "state": "queued", "author": "Stan"}
    rows = [{**message, "id": new_id()} for _ in range(count)]
    database.write_now(lambda c: (c.execute(insert(customers), customer), c.execute(insert(messages), rows)))


async def _hung_up(server: asyncio.Server, talking: list[asyncio.StreamWriter]) -> None:
    server.close()
    for writer in talking:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def _url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def _take(database: Database, now: datetime) -> Queued | None:
    return database.write_now(lambda connection: queue.take(connection, now, timedelta(seconds=25)))


def _settle(database: Database, message: Queued, outcome: Outcome, now: datetime) -> None:
    database.write_now(lambda connection: queue.settle(connection, message, outcome, now))

"""Messages to customers: what people may ask for, and what arrives at a mail server over a real socket."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from server.store.database import Database
from server.store.tables import staff
from tests.desk import Desk, make_customer
from tests.server.mailing import EMAILS, OFFICE, post, rows, sending, until, write_message

Api = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.mark.feature("F2.9")
async def test_a_message_arrives_from_its_author_and_its_state_is_told(desk: Desk, api: Api) -> None:
    client = await api("staff")
    made = await write_message(client, subject="Żółw – your card", body="Grüße\n.\n" + "long " * 400)
    assert made.status_code == 201, made.text
    assert made.json().get("state", "queued") == "queued"
    async with post() as arrived, sending(desk.database, arrived.sink.url):
        await until(lambda: rows(desk.database)[0].state == "sent")
    [letter] = arrived.letters
    assert letter["From"] == "Stan Staff <staff@desk.example>"
    assert letter["Reply-To"] == "Stan Staff <staff@desk.example>"
    assert letter["Sender"] == f"Test desk <{OFFICE}>"
    assert letter["To"] == "joanna@example.org"
    assert letter["Subject"] == "Żółw – your card"
    assert letter["Message-ID"] == f"<{made.json()['id']}@desk.example>"
    assert letter["Date"]
    assert letter["Return-Path"] == f"<{OFFICE}>", "bounces go to the business"
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().splitlines() == ["Grüße", ".", ("long " * 400).rstrip()]
    [shown] = (await client.get(made.headers["Location"].rpartition("/")[0])).json()["items"]
    assert shown["state"] == "sent"
    assert shown["sent_at"] >= shown["created_at"]
    assert shown["version"] == 3
    events = (await client.get(made.headers["Location"].split("/messages")[0] + "/events")).json()["items"]
    assert [event["kind"] for event in events[:2]] == ["messages.sent", "messages.created"]


async def test_a_message_goes_to_an_address_of_the_customer_and_to_no_other(api: Api) -> None:
    client = await api("staff")
    emails = [*EMAILS, {"address": "work@example.org", "type": "work"}]
    customer = await make_customer(client, emails=emails)
    assert (await write_message(client, customer.id)).json()["to"] == "joanna@example.org"
    assert (await write_message(client, customer.id, to="work@example.org")).json()[
        "to"
    ] == "work@example.org"
    refused = await write_message(client, customer.id, to="stranger@example.org")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "not_of_customer"
    nobody = await make_customer(client)
    assert (await write_message(client, nobody.id)).json()["code"] == "no_address"


async def test_who_has_no_address_cannot_write_and_hears_the_way_to_one(desk: Desk, api: Api) -> None:
    desk.database.write_now(
        lambda c: c.execute(update(staff).where(staff.c.role == "staff").values(email=""))
    )
    refused = await write_message(await api("staff"))
    assert refused.status_code == 409
    assert refused.json()["code"] == "no_sender_address"
    assert "admin" in refused.json()["detail"]


async def test_a_viewer_sees_messages_and_writes_none(api: Api) -> None:
    made = await write_message(await api("staff"))
    viewer = await api("viewer")
    assert (await viewer.get(made.headers["Location"])).status_code == 200
    place, _, _ = made.headers["Location"].rpartition("/messages/")
    assert (await write_message(viewer, place.rpartition("/")[2])).status_code == 403
    assert (await viewer.post(f"{made.headers['Location']}/resend")).status_code == 403


async def test_nobody_adds_headers_recipients_or_another_sender(api: Api) -> None:
    client = await api("staff")
    customer = await make_customer(client, emails=EMAILS)
    for members in (
        {"subject": "Hi\r\nBcc: all@example.org"},
        {"subject": "Hi\nX: y"},
        {"subject": "  "},
        {"body": ""},
        {"to": "a@example.org\r\nRCPT TO:<b@example.org>"},
        {"to": "a@example.org, b@example.org"},
        {"state": "sent"},
        {"sender": "boss@desk.example"},
    ):
        assert (await write_message(client, customer.id, **members)).status_code == 422, members


@pytest.mark.feature("F2.9")
async def test_a_waiting_message_can_be_called_back_and_a_sent_one_stays(desk: Desk, api: Api) -> None:
    client = await api("staff")
    made = await write_message(client)
    place = made.headers["Location"]
    assert (await client.delete(place)).status_code == 204
    assert not rows(desk.database)
    place = (await write_message(client)).headers["Location"]
    async with post() as arrived, sending(desk.database, arrived.sink.url):
        await until(lambda: rows(desk.database)[0].state == "sent")
    refused = await client.delete(place)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_sent")
    assert (await client.patch(place, json={})).status_code == 405


@pytest.mark.feature("F2.9")
async def test_what_the_mail_server_never_takes_is_told_and_can_be_sent_again(desk: Desk, api: Api) -> None:
    client = await api("staff")
    place = (await write_message(client)).headers["Location"]
    assert (await client.post(f"{place}/resend")).json()["code"] == "not_failed"
    async with post() as arrived, sending(desk.database, arrived.sink.url):
        arrived.answers["RCPT"] = ["550 No such\x1b[31m user  here"]
        await until(lambda: rows(desk.database)[0].state == "failed")
        shown = (await client.get(place)).json()
        assert shown["error"] == "The mail server said: 550 No such[31m user here"
        assert not arrived.raw
        assert (await client.post(f"{place}/resend")).status_code == 200
        await until(lambda: rows(desk.database)[0].state == "sent")
    assert len(arrived.raw) == 1
    assert "error" not in (await client.get(place)).json()


async def test_without_a_mail_server_messages_wait_and_the_service_says_so(
    desk: Desk, api: Api, tmp_path: Path
) -> None:
    client = await api("staff")
    assert "mail" not in (await client.get("/v1/")).json()["features"]
    assert (await write_message(client)).status_code == 201
    assert rows(desk.database)[0].state == "queued"


async def test_a_message_goes_with_its_customer(database: Database, desk: Desk, api: Api) -> None:
    client = await api("staff")
    customer = await make_customer(client, emails=EMAILS)
    await write_message(client, customer.id)
    await client.post(f"/v1/customers/{customer.id}/archive")
    assert (await client.delete(f"/v1/customers/{customer.id}")).status_code == 204
    assert not rows(database)

"""The customers' portal: accounts, confirmation by a link, sign-in, and who is shut out."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from client.models import Customer
from server.store.database import Database
from server.store.tables import events, idempotency_keys, messages, portal_accounts, portal_links
from tests.desk import MERGE_PATCH, SETTINGS, Desk, make_customer, open_desk
from tests.server.mailing import EMAILS, post, rows, sending, until

Api = Callable[..., Awaitable[httpx.AsyncClient]]
GOOD = "four quiet ships at sea"


async def _account(client: httpx.AsyncClient, customer: Customer, **members: Any) -> httpx.Response:
    headers = MERGE_PATCH | {"If-Match": '"0"', "Idempotency-Key": "k1"}
    place = f"/v1/customers/{customer.id}/portal-account"
    return await client.patch(place, json={"login": "joanna"} | members, headers=headers)


async def _enter(client: httpx.AsyncClient, password: str, login: str = "joanna") -> tuple[int, str]:
    answer = await client.post("/v1/portal/sign-in", json={"login": login, "password": password})
    return answer.status_code, answer.json().get("code") or answer.json()["customer_id"]


async def _link(desk: Desk) -> str:
    """Send what is queued, and give the token of the link in the newest letter."""
    async with post() as arrived, sending(desk.database, arrived.sink.url):
        await until(lambda: all(row.state == "sent" for row in rows(desk.database)))
    found = re.search(
        r"https://desk\.example/v1/portal/confirm\?token=(\S+)", arrived.letters[-1].get_content()
    )
    assert found is not None
    return found.group(1)


@pytest.mark.feature("F3.6")
async def test_a_password_is_set_and_never_given_back(desk: Desk, api: Api) -> None:
    client = await api("staff")
    customer = await make_customer(client)
    made = await _account(client, customer, password=GOOD)
    assert made.status_code == 200, made.text
    again = await _account(client, customer, password=GOOD)
    assert again.headers["Idempotency-Replayed"] == "true"
    place = f"/v1/customers/{customer.id}"
    seen = [made.text, (await client.get(f"{place}/portal-account")).text]
    seen.append((await client.get(f"{place}?include=portal_account,events")).text)
    everything = desk.database.read_now(
        lambda c: str(
            [c.execute(select(table)).all() for table in (portal_accounts, events, idempotency_keys)]
        )
    )
    for text in (*seen, everything):
        assert GOOD not in text
    for text in seen:
        assert "argon2" not in text
        assert "password_set_at" in text
    assert "$argon2id$" in everything
    assert await _enter(await api(None), GOOD) == (200, customer.id)
    assert await _enter(await api(None), GOOD, "JOANNA") == (200, customer.id)
    assert await _enter(await api(None), "another one here") == (403, "wrong_login")
    assert await _enter(await api(None), GOOD, "nobody") == (403, "wrong_login")
    assert "last_sign_in_at" in (await client.get(f"{place}/portal-account")).json()


@pytest.mark.feature("F3.6")
async def test_a_new_password_replaces_the_old_one_and_null_takes_it_away(api: Api) -> None:
    client, stranger = await api("staff"), await api(None)
    customer = await make_customer(client)
    await _account(client, customer, password=GOOD)
    place, headers = f"/v1/customers/{customer.id}/portal-account", MERGE_PATCH | {"If-Match": "*"}
    changed = await client.patch(place, json={"password": "five loud boats ashore"}, headers=headers)
    assert changed.json()["version"] == 2
    assert await _enter(stranger, GOOD) == (403, "wrong_login")
    assert (await _enter(stranger, "five loud boats ashore"))[0] == 200
    await client.patch(place, json={"login": "jo"}, headers=headers)
    assert (await _enter(stranger, "five loud boats ashore", "jo"))[0] == 200
    gone = await client.patch(place, json={"password": None}, headers=headers)
    assert "password_set_at" not in gone.json()
    assert await _enter(stranger, "five loud boats ashore", "jo") == (403, "wrong_login")
    assert (await client.delete(place)).status_code == 204
    assert (await client.get(place)).status_code == 404


async def test_weak_passwords_and_taken_logins_are_refused(api: Api) -> None:
    client = await api("staff")
    await _account(client, await make_customer(client), login="Taken")
    customer = await make_customer(client)
    place, headers = f"/v1/customers/{customer.id}/portal-account", MERGE_PATCH | {"If-Match": '"0"'}
    refused: tuple[tuple[dict[str, str], int, str], ...] = (
        ({"password": "short"}, 422, "wrong_length"),
        ({"password": "aaaaaaaaaaaaaa"}, 422, "weak_password"),
        ({"password": "password1234"}, 422, "weak_password"),
        ({"login": "joanna.byrne", "password": "Joanna.Byrne"}, 422, "weak_password"),
        ({"login": "two words"}, 422, "not_a_code"),
        ({"login": "TAKEN"}, 409, "login_taken"),
    )
    for members, status, code in refused:
        answer = await client.patch(place, json={"login": "joanna"} | members, headers=headers)
        assert answer.status_code == status, answer.text
        assert answer.json()["errors"][0]["code"] == code
        assert "password" not in members or members["password"] not in answer.text


@pytest.mark.feature("F2.4", "F2.5")
async def test_archived_and_blocked_customers_cannot_sign_in(api: Api) -> None:
    client, stranger = await api("staff"), await api(None)
    customer = await make_customer(client, emails=EMAILS)
    place = f"/v1/customers/{customer.id}"
    await _account(client, customer, password=GOOD)

    async def access(word: str) -> None:
        headers = MERGE_PATCH | {"If-Match": "*"}
        await client.patch(place, json={"access": word}, headers=headers)

    async def act(name: str) -> None:
        await client.post(f"{place}/{name}")

    for shut, reopen in (
        (act("archive"), act("unarchive")),
        (act("block"), act("unblock")),
        (access("blocked"), access("allowed")),
    ):
        assert await _enter(stranger, GOOD) == (200, customer.id)
        await shut
        assert await _enter(stranger, GOOD) == (403, "portal_closed")
        wrong = await _enter(stranger, "not the password")
        assert wrong == (403, "wrong_login"), "nobody learns who is blocked"
        assert (await client.get(f"{place}/portal-account")).json()["disabled"] is True
        assert (await client.post(f"{place}/send-confirmation")).json()["code"] == "portal_closed"
        await reopen


@pytest.mark.feature("F2.10")
async def test_a_confirmation_is_sent_its_state_shown_and_its_link_good_once(desk: Desk, api: Api) -> None:
    client, stranger = await api("staff"), await api(None)
    customer = await make_customer(client, emails=EMAILS)
    place = f"/v1/customers/{customer.id}/portal-account"
    assert (await client.post(f"/v1/customers/{customer.id}/send-confirmation")).status_code == 200
    first = (await client.get(place)).json()
    assert (first["login"], first["confirmation"]) == ("joanna@example.org", "queued")
    token = await _link(desk)
    shown = (await client.get(place)).json()
    assert shown["confirmation"] == "sent"
    assert shown["confirmation_sent_at"]
    page = await stranger.get("/v1/portal/confirm", params={"token": token})
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "<script" not in page.text
    assert token in page.text
    form = {"token": token, "password": GOOD, "again": GOOD}
    weak = await stranger.post("/v1/portal/confirm", data=form | {"password": "short", "again": "short"})
    assert weak.status_code == 422
    other = await stranger.post("/v1/portal/confirm", data=form | {"again": "typed otherwise"})
    assert other.json()["errors"][0]["code"] == "not_the_same"
    done = await stranger.post("/v1/portal/confirm", data=form, headers={"Accept": "text/html"})
    assert "is confirmed" in done.text
    assert (await client.get(place)).json()["confirmed_at"]
    assert (await _enter(stranger, GOOD, "joanna@example.org"))[0] == 200
    used = await stranger.post("/v1/portal/confirm", data=form)
    assert (used.status_code, used.json()["code"]) == (409, "link_over")
    assert token not in (await stranger.get("/v1/portal/confirm", params={"token": token})).text
    history = (await client.get(f"/v1/customers/{customer.id}/events")).json()["items"]
    assert history[0]["kind"] == "portal-account.confirmed"
    assert history[0]["actor"] == "Joanna Byrne"


@pytest.mark.feature("F2.10")
async def test_a_link_is_kept_as_a_hash_and_ends_with_a_newer_one_with_its_address_and_in_time(
    desk: Desk, api: Api
) -> None:
    client, stranger = await api("staff"), await api(None)
    customer = await make_customer(client, emails=EMAILS)
    place = f"/v1/customers/{customer.id}"

    async def over(token: str) -> bool:
        return token not in (await stranger.get("/v1/portal/confirm", params={"token": token})).text

    await client.post(f"{place}/send-confirmation")
    await client.post(f"{place}/send-confirmation")
    assert len(rows(desk.database)) == 1, "what waits is replaced"
    old = await _link(desk)
    stored = desk.database.read_now(
        lambda c: str([c.execute(select(table)).all() for table in (messages, portal_links, events)])
    )
    assert old not in stored
    await client.post(f"{place}/send-confirmation")
    new = await _link(desk)
    assert await over(old)
    assert not await over(new)
    headers = MERGE_PATCH | {"If-Match": "*"}
    await client.patch(place, json={"emails": [{"address": "right@example.org"}]}, headers=headers)
    assert await over(new), "it went to a mistyped address"
    await client.patch(place, json={"emails": EMAILS}, headers=headers)
    assert not await over(new)
    late = update(portal_links).values(expires_at=portal_links.c.expires_at.type.python_type(2020, 1, 1))
    desk.database.write_now(lambda connection: connection.execute(late))
    assert await over(new)


async def test_a_server_that_does_not_know_its_address_says_so_instead_of_a_broken_link(
    desk: Desk, api: Api
) -> None:
    client = await api("staff")
    customer = await make_customer(client, emails=EMAILS)
    await client.post(f"/v1/customers/{customer.id}/send-confirmation")
    async with post() as arrived, sending(desk.database, arrived.sink.url, portal_url=""):
        await until(lambda: rows(desk.database)[0].state == "failed")
    assert "--public-url" in rows(desk.database)[0].error
    account = (await client.get(f"/v1/customers/{customer.id}/portal-account")).json()
    assert account["confirmation"] == "failed"


async def test_a_family_that_shares_an_address_gets_logins_of_its_own(desk: Desk, api: Api) -> None:
    client = await api("staff")
    logins = []
    for _ in range(2):
        customer = await make_customer(client, emails=EMAILS)
        await client.post(f"/v1/customers/{customer.id}/send-confirmation")
        logins.append((await client.get(f"/v1/customers/{customer.id}/portal-account")).json()["login"])
    assert logins == ["joanna@example.org", str(customer.number)]
    nobody = await make_customer(client)
    refused = await client.post(f"/v1/customers/{nobody.id}/send-confirmation")
    assert refused.json()["code"] == "no_address"


async def test_a_viewer_sees_the_account_and_changes_nothing(api: Api) -> None:
    client, viewer = await api("staff"), await api("viewer")
    customer = await make_customer(client, emails=EMAILS)
    await _account(client, customer)
    place = f"/v1/customers/{customer.id}"
    assert (await viewer.get(f"{place}/portal-account")).status_code == 200
    assert (await viewer.post(f"{place}/send-confirmation")).status_code == 403
    headers = MERGE_PATCH | {"If-Match": "*"}
    assert (await viewer.patch(f"{place}/portal-account", json={}, headers=headers)).status_code == 403


async def test_guessing_at_the_portal_is_slowed_down(sqlite_database: Database) -> None:
    desk = open_desk(sqlite_database, SETTINGS.model_copy(update={"sign_in_limits": True}))
    async with desk.client(None) as stranger:
        tries = [(await _enter(stranger, f"guess number {number}"))[0] for number in range(7)]
        assert tries == [403] * 5 + [429] * 2
        form = {"grant_type": "password", "username": "joanna", "password": "none of these"}
        staff = await stranger.post("/v1/oauth/token", data=form)
        assert staff.status_code == 400, "staff are counted apart"

"""Whoever said no is on no marketing list of that channel, whoever asks and however; and the list says so."""

import random
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from client.models.consent import CHANNELS
from server.rules.marketing import may_be_marketed_to, opted_out, reached_by, wants_marketing
from tests.desk import make_customer

Api = Callable[..., Awaitable[httpx.AsyncClient]]

pytestmark = pytest.mark.feature("F4.3")

_REACHABLE = {
    "emails": [{"address": "somebody@example.org"}],
    "phones": [{"number": "+442079460958"}],
    "addresses": [{"line1": "1 Quay", "city": "Porto"}],
}


async def _says(staff: httpx.AsyncClient, customer_id: str, channel: str, state: str) -> None:
    answer = {"channel": channel, "purpose": "marketing", "state": state}
    body = {"answers": [answer], "source": "phone", "note": "Asked for it"}
    reply = await staff.post(f"/v1/customers/{customer_id}/consents", json=body)
    assert reply.status_code == 200, reply.text


async def _list(client: httpx.AsyncClient, channel: str, **search: Any) -> dict[str, Any]:
    answer = await client.post("/v1/customers/audience", json={"channel": channel} | search)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_opt_out_leaves_one_channel_alone_and_is_counted(api: Api) -> None:
    staff = await api()
    olive = await make_customer(staff, given_name="Olive", **_REACHABLE)
    frank = await make_customer(staff, given_name="Frank", **_REACHABLE)
    await make_customer(staff, given_name="Nemo")
    for channel in CHANNELS:
        await _says(staff, olive.id, channel, "denied")
        found = await _list(staff, channel)
        unreached = 0 if channel == "push" else 1
        assert (found["left_out"], found["unreachable"]) == (1, unreached), channel
        assert found["total"] == len(found["items"]) == 2 - unreached
        assert frank.id in {row["id"] for row in found["items"]}
        await _says(staff, olive.id, channel, "granted")
        assert (await _list(staff, channel))["left_out"] == 0
        willing = await _list(staff, channel, willing="granted")
        assert [row["id"] for row in willing["items"]] == [olive.id]


@pytest.mark.parametrize("role", ["viewer", "staff", "admin"])
async def test_no_role_flag_or_filter_brings_them_back(api: Api, role: str) -> None:
    admin = await api("admin")
    label = (await admin.post("/v1/labels", json={"name": "donor"})).json()["name"]
    branch = (await admin.post("/v1/branches", json={"name": "Quay"})).json()["id"]
    members = _REACHABLE | {"labels": [label], "branch_id": branch}
    gone = await make_customer(admin, given_name="Olive", email_opt_out=True, **members)
    kept = await make_customer(admin, given_name="Frank", **members)
    client = await api(role)
    narrow: list[dict[str, Any]] = [
        {"q": "olive"},
        {"q": "somebody@example.org"},
        {"q": str(gone.number)},
        {"q": "byrne", "sort": "name"},
        {"label": ["donor"]},
        {"branch_id": branch},
        {"status": ["new"]},
        {"archived": "any"},
        {"limit": 1},
        {"fields": ["display_name"]},
        *({"sort": order} for order in ("recent", "number", "-number", "name", "-email", "city")),
    ]
    for search in narrow:
        found = await _list(client, "email", **search)
        ids = {row["id"] for row in found["items"]}
        while "next_cursor" in found:
            found = await _list(client, "email", **search, cursor=found["next_cursor"])
            assert "left_out" not in found
            ids |= {row["id"] for row in found["items"]}
        assert gone.id not in ids, search
        assert ids <= {kept.id}
    assert (await _list(client, "email", q="olive"))["left_out"] == 1
    assert (await _list(client, "email"))["left_out"] == 1
    assert (await _list(client, "post"))["left_out"] == 0


_ODD: tuple[dict[str, Any], ...] = (
    {},
    {"channel": ""},
    {"channel": "EMAIL"},
    {"channel": "fax"},
    {"channel": "email' OR '1'='1"},
    {"channel": ["email"]},
    {"channel": None},
    {"channel": "email", "include_opted_out": True},
    {"channel": "email", "email_opt_out": True},
    {"channel": "email", "left_out": 0},
    {"channel": "email", "willing": "denied"},
    {"channel": "email", "willing": "any"},
    {"channel": "email", "fields": ["email_opt_out"]},
)


async def test_an_odd_body_is_refused_and_finds_nobody(api: Api) -> None:
    admin = await api("admin")
    await make_customer(admin, email_opt_out=True, **_REACHABLE)
    for body in _ODD:
        answer = await admin.post("/v1/customers/audience", json=body)
        assert (answer.status_code, "items" in answer.json()) == (422, False), body
    flagged = await admin.post(
        "/v1/customers/audience?archived=any&include=opted_out",
        json={"channel": "email"},
        headers={"X-Include-Opted-Out": "1", "Prefer": "handling=lenient"},
    )
    assert (flagged.json()["items"], flagged.json()["left_out"]) == ([], 1)


async def test_words_that_fit_too_many_make_no_list(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    staff = await api()
    for _ in range(3):
        await make_customer(staff, **_REACHABLE)
    assert (await _list(staff, "email", q="byrne"))["total"] == 3
    monkeypatch.setattr("server.store.search.audience.MOST", 2)
    answer = await staff.post("/v1/customers/audience", json={"channel": "email", "q": "byrne"})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_matches")
    assert answer.json()["errors"][0]["pointer"] == "/q"
    assert (await _list(staff, "email"))["total"] == 3


@pytest.mark.parametrize("seed", range(1))
async def test_every_list_is_everyone_but_those_who_said_no(api: Api, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same dice each time
    staff = await api()
    said_no: dict[str, set[str]] = {channel: set() for channel in CHANNELS}
    everyone: set[str] = set()
    for _ in range(8):
        customer = await make_customer(staff, mail_opt_out=dice.random() < 0.3, **_REACHABLE)
        everyone.add(customer.id)
        if customer.mail_opt_out:
            said_no["post"].add(customer.id)
        for channel in dice.sample(list(CHANNELS), 2):
            state = dice.choice(["granted", "denied"])
            await _says(staff, customer.id, channel, state)
            said_no[channel].discard(customer.id)
            if state == "denied":
                said_no[channel].add(customer.id)
    for channel, gone in said_no.items():
        found = await _list(staff, channel, limit=200)
        assert {row["id"] for row in found["items"]} == everyone - gone
        assert (found["left_out"], found["total"]) == (len(gone), len(everyone - gone))


@pytest.mark.parametrize("condition", [opted_out, may_be_marketed_to, wants_marketing, reached_by])
def test_nothing_but_a_known_channel_becomes_part_of_a_statement(condition: Callable[[str], str]) -> None:
    for channel in ("fax", "email'", "", "email OR 1=1"):
        with pytest.raises(KeyError):
            condition(channel)

"""What a customer wants to hear: answers, opt-outs that agree with them, and how a new yes was given."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.desk import MERGE_PATCH, make_customer

Api = Callable[..., Awaitable[httpx.AsyncClient]]

_CALLED = {"source": "phone", "note": "Asked for the spring offers again"}


async def _answer(client: httpx.AsyncClient, customer_id: str, *cells: str, **more: Any) -> httpx.Response:
    """Send answers such as `marketing email denied`."""
    answers = [dict(zip(("purpose", "channel", "state"), cell.split(), strict=True)) for cell in cells]
    body = {"answers": answers} | more
    return await client.post(f"/v1/customers/{customer_id}/consents", json=body)


async def _cells(client: httpx.AsyncClient, customer_id: str) -> dict[str, dict[str, Any]]:
    items = (await client.get(f"/v1/customers/{customer_id}/consents")).json()["items"]
    return {f"{one['purpose']} {one['channel']}": one for one in items}


@pytest.mark.feature("F4.1")
async def test_several_answers_are_taken_at_once_with_when_and_by_whom(api: Api) -> None:
    staff = await api()
    customer = await make_customer(staff)
    answer = await _answer(
        staff, customer.id, "appointments sms granted", "marketing push denied", source="in_person"
    )
    assert answer.status_code == 200, answer.text
    cells = await _cells(staff, customer.id)
    assert {name: cell["state"] for name, cell in cells.items()} == {
        "appointments sms": "granted",
        "marketing push": "denied",
    }
    push = cells["marketing push"]
    assert (push["updated_by"], push["source"], push["version"]) == ("Stan Staff", "in_person", 1)
    (event, _) = (await staff.get(f"/v1/customers/{customer.id}/events")).json()["items"]
    assert event["kind"] == "consents.changed"
    assert event["changes"] == [
        {"field": "/appointments/sms", "new": "granted"},
        {"field": "/marketing/push", "new": "denied"},
        {"field": "/source", "new": "in_person"},
    ]
    again = await _answer(await api("admin"), customer.id, "marketing push denied")
    assert again.status_code == 200
    assert (await _cells(staff, customer.id))["marketing push"] == push
    document = (await staff.get(f"/v1/customers/{customer.id}?include=consents")).json()
    assert len(document["consents"]["items"]) == 2


@pytest.mark.feature("F4.2")
async def test_unsubscribing_is_one_fact_whichever_way_it_is_told(api: Api) -> None:
    staff = await api()
    customer = await make_customer(staff)
    answer = await _answer(staff, customer.id, "marketing email denied", "marketing post denied")
    assert answer.json()["email_opt_out"]
    assert answer.json()["mail_opt_out"]
    assert answer.headers["ETag"] == '"2"'
    told = (await staff.get(f"/v1/customers/{customer.id}/events")).json()["items"]
    assert [event["kind"] for event in told[:2]] == ["customers.changed", "consents.changed"]
    other = await make_customer(staff, email_opt_out=True)
    assert (await _cells(staff, other.id))["marketing email"]["state"] == "denied"
    patch = MERGE_PATCH | {"If-Match": '"1"'}
    await staff.patch(f"/v1/customers/{other.id}", json={"mail_opt_out": True}, headers=patch)
    letters = (await _cells(staff, other.id))["marketing post"]
    assert (letters["state"], letters["updated_by"]) == ("denied", "Stan Staff")


@pytest.mark.feature("F4.2")
async def test_nobody_is_subscribed_again_without_how_the_consent_was_given(api: Api) -> None:
    admin = await api("admin")
    customer = await make_customer(admin, email_opt_out=True)
    place = f"/v1/customers/{customer.id}"
    patch = MERGE_PATCH | {"If-Match": "*"}
    for value in (False, None):
        silent = await admin.patch(place, json={"email_opt_out": value}, headers=patch)
        assert (silent.status_code, silent.json()["code"]) == (409, "consent_needed")
        assert silent.json()["errors"][0]["pointer"] == "/email_opt_out"
    for more in ({}, {"source": "phone"}, {"note": "said so"}, {"source": "phone", "note": "  "}):
        answer = await _answer(admin, customer.id, "service sms granted", "marketing email granted", **more)
        assert (answer.status_code, answer.json()["code"]) == (409, "consent_needed"), more
    assert "service sms" not in await _cells(admin, customer.id)
    answer = await _answer(admin, customer.id, "marketing email granted", **_CALLED)
    assert answer.status_code == 200
    assert "email_opt_out" not in answer.json()
    cell = (await _cells(admin, customer.id))["marketing email"]
    assert (cell["state"], cell["source"], cell["note"]) == ("granted", *_CALLED.values())


@pytest.mark.feature("F4.1")
async def test_an_answer_to_what_a_colleague_changed_meanwhile_is_refused(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    customer = await make_customer(staff)
    fresh = {"purpose": "marketing", "channel": "sms", "version": 0}
    place = f"/v1/customers/{customer.id}/consents"
    for client, state, status in ((admin, "denied", 200), (staff, "granted", 412), (staff, "denied", 200)):
        answer = await client.post(place, json={"answers": [fresh | {"state": state}]} | _CALLED)
        assert answer.status_code == status, answer.text
    assert answer.json()["id"] == customer.id
    stale = await staff.post(place, json={"answers": [fresh | {"state": "granted"}]} | _CALLED)
    assert (stale.json()["code"], stale.json()["errors"][0]["pointer"]) == ("stale", "/answers/0/version")
    assert "Ada Admin changed this meanwhile" in stale.json()["detail"]


@pytest.mark.feature("F4.1")
async def test_of_answers_at_the_same_time_one_counts_and_the_others_are_told(api: Api) -> None:
    staff = await api()
    customer = await make_customer(staff)
    states = ["granted", "denied"] * 4
    bodies = [
        {"answers": [{"purpose": "marketing", "channel": "email", "version": 0, "state": state}]}
        for state in states
    ]
    place = f"/v1/customers/{customer.id}/consents"
    replies = await asyncio.gather(*(staff.post(place, json=body) for body in bodies))
    cell = (await _cells(staff, customer.id))["marketing email"]
    expected = [200 if state == cell["state"] else 412 for state in states]
    assert ([reply.status_code for reply in replies], cell["version"]) == (expected, 1)
    record = (await staff.get(f"/v1/customers/{customer.id}")).json()
    assert record.get("email_opt_out", False) == (cell["state"] == "denied")


@pytest.mark.feature("F4.1")
async def test_a_viewer_answers_for_nobody(api: Api) -> None:
    customer = await make_customer(await api())
    viewer = await api("viewer")
    assert (await _answer(viewer, customer.id, "marketing email denied")).status_code == 403
    assert (await viewer.get(f"/v1/customers/{customer.id}/consents")).status_code == 200


@pytest.mark.feature("F4.2")
@pytest.mark.parametrize("seed", range(2))
async def test_opt_outs_and_answers_never_disagree(api: Api, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same dice each time
    staff = await api()
    customer = await make_customer(staff, mail_opt_out=dice.random() < 0.5)
    for _ in range(25):
        if dice.random() < 0.5:
            member = dice.choice(["mail_opt_out", "email_opt_out"])
            patch = MERGE_PATCH | {"If-Match": "*"}
            body = {member: dice.choice([True, False, None])}
            await staff.patch(f"/v1/customers/{customer.id}", json=body, headers=patch)
        else:
            cells = [
                f"marketing {dice.choice(['post', 'email', 'sms'])} {dice.choice(['granted', 'denied'])}"
                for _ in range(dice.randrange(1, 4))
            ]
            await _answer(staff, customer.id, *cells, **dice.choice([{}, _CALLED]))
        now = (await staff.get(f"/v1/customers/{customer.id}")).json()
        cells_now = await _cells(staff, customer.id)
        for channel, member in (("email", "email_opt_out"), ("post", "mail_opt_out")):
            denied = cells_now.get(f"marketing {channel}", {}).get("state") == "denied"
            assert denied == now.get(member, False)


@pytest.mark.feature("F9.6")
async def test_what_is_left_of_an_erased_customer_agrees_and_has_no_words_of_theirs(api: Api) -> None:
    admin = await api("admin")
    customer = await make_customer(admin)
    await _answer(admin, customer.id, "marketing post denied", source="written", note="Never again, says Jo")
    await admin.post(f"/v1/customers/{customer.id}/archive")
    erased = await admin.post(f"/v1/customers/{customer.id}/erase", json={"number": customer.number})
    assert (erased.status_code, erased.json()["mail_opt_out"]) == (200, True)
    cell = (await _cells(admin, customer.id))["marketing post"]
    assert (cell["state"], cell["source"], "note" in cell) == ("denied", "written", False)

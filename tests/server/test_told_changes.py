"""A save that is told to the customer: what the e-mail says, and above all what it never says."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from client.models import Customer
from client.models.kinds import ADMIN_ONLY, STAFF_ONLY
from server.mail.changes import TOLD
from server.store.database import Database
from tests.desk import MERGE_PATCH, SETTINGS, Desk, make_customer, open_desk
from tests.server.mailing import EMAILS, post, rows, sending, until

Api = Callable[..., Awaitable[httpx.AsyncClient]]
NOTIFY = {"Prefer": "return=minimal, notify=customer"}

NEVER_TOLD = ("labels", "status_reason", "external_id", "weight", "extra_contact", "privilege", "alerts")


async def _save(client: httpx.AsyncClient, customer: Customer, *, wish: bool = True, **members: Any) -> Any:
    headers = MERGE_PATCH | {"If-Match": "*"} | (NOTIFY if wish else {})
    answer = await client.patch(f"/v1/customers/{customer.id}", json=members, headers=headers)
    assert answer.status_code in (200, 204), answer.text
    return answer


@pytest.mark.feature("F2.8")
async def test_the_customer_reads_what_was_changed_where_that_was_wished_for(desk: Desk, api: Api) -> None:
    client = await api("staff")
    customer = await make_customer(client, emails=EMAILS, phones=[{"number": "+442079460958"}])
    answer = await _save(
        client,
        customer,
        family_name="Smith",
        born_on="1985-03-12",
        phones=[{"number": "+442079460111", "extension": "7"}],
        addresses=[{"line1": "1 Quay", "city": "Bristol", "postal_code": "BS1 4DJ", "country": "GB"}],
        mail_opt_out=True,
    )
    assert answer.headers["Preference-Applied"] == "return=minimal, notify=customer"
    async with post() as arrived, sending(desk.database, arrived.sink.url):
        await until(lambda: rows(desk.database)[0].state == "sent")
    [letter] = arrived.letters
    assert letter["To"] == "joanna@example.org"
    assert letter["Reply-To"] == "Stan Staff <staff@desk.example>"
    text = letter.get_content().replace("\r\n", "\n")
    assert "Full name: Joanna Smith (until now: Joanna Byrne)" in text
    assert "Date of birth: 12 March 1985\n" in text
    assert "Phone: +44 20 7946 0111 ext. 7 (until now: +44 20 7946 0958)" in text
    assert "Addresses: 1 Quay, BS1 4DJ Bristol, GB\n" in text
    assert "No post: yes" in text


@pytest.mark.feature("F2.8")
async def test_nobody_is_told_unless_somebody_wishes_it(desk: Desk, api: Api) -> None:
    client = await api("staff")
    customer = await make_customer(client, emails=EMAILS)
    answer = await _save(client, customer, wish=False, family_name="Smith")
    assert "Preference-Applied" not in answer.headers
    assert not rows(desk.database)


@pytest.mark.feature("F2.8")
async def test_what_staff_keep_for_themselves_leaves_in_no_e_mail(desk: Desk, api: Api) -> None:
    admin = await api("admin")
    await admin.post("/v1/labels", json={"name": "difficult"})
    customer = await make_customer(admin, emails=EMAILS)
    answer = await _save(admin, customer, labels=["difficult"], status_reason="Pays late", external_id="X9")
    assert answer.headers["Preference-Applied"] == "return=minimal"
    assert not rows(desk.database), "there was nothing left to tell"
    await _save(admin, customer, labels=[], status_reason="Never pays", status="inactive", given_name="Jo")
    [queued] = rows(desk.database)
    assert "Jo Byrne" in queued.body
    assert "Never pays" not in queued.body
    assert "difficult" not in queued.body


def test_only_members_that_are_the_customers_to_know_can_be_told() -> None:
    fields = Customer.model_fields
    private = {name for name, found in fields.items() if {ADMIN_ONLY, STAFF_ONLY} & set(found.metadata)}
    assert not set(TOLD) & (private | set(NEVER_TOLD))
    assert set(TOLD) <= set(fields)


async def test_a_new_customer_is_told_what_was_entered(desk: Desk, api: Api) -> None:
    client = await api("staff")
    made = await client.post(
        "/v1/customers",
        json={"given_name": "Ann", "emails": EMAILS},
        headers={"Prefer": "notify=customer"},
    )
    assert made.headers["Preference-Applied"] == "notify=customer"
    [queued] = rows(desk.database)
    assert queued.kind == "changes"
    assert "E-mail: joanna@example.org" in queued.body


@pytest.mark.parametrize("members", [{}, {"emails": EMAILS, "email_opt_out": True}])
async def test_no_address_and_no_wish_for_e_mail_mean_no_e_mail(
    desk: Desk, api: Api, members: dict[str, Any]
) -> None:
    client = await api("staff")
    customer = await make_customer(client, **members)
    answer = await _save(client, customer, family_name="Smith")
    assert answer.headers["Preference-Applied"] == "return=minimal"
    assert not rows(desk.database)


async def test_a_save_that_is_refused_tells_nothing(desk: Desk, api: Api) -> None:
    client = await api("staff")
    customer = await make_customer(client, emails=EMAILS)
    headers = MERGE_PATCH | NOTIFY | {"If-Match": '"99"'}
    stale = await client.patch(f"/v1/customers/{customer.id}", json={"family_name": "S"}, headers=headers)
    assert stale.status_code == 412
    assert not rows(desk.database)


async def test_a_server_without_messages_and_portal_tells_nobody_and_has_no_door(
    sqlite_database: Database,
) -> None:
    desk = open_desk(sqlite_database, SETTINGS.model_copy(update={"without": "messages,portal_account"}))
    async with desk.client("staff") as client:
        customer = await make_customer(client, emails=EMAILS)
        answer = await _save(client, customer, family_name="Smith")
        assert answer.headers["Preference-Applied"] == "return=minimal"
        assert not rows(sqlite_database)
        assert (await client.post("/v1/portal/sign-in", json={})).status_code == 404
        assert (await client.post(f"/v1/customers/{customer.id}/send-confirmation")).status_code == 404

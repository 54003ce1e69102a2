"""Reports find whom a plain reading of their conditions finds; nobody sees or changes what is not theirs."""

import itertools
import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import Connection, select

from client.models.report import WAYS
from server.sample.load import load
from server.store import tables
from server.store.database import Database
from tests.desk import SETTINGS, make_customer, open_desk

Api = Callable[..., Awaitable[httpx.AsyncClient]]
Row = dict[str, Any]

pytestmark = pytest.mark.feature("F10.1")

_MONTHS = 6


@dataclass
class _Known:
    """Everything conditions may be about, read plainly from the tables."""

    customers: list[Row]
    labels: dict[str, set[str]]
    answers: dict[str, dict[str, str]]
    bookings: dict[str, list[Row]]
    purchases: dict[str, list[Row]]
    fields: list[Row]
    zone: ZoneInfo
    now: datetime

    @classmethod
    def of(cls, connection: Connection) -> "_Known":
        def rows(table: Any) -> list[Row]:
            return [dict(row) for row in connection.execute(select(table)).mappings()]

        def grouped(table: Any) -> dict[str, list[Row]]:
            found: dict[str, list[Row]] = {}
            for row in rows(table):
                found.setdefault(row["customer_id"], []).append(row)
            return found

        answers: dict[str, dict[str, str]] = {}
        for row in rows(tables.consents):
            if row["purpose"] == "marketing":
                answers.setdefault(row["customer_id"], {})[row["channel"]] = row["state"]
        labels = {
            one: {row["label_id"] for row in found} for one, found in grouped(tables.customer_labels).items()
        }
        named = {row["name"]: row["value"] for row in rows(tables.settings)}
        return cls(
            customers=rows(tables.customers),
            labels=labels,
            answers=answers,
            bookings=grouped(tables.bookings),
            purchases=grouped(tables.purchases),
            fields=rows(tables.custom_fields),
            zone=ZoneInfo(named["time_zone"]),
            now=datetime.now(UTC),
        )

    def midnight(self, condition: Row) -> datetime:
        """Give when the day of a condition begins at the office."""
        if "days" in condition:
            day = self.now.astimezone(self.zone).date() - timedelta(days=condition["days"])
        else:
            day = date.fromisoformat(condition["day"])
        return datetime.combine(day, time.min, self.zone)

    def holds(self, customer: Row, condition: Row) -> bool:
        """Read a condition as a person would."""
        return bool(getattr(self, f"_{condition['about']}")(customer, condition["how"], condition))

    def _labels(self, customer: Row, how: str, condition: Row) -> bool:
        carried, named = self.labels.get(customer["id"], set()), set(condition["values"])
        holds = {"any": bool(carried & named), "all": named <= carried, "none": not carried & named}
        return holds[how]

    def _status(self, customer: Row, how: str, condition: Row) -> bool:
        return self._pointed(customer["status"], how, condition)

    def _archived(self, customer: Row, how: str, _condition: Row) -> bool:
        return how == "also" or bool(customer["archived_at"])

    def _pointed(self, value: str | None, how: str, condition: Row) -> bool:
        if how in ("set", "not_set"):
            return (value is not None) == (how == "set")
        return bool(value in condition["values"]) == (how == "any")

    def _branch(self, customer: Row, how: str, condition: Row) -> bool:
        return self._pointed(customer["branch_id"], how, condition)

    def _partner(self, customer: Row, how: str, condition: Row) -> bool:
        return self._pointed(customer["partner_id"], how, condition)

    def _location(self, customer: Row, how: str, condition: Row) -> bool:
        return self._pointed(customer["location_id"], how, condition)

    def _marketing(self, customer: Row, how: str, condition: Row) -> bool:
        channel = condition["channel"]
        answer = self.answers.get(customer["id"], {}).get(channel, "")
        opted_out = {"email": customer["email_opt_out"], "post": customer["mail_opt_out"]}.get(channel, False)
        denied = opted_out or answer == "denied"
        return {"granted": answer == "granted", "denied": denied, "not_denied": not denied}[how]

    def _last_booking(self, customer: Row, how: str, condition: Row) -> bool:
        over = [
            booking["starts_at"]
            for booking in self.bookings.get(customer["id"], [])
            if booking["state"] != "cancelled" and booking["ends_at"] <= self.now
        ]
        if how == "never":
            return not over
        return bool(over) and (max(over) >= self.midnight(condition)) == (how in ("since", "within"))

    def _spent(self, customer: Row, how: str, condition: Row) -> bool:
        today, amount = self.now.astimezone(self.zone).date(), condition["amount"]
        months = condition.get("months", 10_000)
        first = today.year * 12 + today.month - months
        spent = sum(
            purchase["minor"]
            for purchase in self.purchases.get(customer["id"], [])
            if purchase["currency"] == amount["currency"]
            and purchase["bought_on"].year * 12 + purchase["bought_on"].month > first
        )
        minor = round(float(amount["amount"]) * (1 if amount["currency"] == "JPY" else 100))
        return bool(spent >= minor if how == "at_least" else spent <= minor)

    def _added(self, customer: Row, how: str, condition: Row) -> bool:
        later: bool = customer["created_at"] >= self.midnight(condition)
        return later == (how in ("since", "within"))

    def _field(self, customer: Row, how: str, condition: Row) -> bool:
        value = customer["custom_fields"].get(condition["field"])
        if how in ("set", "not_set"):
            return (value is not None) == (how == "set")
        if value is None:
            return False
        if isinstance(value, bool):
            value = "yes" if value else "no"
        elif isinstance(value, (int, float)) and how == "is":
            return float(value) == float(condition["text"])
        text = str(value).lower()
        wanted = condition["text"].lower()
        return text == wanted if how == "is" else wanted in text


def _conditions(known: _Known, dice: random.Random) -> Iterator[Row]:
    """Give conditions on every subject in every way, with values that some customers have."""
    labels = sorted(set().union(*known.labels.values()))
    day = (known.now - timedelta(days=200)).date().isoformat()
    for how in ("any", "all", "none"):
        for count in (1, 2, 3):
            yield {"about": "labels", "how": how, "values": dice.sample(labels, count)}
    for how in ("any", "none"):
        yield {"about": "status", "how": how, "values": ["active", "blocked"]}
        for about in ("branch", "partner", "location"):
            there = sorted({row[f"{about}_id"] for row in known.customers} - {None})
            yield {"about": about, "how": how, "values": there[:1]}
    for about, how in itertools.product(("branch", "partner", "location"), ("set", "not_set")):
        yield {"about": about, "how": how}
    for how in ("only", "also"):
        yield {"about": "archived", "how": how}
    for how, channel in itertools.product(WAYS["marketing"], ("email", "post", "sms", "push")):
        yield {"about": "marketing", "how": how, "channel": channel}
    for about, how in itertools.product(("last_booking", "added"), ("since", "before")):
        yield {"about": about, "how": how, "day": day}
    for about, how in itertools.product(("last_booking", "added"), ("within", "longer_ago")):
        yield {"about": about, "how": how, "days": dice.choice((30, 90, 400))}
    yield {"about": "last_booking", "how": "never"}
    spent = [purchase for found in known.purchases.values() for purchase in found]
    for how, months in itertools.product(("at_least", "at_most"), (0, _MONTHS)):
        amount = dice.choice(spent)["amount"]
        told: Row = {"about": "spent", "how": how, "amount": amount}
        yield told | ({"months": months} if months else {})
        yield told | {"amount": {"amount": "0.00", "currency": "EUR"}}
    for field in known.fields:
        key = field["key"]
        held = [row["custom_fields"][key] for row in known.customers if key in row["custom_fields"]]
        yield {"about": "field", "how": "set", "field": key}
        yield {"about": "field", "how": "not_set", "field": key}
        if held:
            value = dice.choice(held)
            text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
            yield {"about": "field", "how": "is", "field": key, "text": text}
            if isinstance(value, str):
                yield {"about": "field", "how": "contains", "field": key, "text": text[1:4].upper() or "a"}


async def _found(client: httpx.AsyncClient, conditions: list[Row], **wanted: Any) -> Row:
    body = {"conditions": conditions, "limit": 200, "fields": ["number"]} | wanted
    answer = await client.post("/v1/reports/preview", json=body)
    assert answer.status_code == 200, f"{conditions}: {answer.text}"
    found: Row = answer.json()
    return found


async def test_every_condition_finds_whom_a_plain_reading_of_it_finds(database: Database) -> None:
    database.write_now(lambda connection: load(connection, 180, datetime.now(UTC).date()))
    known = database.read_now(_Known.of)
    dice = random.Random(7)  # noqa: S311 - the same conditions in every run
    conditions = list(_conditions(known, dice))
    seen = {(condition["about"], condition["how"]) for condition in conditions}
    assert seen == {(about, how) for about, ways in WAYS.items() for how in ways}
    groups = [[condition] for condition in conditions]
    groups += [dice.sample(conditions, dice.choice((2, 3))) for _ in range(40)]
    told_apart = 0
    async with open_desk(database, SETTINGS).client("viewer") as viewer:
        for group in groups:
            named = any(condition["about"] == "archived" for condition in group)
            expected = {
                row["id"]
                for row in known.customers
                if (named or row["archived_at"] is None)
                and all(known.holds(row, condition) for condition in group)
            }
            found = await _found(viewer, group)
            assert {row["id"] for row in found["items"]} == expected, group
            assert found["total"] == len(expected), group
            told_apart += 0 < len(expected) < len(known.customers)
    assert told_apart > 50


async def test_a_saved_report_is_walked_page_by_page_while_customers_are_added(api: Api) -> None:
    staff, viewer = await api(), await api("viewer")
    ids = [(await make_customer(staff, given_name=f"Nr {number}")).id for number in range(7)]
    body = {"name": "New ones", "shared": True, "conditions": [_NEW]}
    report = (await staff.post("/v1/reports", json=body)).json()
    place = f"/v1/reports/{report['id']}/customers"
    for order in ("recent", "name", "-number"):
        seen: list[str] = []
        wanted: Row = {"limit": 3, "sort": order}
        for _ in range(4):
            page = (await viewer.get(place, params=wanted)).json()
            assert ("total" in page) == ("cursor" not in wanted)
            seen += [row["id"] for row in page["items"]]
            if "next_cursor" not in page:
                break
            wanted["cursor"] = page["next_cursor"]
            await make_customer(staff, given_name="Another", status="active")
        assert sorted(seen) == sorted(ids), order
    strange = await viewer.get(place, params={"cursor": "nonsense"})
    assert (strange.status_code, strange.json()["code"]) == (404, "unknown_cursor")


_NEW = {"about": "status", "how": "any", "values": ["new"]}


@pytest.mark.feature("F4.3")
@pytest.mark.parametrize("role", ["viewer", "staff", "admin"])
async def test_no_role_or_condition_brings_back_who_opted_out(api: Api, role: str) -> None:
    staff = await api()
    reached = {"emails": [{"address": "somebody@example.org"}]}
    gone = await make_customer(staff, given_name="Olive", email_opt_out=True, **reached)
    kept = await make_customer(staff, given_name="Frank", **reached)
    denied = {"about": "marketing", "how": "denied", "channel": "email"}
    conditions: list[list[Row]] = [[], [denied], [{"about": "archived", "how": "also"}], [_NEW]]
    for order, (place, group) in itertools.product(("recent", "name", "email"), enumerate(conditions)):
        client = await api(role)
        for willing in ("not_denied", "granted"):
            wanted = {"channel": "email", "sort": order, "limit": 1, "willing": willing}
            found = await _found(client, group, **wanted)
            assert found["left_out"] == 1, group
            ids = {row["id"] for row in found["items"]}
            while "next_cursor" in found:
                found = await _found(client, group, **wanted, cursor=found["next_cursor"])
                ids |= {row["id"] for row in found["items"]}
            assert gone.id not in ids, (place, group)
            assert ids <= {kept.id}
    body = {"name": "Those who said no", "shared": True, "conditions": [denied]}
    report = (await staff.post("/v1/reports", json=body)).json()
    found = (await client.get(f"/v1/reports/{report['id']}/customers?channel=email")).json()
    assert (found["items"], found["left_out"], found["total"]) == ([], 1, 0)


async def test_a_report_is_its_owners_until_it_is_shared_and_only_theirs_to_change(
    api: Api, database: Database
) -> None:
    staff, viewer, admin = await api(), await api("viewer"), await api("admin")
    made = await staff.post("/v1/reports", json={"name": "Mine", "conditions": [_NEW]})
    assert made.status_code == 201, made.text
    report = made.json()
    place, first = f"/v1/reports/{report['id']}", {"If-Match": '"1"'}
    patch = {"Content-Type": "application/merge-patch+json"}
    assert report["owner"]
    for other in (viewer,):
        assert (await other.get(place)).status_code == 404
        assert (await other.get(f"{place}/customers")).status_code == 404
        assert (await other.get("/v1/reports")).json()["items"] == []
    assert (await admin.get(place)).status_code == 200
    assert (await viewer.post("/v1/reports", json={"name": "No"})).status_code == 403
    shared = await staff.patch(place, json={"shared": True}, headers=first | patch)
    assert shared.status_code == 200, shared.text
    assert (await viewer.get(f"{place}/customers")).status_code == 200
    # Of another colleague who may write reports too.
    database.write_now(
        lambda connection: connection.execute(
            tables.reports.update().values(owner_id="somebody-else", owner="Somebody")
        )
    )
    second = {"If-Match": '"2"'}
    refused = await staff.patch(place, json={"name": "Stolen"}, headers=second | patch)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await staff.delete(place)).status_code == 403
    assert (await admin.patch(place, json={"name": "Ours"}, headers=second | patch)).status_code == 200
    assert (await admin.delete(place)).status_code == 204


@pytest.mark.parametrize(
    ("condition", "status", "pointer"),
    [
        ({"about": "labels", "how": "any"}, 422, "values"),
        ({"about": "labels", "how": "before"}, 422, "how"),
        ({"about": "labels", "how": "any", "values": ["gone"]}, 409, "values/0"),
        ({"about": "status", "how": "any", "values": ["new", "odd"]}, 422, "values/1"),
        ({"about": "marketing", "how": "granted"}, 422, "channel"),
        ({"about": "added", "how": "since"}, 422, "day"),
        ({"about": "last_booking", "how": "within"}, 422, "days"),
        ({"about": "spent", "how": "at_least"}, 422, "amount"),
        ({"about": "field", "how": "is", "field": "shoe_size", "text": "big"}, 409, "text"),
        ({"about": "field", "how": "set", "field": "unknown"}, 409, "field"),
        ({"about": "weather", "how": "is"}, 422, "about"),
        ({"about": "added", "how": "since", "day": "0001-01-01"}, 200, ""),
        ({"about": "added", "how": "within", "days": 36500}, 200, ""),
        ({"about": "field", "how": "contains", "field": "shoe_size", "text": "%' OR 1=1 --?"}, 200, ""),
    ],
)
async def test_a_condition_that_cannot_be_asked_is_refused_at_its_member(
    api: Api, condition: Row, status: int, pointer: str
) -> None:
    admin = await api("admin")
    await admin.post("/v1/custom-fields", json={"name": "Shoe size", "type": "number"})
    body = {"conditions": [_NEW, condition]}
    saved = await admin.post("/v1/reports", json=body | {"name": "One"})
    for answer in (await admin.post("/v1/reports/preview", json=body), saved):
        assert answer.status_code in ({200, 201} if status == 200 else {status}), answer.text
        if pointer:
            assert [error["pointer"] for error in answer.json()["errors"]] == [f"/conditions/1/{pointer}"]


async def test_what_a_server_lacks_cannot_be_asked_about(sqlite_database: Database) -> None:
    desk = open_desk(sqlite_database, SETTINGS.model_copy(update={"without": "bookings"}))
    async with desk.client("admin") as admin:
        never = {"about": "last_booking", "how": "never"}
        refused = await admin.post("/v1/reports/preview", json={"conditions": [never]})
        assert (refused.status_code, refused.json()["code"]) == (409, "lacking_feature")
        assert refused.json()["errors"][0]["pointer"] == "/conditions/0/about"
        assert "bookings" in refused.json()["detail"]

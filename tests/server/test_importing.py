"""Imports: every fault by its row, nobody twice, all of it or nothing."""

import contextlib
import json
import signal
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from server.importing import running
from server.importing.forgetting import IMPORTS_KEPT, forget_old
from server.store.clock import now
from server.store.database import Database
from server.store.migrations import upgrade
from server.store.search.base import SearchIndex
from server.store.tables import consents, customers, events, import_rows
from tests.desk import MERGE_PATCH, Desk, make_customer, open_desk, people
from tests.server.serving import served

Api = Callable[..., Awaitable[httpx.AsyncClient]]

pytestmark = pytest.mark.feature("F10.2")

_COLUMNS = ["external_id", "given_name", "family_name", "phone", "email", "postal_code", "born_on", ""]


def _row(place: int, **other: str) -> list[str]:
    cells = {
        "external_id": f"A-{place}",
        "given_name": f"Given{place % 97}",
        "family_name": f"Family{place}",
        "phone": f"+4420{79_000_000 + place:08d}",
        "email": f"p{place}@import.example",
        "postal_code": f"AB{place}",
        "born_on": "1985-03-12",
        "": "not read",
    }
    return [(cells | other)[column] for column in _COLUMNS]


async def _begun(client: httpx.AsyncClient, rows: Sequence[Sequence[str]], **members: Any) -> str:
    """Make an import, send its rows and have all of them checked; give its address."""
    made = await client.post("/v1/imports", json={"name": "a.csv", "columns": _COLUMNS} | members)
    assert made.status_code == 201, made.text
    place = f"/v1/imports/{made.json()['id']}"
    for first in range(0, len(rows), 2_000):
        sent = {"first": first, "rows": rows[first : first + 2_000]}
        answer = await client.post(f"{place}/rows", json=sent)
        assert answer.status_code == 200, answer.text
    await _checked(client, place, len(rows))
    return place


async def _checked(client: httpx.AsyncClient, place: str, rows: int) -> dict[str, Any]:
    while True:
        answer = await client.post(f"{place}/check")
        assert answer.status_code == 200, answer.text
        report: dict[str, Any] = answer.json().get("report", {})
        if report.get("checked", 0) == rows:
            return report


async def _run(client: httpx.AsyncClient, place: str) -> dict[str, Any]:
    while (answer := await client.post(f"{place}/run")).status_code == 202:
        pass
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def _set(client: httpx.AsyncClient, place: str, **members: str) -> None:
    answer = await client.patch(place, json=members, headers=MERGE_PATCH | {"If-Match": "*"})
    assert answer.status_code == 200, answer.text


async def _findings(client: httpx.AsyncClient, place: str, about: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = (await client.get(f"{place}/findings", params={"about": about, "after": after})).json()
        found += page.get("items", [])
        after = page.get("next_row")
    return found


def _count(database: Database, table: Any = customers) -> int:
    statement = select(func.count()).select_from(table)
    return int(database.read_now(lambda connection: connection.scalar(statement)) or 0)


async def test_of_ten_thousand_rows_every_hundredth_is_told_and_the_others_are_all_there(
    database: Database,
) -> None:
    desk = open_desk(database)
    # The index of PostgreSQL takes its time for each row, and rows are all alike to it.
    most = 10_000 if database.dialect == "sqlite" else 1_000
    bad = {
        0: ("phone", "020 7946 0958", "not_a_phone"),
        1: ("email", "nobody", "not_an_email"),
        2: ("born_on", "12.3.85", "not_a_date"),
        3: ("born_on", "2985-03-12", "in_the_future"),
    }
    rows = [_row(number) for number in range(most)]
    expected = []
    for number in range(50, most, 100):
        column, text, code = bad[number // 100 % 4]
        rows[number] = _row(number, **{column: text})
        expected.append((number + 2, column, code))
    async with desk.client("admin") as admin:
        place = await _begun(admin, rows)
        report = (await admin.get(place)).json()["report"]
        assert report == {"checked": most, "faulty": most // 100}
        found = await _findings(admin, place, "fault")
        assert [(one["row"], one["column"], one["code"]) for one in found] == expected
        refused = await admin.post(f"{place}/run")
        assert (refused.status_code, refused.json()["code"]) == (409, "has_faults")
        assert _count(database) == 0
        await _set(admin, place, faulty="leave_out")
        told = await _run(admin, place)
        assert (told["state"], told["report"]["added"], told["report"]["left_out"]) == (
            *("done", most - most // 100, most // 100),
        )
        assert (_count(database), _count(database, import_rows)) == (most - most // 100, 0)
        row = (await admin.post("/v1/customers/search", json={"q": "p711@import.example"})).json()["items"]
        whole = (await admin.get(f"/v1/customers/{row[0]['id']}")).json()
    assert (whole["external_id"], whole["born_on"], whole["status"]) == ("A-711", "1985-03-12", "new")
    assert whole["phones"][0]["is_primary"]
    assert whole["addresses"][0]["postal_code"] == "AB711"
    kinds = select(events.c.kind, events.c.actor, func.count()).group_by(events.c.kind, events.c.actor)
    told_of = database.read_now(lambda connection: [tuple(row) for row in connection.execute(kinds)])
    assert ("customers.created", "Ada Admin", most - most // 100) in told_of
    assert ("imports.run", "Ada Admin", 1) in told_of


async def test_an_import_made_again_makes_nobody_twice(api: Api, desk: Desk) -> None:
    admin = await api("admin")
    rows = [_row(place) for place in range(20)]
    place = await _begun(admin, rows)
    first = await _run(admin, place)
    assert await _run(admin, place) == first
    again = await _begun(admin, rows)
    assert (await _run(admin, again))["report"] == {"checked": 20, "existing": 20, "left_out": 20}
    # Known again by one thing alone.
    some = [
        _row(0, phone="", email="", postal_code=""),
        _row(1, external_id="", email="", postal_code=""),
        _row(2, external_id="", phone="", postal_code="", email="P2@Import.example"),
        _row(3, external_id="", phone="", email="", postal_code="ab 3"),
        _row(4, external_id="", phone="", email="", postal_code=""),
    ]
    third = await _begun(admin, some)
    found = await _findings(admin, third, "existing")
    assert [one["row"] for one in found] == [2, 3, 4, 5]
    assert all("Likely 100" in one["sentence"] or "Likely" in one["sentence"] for one in found)
    assert (await _run(admin, third))["report"]["added"] == 1
    assert _count(desk.database) == 21


async def test_rows_that_come_twice_are_imported_once_unless_asked_for(api: Api, desk: Desk) -> None:
    admin = await api("admin")
    rows = [_row(1), _row(2), [], _row(1, external_id=""), _row(2, given_name="Other")]
    place = await _begun(admin, rows)
    assert [one["row"] for one in await _findings(admin, place, "repeated")] == [5, 6]
    assert (await _findings(admin, place, "repeated"))[0]["sentence"] == "Likely the same as row 2."
    report = (await _run(admin, place))["report"]
    assert report == {"checked": 5, "empty": 1, "repeated": 2, "added": 2, "left_out": 2}
    again = await _begun(admin, rows)
    await _set(admin, again, duplicates="add")
    assert (await _run(admin, again))["report"]["added"] == 4
    assert _count(desk.database) == 6


@pytest.mark.feature("F4.3")
async def test_an_update_writes_what_rows_say_and_never_takes_back_a_no(api: Api) -> None:
    admin = await api("admin")
    old = await make_customer(
        admin,
        external_id="A-1",
        company_name="Quay",
        status="active",
        email_opt_out=True,
        phones=[{"number": "+442079460958"}],
    )
    columns = ["external_id", "given_name", "company_name", "phone", "email_opt_out", "mail_opt_out", "city"]
    row = ["A-1", "Joan", "", "+442079460777", "false", "true", "Porto"]
    place = await _begun(admin, [row], columns=columns, duplicates="update")
    assert (await _run(admin, place))["report"]["updated"] == 1
    new = (await admin.get(f"/v1/customers/{old.id}")).json()
    assert (new["given_name"], new["company_name"], new["status"]) == ("Joan", "Quay", "active")
    assert [(one["number"], one.get("is_primary", False)) for one in new["phones"]] == [
        ("+442079460958", True),
        ("+442079460777", False),
    ]
    assert (new["email_opt_out"], new["mail_opt_out"]) == (True, True)
    assert new["addresses"][0]["city"] == "Porto"
    kept = (await admin.get(f"/v1/customers/{old.id}/consents")).json()["items"]
    assert {(one["channel"], one["state"]) for one in kept} == {("email", "denied"), ("post", "denied")}


async def test_an_imported_no_is_an_answer_of_the_customer(api: Api, desk: Desk) -> None:
    admin = await api("admin")
    place = await _begun(admin, [["Jo", "true"]], columns=["display_name", "mail_opt_out"])
    await _run(admin, place)
    told = desk.database.read_now(
        lambda c: [tuple(r) for r in c.execute(select(consents.c.channel, consents.c.state))]
    )
    assert told == [("post", "denied")]


async def test_whoever_came_since_the_check_is_not_added_again(api: Api, desk: Desk) -> None:
    admin = await api("admin")
    place = await _begun(admin, [_row(1), _row(2)])
    await make_customer(admin, phones=[{"number": _row(1)[3]}])
    assert (await _run(admin, place))["report"] == {"checked": 2, "added": 1, "left_out": 1}
    assert _count(desk.database) == 2


async def test_a_run_that_fails_in_the_middle_leaves_nothing(
    api: Api, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_SLICE", 10)
    admin = await api("admin")
    place = await _begun(admin, [_row(number) for number in range(30)])
    put_new, calls = SearchIndex.put_new, 0

    def fails(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        put_new(*arguments)
        if calls >= 2:
            raise OSError("The disk is full.")

    monkeypatch.setattr(SearchIndex, "put_new", fails)
    with contextlib.suppress(OSError):
        assert (await admin.post(f"{place}/run")).status_code == 500
    assert _count(desk.database) == 0
    made = select(events.c.id).where(events.c.kind.in_(["customers.created", "imports.run"]))
    assert desk.database.read_now(lambda connection: connection.execute(made).first()) is None
    assert (await admin.post("/v1/customers/search", json={"q": "import"})).json()["items"] == []
    monkeypatch.setattr(SearchIndex, "put_new", put_new)
    assert (await _run(admin, place))["report"]["added"] == 30


async def test_rows_whose_answer_was_lost_are_not_taken_twice(api: Api) -> None:
    admin = await api("admin")
    place = await _begun(admin, [_row(1), _row(2)])
    overlapping = await admin.post(f"{place}/rows", json={"first": 1, "rows": [_row(2), _row(3)]})
    assert overlapping.json() == {"received": 3}
    gap = await admin.post(f"{place}/rows", json={"first": 9, "rows": [_row(9)]})
    assert (gap.status_code, gap.json()["code"]) == (409, "other_rows_next")
    unchecked = await admin.post(f"{place}/run")
    assert (unchecked.status_code, unchecked.json()["code"]) == (409, "not_checked")
    await _checked(admin, place, 3)
    assert (await _run(admin, place))["report"]["added"] == 3
    late = await admin.post(f"{place}/rows", json={"first": 3, "rows": [_row(4)]})
    assert (late.status_code, late.json()["code"]) == (409, "done")
    changed = await admin.patch(place, json={"duplicates": "add"}, headers=MERGE_PATCH | {"If-Match": "*"})
    assert (changed.status_code, changed.json()["code"]) == (409, "done")


async def test_every_member_that_can_be_imported_arrives(api: Api) -> None:
    admin = await api("admin")
    for path in ("labels", "branches", "partners", "locations"):
        for name in ("Ärger", "vip"):
            assert (await admin.post(f"/v1/{path}", json={"name": name})).status_code == 201
    await admin.post("/v1/custom-fields", json={"name": "Size", "key": "size", "type": "number"})
    await admin.post("/v1/custom-fields", json={"name": "Cat", "key": "cat", "type": "yes_no"})
    row = {
        "external_id": "A",
        "type": "organization",
        "display_name": "Quay",
        "company_name": "Quay",
        "phone": "+442079460958",
        "other_phones": "+442079460777; +442079460123",
        "email": "a@b.example",
        "other_emails": "c@d.example",
        "line1": "1 Quay",
        "country": "PT",
        "gender": "other",
        "language": "pt",
        "time_zone": "Europe/Lisbon",
        "status": "active",
        "labels": "VIP; ärger",
        "branch": "arger",
        "partner": "vip",
        "location": "vip",
        "billing_type": "prepaid",
        "custom_fields.size": "4.5",
        "custom_fields.cat": "true",
    }
    place = await _begun(admin, [list(row.values())], columns=list(row))
    await _run(admin, place)
    found = await admin.post(
        "/v1/customers/export", json={"format": "jsonl", "search": {}, "columns": list(row)}
    )
    read = json.loads(found.text)
    several = {name: row[name].split("; ") for name in ("other_phones", "other_emails")}
    own = {"custom_fields.size": 4.5, "custom_fields.cat": True}
    names = {"labels": ["Ärger", "vip"], "branch": "Ärger"}
    assert read == row | several | own | names


@pytest.mark.parametrize(
    ("members", "pointer", "code"),
    [
        ({"columns": []}, "/columns", "missing"),
        ({"columns": [""]}, "/columns", "missing"),
        ({"columns": ["number"]}, "/columns/0", "unknown_column"),
        ({"columns": ["privilege", "email"]}, "/columns/0", "unknown_column"),
        ({"columns": ["custom_fields.nothing"]}, "/columns/0", "unknown_column"),
        ({"columns": ["email", "email"]}, "/columns/1", "repeated"),
        ({"duplicates": "merge"}, "/duplicates", "not_an_option"),
    ],
)
async def test_columns_that_cannot_be_imported_are_refused(
    sqlite_database: Database, members: dict[str, Any], pointer: str, code: str
) -> None:
    async with open_desk(sqlite_database).client("admin") as admin:
        refused = await admin.post("/v1/imports", json={"name": "a.csv", "columns": ["email"]} | members)
    assert refused.status_code == 422
    assert (refused.json()["errors"][0]["pointer"], refused.json()["errors"][0]["code"]) == (pointer, code)


async def test_only_admins_import(api: Api) -> None:
    for role in ("viewer", "staff"):
        client = await api(role)
        assert (await client.post("/v1/imports", json={"name": "a", "columns": ["email"]})).status_code == 403
        assert (await client.get("/v1/imports")).status_code == 403


async def test_faults_of_every_kind_name_their_column(api: Api) -> None:
    admin = await api("admin")
    columns = [
        "display_name",
        "labels",
        "branch",
        "gender",
        "mail_opt_out",
        "other_emails",
        "country",
        "city",
    ]
    bad = [
        ["", "", "", "", "", "", "", "Porto"],
        ["A", "nobody", "", "", "", "", "", ""],
        ["A", "", "nowhere", "", "", "", "", ""],
        ["A", "", "", "x", "", "", "", ""],
        ["A", "", "", "", "perhaps", "", "", ""],
        ["A", "", "", "", "", "a@b.example; x", "", ""],
        ["A", "", "", "", "", "", "Narnia", ""],
        ["A" * 201, "", "", "", "", "", "", ""],
        ["A", "nobody", "nowhere", "", "", "", "", ""],
        ["A" * 201, "nobody", "", "", "", "", "", ""],
    ]
    place = await _begun(admin, bad, columns=columns)
    found = await _findings(admin, place, "fault")
    assert [(one["row"], one["column"]) for one in found] == [
        *((2, "display_name"), (3, "labels"), (4, "branch"), (5, "gender"), (6, "mail_opt_out")),
        *((7, "other_emails"), (8, "country"), (9, "display_name")),
        *((10, "branch"), (10, "labels"), (11, "display_name"), (11, "labels")),
    ]
    assert all(one["code"] and one["sentence"].endswith(".") for one in found)


async def test_what_nobody_finished_is_forgotten_after_a_week(api: Api, desk: Desk) -> None:
    admin = await api("admin")
    left = await _begun(admin, [_row(1)])
    await _run(admin, await _begun(admin, [_row(2)]))
    for days, gone in ((6, 0), (8, 1)):
        moment = now() + timedelta(days=days) - IMPORTS_KEPT
        assert await desk.database.write(partial(forget_old, before=moment)) == gone
    assert (await admin.get(left)).status_code == 404
    assert _count(desk.database, import_rows) == 0


def test_a_server_that_is_killed_while_it_imports_leaves_nothing_and_can_go_on(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    database = Database(url)
    upgrade(database)
    token = database.write_now(people)["admin"]
    database.close()
    signed = {"Authorization": f"Bearer {token}"}
    rows = [_row(number) for number in range(1_500)]
    with served(url, tmp_path) as server, httpx.Client(base_url=server.url, headers=signed) as client:
        place = f"/v1/imports/{_made(client)}"
        for first in (0, 750):
            client.post(f"{place}/rows", json={"first": first, "rows": rows[first : first + 750]})
        _all_checked(client, place)
        with contextlib.suppress(httpx.HTTPError):
            client.post(f"{place}/run", timeout=0.6)
        server.stop(signal.SIGKILL)
    with served(url, tmp_path) as server, httpx.Client(base_url=server.url, headers=signed) as client:
        left = client.get("/v1/customers").json().get("total", 0)
        one = client.get(place).json()
        assert (left, one.get("state", "receiving")) in ((0, "receiving"), (1_500, "done"))
        while (answer := client.post(f"{place}/run", timeout=60)).status_code == 202:
            pass
        assert answer.json()["report"]["added"] == 1_500
        numbers = client.post(
            "/v1/customers/export", json={"format": "csv", "search": {}, "columns": ["number"]}
        )
        assert len(set(numbers.text.split())) == 1_501


def _made(client: httpx.Client) -> str:
    return str(client.post("/v1/imports", json={"name": "a.csv", "columns": _COLUMNS}).json()["id"])


def _all_checked(client: httpx.Client, place: str) -> None:
    while client.post(f"{place}/check", timeout=30).json()["report"]["checked"] < 1_500:
        pass

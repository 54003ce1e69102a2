"""Exports: nobody who said no, nothing a spreadsheet runs, nothing for other eyes, and all of the rest."""

import csv
import io
import json
import re
import tracemalloc
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from client.cells import plain_cell, safe_cell
from client.models.consent import CHANNELS
from server.auth.sessions import actor_of
from server.exporting import walk
from server.exporting.forms import FORMS, Export
from server.problems import Withdrawn
from server.routes.audience import bounds_of
from server.routes.exporting import _pieces, _Prepared
from server.sample.load import load
from server.store import tables
from server.store.database import Database
from server.store.tables import events
from tests.desk import Desk, make_customer, open_desk

Api = Callable[..., Awaitable[httpx.AsyncClient]]

pytestmark = pytest.mark.feature("F10.2")

_REACHED = {
    "emails": [{"address": "somebody@example.org"}],
    "phones": [{"number": "+442079460958"}],
    "addresses": [{"line1": "1 Quay", "city": "Porto"}],
}
_FORMULA = "=cmd|' /C calc'!A0"


async def _export(client: httpx.AsyncClient, **asked: Any) -> httpx.Response:
    given = {"format": "csv"} | asked
    if not given.keys() & {"ids", "report_id", "conditions"}:
        given = {"search": {}} | given
    return await client.post("/v1/customers/export", json=given)


def _table(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline=""), strict=True))


def _cards(text: str) -> list[list[tuple[str, str]]]:
    """Read cards by the letter of RFC 6350: unfold, part at the first colon outside quotes."""
    assert text.count("\n") == text.count("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    cards: list[list[tuple[str, str]]] = []
    for line in text.replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            cards.append([])
        elif name not in ("END", ""):
            cards[-1].append((name, value))
    return cards


def _read(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


async def test_no_cell_is_a_formula_whatever_member_holds_it(api: Api) -> None:
    admin = await api("admin")
    for list_of, name in (
        ("labels", "=1+1"),
        ("branches", "@SUM(1)"),
        ("partners", "+2"),
        ("locations", "-3"),
    ):
        assert (await admin.post(f"/v1/{list_of}", json={"name": name})).status_code == 201
    ids = {
        f"{list_of}_id": (await admin.get(f"/v1/{path}")).json()["items"][0]["id"]
        for list_of, path in (("branch", "branches"), ("partner", "partners"), ("location", "locations"))
    }
    await admin.post("/v1/custom-fields", json={"name": "Motto", "key": "motto"})
    lines = ("external_id", "given_name", "middle_name", "family_name", "company_name", "status_reason")
    made = await make_customer(
        admin,
        **dict.fromkeys((*lines, "display_name", "referral_method"), _FORMULA),
        phones=[{"number": "+442079460958"}, {"number": "+442079460777"}],
        emails=[{"address": "=1+1@example.org"}, {"address": "-2@example.org"}],
        addresses=[
            dict.fromkeys(("line1", "line2", "city", "region", "postal_code"), "-1+1") | {"country": "GB"}
        ],
        labels=["=1+1"],
        custom_fields={"motto": "@now"},
        alerts=[{"text": "=1"}],
        extra_contact={
            "business_name": "+x",
            "alternate_phone": "+442079460123",
            "best_way": "-x",
            "fields": [{"label": "=a", "value": "=b"}],
        },
        **ids,
    )
    from client.models.flat import COLUMNS

    columns = [*COLUMNS, "custom_fields.motto"]
    (row,) = _table(await _export(admin, columns=columns))
    assert list(row) == columns
    assert not [column for column, cell in row.items() if cell.startswith(tuple("=+-@\t\r"))]
    plain = {column: plain_cell(cell) for column, cell in row.items()}
    assert {plain[name] for name in lines} == {_FORMULA}
    assert (plain["phone"], plain["email"]) == ("+442079460958", "=1+1@example.org")
    assert (plain["labels"], plain["branch"], plain["city"]) == ("=1+1", "@SUM(1)", "-1+1")
    assert (plain["custom_fields.motto"], plain["extra_fields"]) == ("@now", "=a: =b")
    assert plain["number"] == str(made.number)


def test_a_guarded_cell_gives_back_what_was_in_it() -> None:
    for text in ("", "a", "=1", "'=1", "''=1", ' "=1', "a;=1", "a;'=1", "\t=1", "x\n@y", "\uff1d1", "O'Hara"):
        assert plain_cell(safe_cell(text)) == text
    assert [safe_cell(text) for text in ("O'Hara", "1-2", "a+b")] == ["O'Hara", "1-2", "a+b"]
    assert [safe_cell(text) for text in ("=1", "+4", "-4", "@x", "\t1", "\r1", "\uff1d1", "a;=1")] == [
        *("'=1", "'+4", "'-4", "'@x", "'\t1", "'\r1", "'\uff1d1", "a;'=1"),
    ]


async def test_a_card_says_all_that_vcard_4_has_a_word_for(api: Api) -> None:
    admin = await api("admin")
    await admin.post("/v1/labels", json={"name": "vip, old"})
    long = "Ärger & Söhne; " + "é" * 80
    made = await make_customer(
        admin,
        given_name="José\\n",
        family_name="Pérez; Ramos",
        company_name=long,
        born_on="1985-03-12",
        gender="undisclosed",
        language="pt-BR",
        time_zone="Europe/Lisbon",
        phones=[
            {"number": "+442079460958", "extension": "12", "type": "work"},
            {"number": "+442079460777", "type": "other"},
        ],
        emails=[{"address": "a@b.example", "type": "work"}],
        addresses=[
            {"line1": "1, Quay", "line2": "Flat 2", "postal_code": "4000", "city": "Porto", "country": "PT"}
        ],
        labels=["vip, old"],
    )
    answer = await _export(admin, format="vcard")
    assert answer.headers["content-type"].startswith("text/vcard")
    (card,) = _cards(answer.text)
    assert card[0] == ("VERSION", "4.0")
    known = {name: value for name, value in card if not name.startswith("TEL")}
    assert _read(known["FN"]) == made.display_name
    assert known["N"] == "Pérez\\; Ramos;José\\\\n;;;"
    assert _read(known["ORG"]) == long
    assert known["ADR;TYPE=home;PREF=1"] == ";;1\\, Quay,Flat 2;Porto;;4000;PT"
    assert (known["BDAY"], known["GENDER"], known["LANG"]) == ("19850312", "U", "pt-BR")
    assert (known["TZ"], known["CATEGORIES"]) == ("Europe/Lisbon", "vip\\, old")
    assert known["EMAIL;TYPE=work;PREF=1"] == "a@b.example"
    assert known["UID"] == f"urn:uuid:{made.id}"
    assert ("TEL;VALUE=uri;TYPE=work;PREF=1", "tel:+442079460958;ext=12") in card
    assert ("TEL;VALUE=uri", "tel:+442079460777") in card
    (narrow,) = _cards((await _export(admin, format="vcard", columns=["display_name", "email"])).text)
    assert [name for name, _ in narrow] == ["VERSION", "FN", "EMAIL;TYPE=work;PREF=1", "UID"]


async def test_json_lines_are_the_records_themselves(api: Api) -> None:
    staff = await api()
    made = await make_customer(staff, weight={"value": 70.5, "unit": "kg"}, **_REACHED)
    answer = await _export(staff, format="jsonl")
    assert json.loads(answer.text) == (await staff.get(f"/v1/customers/{made.id}")).json()
    (line,) = (await _export(staff, format="jsonl", columns=["number", "email", "city"])).text.splitlines()
    assert json.loads(line) == {"number": made.number, "email": "somebody@example.org", "city": "Porto"}


@pytest.mark.feature("F4.3")
@pytest.mark.parametrize("role", ["staff", "admin"])
async def test_no_role_flag_or_filter_exports_who_said_no(api: Api, role: str) -> None:
    admin = await api("admin")
    label = "donor"
    label_id = (await admin.post("/v1/labels", json={"name": label})).json()["id"]
    olive = await make_customer(
        admin, given_name="Olive", mail_opt_out=True, email_opt_out=True, labels=[label], **_REACHED
    )
    for channel in ("sms", "push"):
        no = {"channel": channel, "purpose": "marketing", "state": "denied"}
        body = {"answers": [no], "source": "phone", "note": "Said so"}
        assert (await admin.post(f"/v1/customers/{olive.id}/consents", json=body)).status_code == 200
    frank = await make_customer(admin, given_name="Frank", labels=[label], **_REACHED)
    await make_customer(admin, given_name="Nemo")
    condition = {"about": "labels", "how": "any", "values": [label_id]}
    report = await admin.post(
        "/v1/reports", json={"name": "Donors", "shared": True, "conditions": [condition]}
    )
    client = await api(role)
    ways: list[dict[str, Any]] = [
        *(
            {"search": search}
            for search in ({}, {"q": "olive"}, {"q": str(olive.number)}, {"label": ["donor"]})
        ),
        *({"search": search} for search in ({"archived": "any"}, {"status": ["new"]}, {"limit": 1})),
        {"ids": [olive.id]},
        {"ids": [olive.id, frank.id, "nobody"]},
        {"report_id": report.json()["id"]},
    ]
    for channel in CHANNELS:
        for way in ways:
            for form in ("csv", "vcard", "jsonl"):
                answer = await _export(client, format=form, channel=channel, **way)
                assert answer.status_code == 200, (way, answer.text)
                assert olive.id not in answer.text
                assert "Olive" not in answer.text
                assert answer.headers["X-Left-Out"] == "1", (channel, way)
    everyone = await _export(client, channel="email")
    assert [row["id"] for row in _table(everyone)] == [frank.id]
    assert (everyone.headers["X-Total-Count"], everyone.headers["X-Unreachable"]) == ("1", "1")
    assert (await _export(client, channel="email", willing="granted")).headers["X-Total-Count"] == "0"
    assert [row["display_name"] for row in _table(await _export(client))] == [
        *("Olive Byrne", "Frank Byrne", "Nemo Byrne"),
    ]


async def test_an_opt_out_in_the_middle_of_an_export_still_counts(
    api: Api, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "SLICE", 1)
    admin = await api("admin")
    first = await make_customer(admin, **_REACHED)
    second = await make_customer(admin, **_REACHED)
    prepared = _Prepared(walk.Whom(), walk.Counts(2), Export(["id"], True, frozenset(), {}))
    actor = await desk.database.read(lambda connection: actor_of(connection, desk.tokens["admin"]))
    assert actor is not None
    stream = _pieces(desk.database, actor, bounds_of("email", "not_denied"), FORMS["csv"], prepared)
    assert await anext(stream) == b'"id"\r\n'
    assert first.id.encode() in await anext(stream)
    await admin.patch(
        f"/v1/customers/{second.id}",
        content=b'{"email_opt_out": true}',
        headers={"Content-Type": "application/merge-patch+json", "If-Match": "*"},
    )
    assert [piece async for piece in stream] == []


@pytest.mark.parametrize("patch", [{"disabled": True}, {"role": "viewer"}, {"role": "staff"}, None])
async def test_an_export_ends_with_the_sign_in_or_the_rights_it_began_with(
    api: Api, desk: Desk, monkeypatch: pytest.MonkeyPatch, patch: dict[str, Any] | None
) -> None:
    monkeypatch.setattr(walk, "SLICE", 1)
    admin, staff = await api("admin"), await api()
    token = desk.tokens["staff"]
    if patch == {"role": "staff"}:
        # An admin who becomes staff would go on reading what is for admins alone.
        token = desk.tokens["admin"]
    actor = await desk.database.read(lambda connection: actor_of(connection, token))
    assert actor is not None
    await make_customer(admin, **_REACHED)
    await make_customer(admin, **_REACHED)
    prepared = _Prepared(walk.Whom(), walk.Counts(2), Export(["id"], True, frozenset(), {}))
    stream = _pieces(desk.database, actor, walk.EVERYONE, FORMS["csv"], prepared)
    await anext(stream)
    await anext(stream)
    if patch is None:
        await staff.post("/v1/oauth/revoke", data={"token": token})
    else:
        await desk.database.write(
            lambda connection: connection.execute(
                tables.staff.update().where(tables.staff.c.id == actor.id).values(patch)
            )
        )
    with pytest.raises(Withdrawn):
        await anext(stream)


async def test_conditions_that_are_not_saved_are_exported_like_those_of_a_report(api: Api) -> None:
    staff = await api()
    await make_customer(staff, given_name="Ada", status="active")
    bea = await make_customer(staff, given_name="Bea", status="blocked", mail_opt_out=True, **_REACHED)
    only = [{"about": "status", "how": "any", "values": ["blocked"]}]
    assert [row["id"] for row in _table(await _export(staff, conditions=only))] == [bea.id]
    assert len(_table(await _export(staff, conditions=[]))) == 2
    answer = await _export(staff, conditions=only, channel="post")
    assert (answer.headers["X-Total-Count"], answer.headers["X-Left-Out"]) == ("0", "1")
    refused = await _export(staff, conditions=[{"about": "status", "how": "any", "values": ["bored"]}])
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/conditions/0/values/0")
    assert (await _export(staff, conditions=only, search={})).status_code == 422


async def test_what_is_for_other_eyes_is_in_no_export(api: Api) -> None:
    admin, staff, viewer = await api("admin"), await api(), await api("viewer")
    await make_customer(admin, alerts=[{"text": "Owes us"}], weight={"value": 70.0}, **_REACHED)
    assert (await _export(viewer)).status_code == 403
    refused = await _export(staff, columns=["number", "privilege"])
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    (row,) = _table(await _export(admin, columns=["privilege", "alerts", "weight"]))
    assert row == {"privilege": "none", "alerts": "Owes us", "weight": "70 kg"}
    for column in ("alerts", "weight", "best_way", "privilege"):
        refused = await _export(admin, channel="email", columns=["number", column])
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "staff_only")
    for form in ("csv", "vcard", "jsonl"):
        assert "Owes us" not in (await _export(admin, format=form, channel="email")).text


@pytest.mark.parametrize(
    ("asked", "pointer", "code"),
    [
        ({"format": "xls"}, "/format", "not_an_option"),
        ({"channel": "email' OR '1'='1"}, "/channel", "not_an_option"),
        ({"columns": ["password"]}, "/columns/0", "unknown_column"),
        ({"columns": ["custom_fields.nothing"]}, "/columns/0", "unknown_column"),
        ({"columns": ["email", "email"]}, "/columns/1", "repeated"),
        ({"ids": ["a"], "search": {}}, "/search", "missing"),
        ({"ids": []}, "/search", "missing"),
        ({"include_opted_out": True}, "/include_opted_out", "unknown_member"),
    ],
)
async def test_an_odd_request_exports_nobody(
    sqlite_database: Database, asked: dict[str, Any], pointer: str, code: str
) -> None:
    desk = open_desk(sqlite_database)
    async with desk.client("admin") as admin:
        await make_customer(admin)
        answer = await _export(admin, **asked)
    assert answer.status_code == 422
    assert (answer.json()["errors"][0]["pointer"], answer.json()["errors"][0]["code"]) == (pointer, code)


async def test_words_that_fit_too_many_and_reports_of_nobody_are_refused(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = await api()
    for _ in range(3):
        await make_customer(staff)
    monkeypatch.setattr(walk, "MOST", 2)
    refused = await _export(staff, search={"q": "byrne"})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_matches")
    assert (await _export(staff, report_id="nobodys")).status_code == 404


async def test_the_history_says_who_exported_how_many_and_not_what_was_typed(api: Api, desk: Desk) -> None:
    staff = await api()
    await make_customer(staff, **_REACHED)
    await _export(staff, format="vcard", search={"q": "byrne"}, channel="sms")
    wanted = select(events).where(events.c.kind == "customers.exported")
    (entry,) = desk.database.read_now(lambda connection: connection.execute(wanted).all())
    assert (entry.actor, entry.customer_id) == ("Stan Staff", None)
    assert {change["field"]: change["new"] for change in entry.changes} == {
        "/format": "vcard",
        "/channel": "sms",
        "/count": 1,
    }


async def test_everyone_is_in_it_once_in_the_order_of_numbers(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "SLICE", 100)
    desk = open_desk(database)
    database.write_now(lambda connection: load(connection, 950, date(2026, 11, 20)))
    async with desk.client("staff") as staff:
        whole = await _export(staff, search={"archived": "any"})
        numbers = [int(row["number"]) for row in _table(whole)]
        assert len(set(numbers)) == 950 == int(whole.headers["X-Total-Count"])
        assert numbers == sorted(numbers)
        found = await _export(staff, search={"status": ["inactive", "blocked"], "archived": "no"})
        assert len(_table(found)) == int(found.headers["X-Total-Count"]) > 20


async def test_memory_does_not_grow_with_the_export(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "SLICE", 100)
    desk = open_desk(sqlite_database)
    sqlite_database.write_now(lambda connection: load(connection, 3_000, date(2026, 11, 20)))
    few = "SELECT id FROM customers ORDER BY number LIMIT 300"
    ids = sqlite_database.read_now(lambda connection: list(connection.exec_driver_sql(few).scalars()))
    peaks: list[int] = []
    for asked in ({"ids": ids}, {"search": {"archived": "any"}}):
        tracemalloc.start()
        size = await _drained(desk, {"format": "jsonl"} | asked)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert size > 100_000
    assert peaks[1] < peaks[0] * 2


async def _drained(desk: Desk, asked: dict[str, Any]) -> int:
    """Take an export as a server does, piece by piece: the usual test client would keep the whole of it."""
    body, size = json.dumps(asked).encode(), 0
    headers = {"content-type": "application/json", "authorization": f"Bearer {desk.tokens['staff']}"}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/v1/customers/export",
        "raw_path": b"/v1/customers/export",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "server": ("desk", 80),
        "headers": [(b"host", b"desk"), *((n.encode(), v.encode()) for n, v in headers.items())],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal size
        size += len(message.get("body", b""))

    await desk.app(scope, receive, send)  # type: ignore[arg-type]
    return size

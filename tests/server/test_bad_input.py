"""What is not understood is refused with a sentence and a pointer, and never breaks the server."""

import asyncio
import json
from typing import Any

import pytest

from server.store.database import Database
from tests.desk import MERGE_PATCH, make_customer, open_desk

_BODIES = [
    b"",
    b"{",
    b"[1,2",
    b'{"given_name":"Jo","given_name":"Joanna"}',
    b'{"given_name":"\xff\xfe"}',
    b'{"given_name":"\\ud800"}',
    b'{"latitude":NaN}',
    b'{"latitude":-Infinity}',
    b'{"latitude":1e999}',
    b'{"latitude":' + b"9" * 5000 + b"}",
    b"[" * 100_000,
    b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    # Deep, but not too deep for a recursive reader: what writes it again has other bounds.
    b'{"a":' * 300 + b"1" + b"}" * 300,
    b"[" * 900 + b"]" * 900,
    b"\x00",
]


@pytest.mark.parametrize("body", _BODIES, ids=lambda body: repr(body[:24]))
async def test_what_is_not_json_is_refused_with_400(sqlite_database: Database, body: bytes) -> None:
    async with open_desk(sqlite_database).client() as staff:
        headers = {"Content-Type": "application/json"}
        answer = await staff.post("/v1/customers", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


async def test_refusing_a_body_takes_no_longer_than_reading_it(sqlite_database: Database) -> None:
    # Found by looking for each name anew, the one that is there twice takes minutes: for anybody, unsigned.
    body = "{" + "".join(f'"{number:x}":1,' for number in range(90_000)) + '"15f8f":2}'
    async with open_desk(sqlite_database).client(None) as stranger:
        async with asyncio.timeout(20):
            headers = {"Content-Type": "application/json"}
            answer = await stranger.post("/v1/portal/sign-in", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")
        assert "15f8f" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("sent", "pointer", "code"),
    [
        ({"given_name": "x" * 10_000}, "/given_name", "too_long"),
        ({"given_name": "a\x1b[31mb"}, "/given_name", "control_character"),
        ({"given_name": "a\u202eb"}, "/given_name", "control_character"),
        ({"given_name": "a\x00b"}, "/given_name", "control_character"),
        ({"given_name": "two\nlines"}, "/given_name", "several_lines"),
        ({"given_name": 7}, "/given_name", "not_text"),
        ({"status": "asleep"}, "/status", "not_an_option"),
        ({"born_on": "1990-02-30"}, "/born_on", "not_a_date"),
        ({"born_on": "0"}, "/born_on", "not_a_date"),
        ({"born_on": "1700-01-01"}, "/born_on", "too_early"),
        ({"phones": [{"number": "12345"}]}, "/phones/0/number", "not_a_phone"),
        ({"phones": [{"number": "+44"}]}, "/phones/0/number", "not_a_phone"),
        ({"emails": [{"address": "a@b"}]}, "/emails/0/address", "not_an_email"),
        ({"emails": "joanna@example.org"}, "/emails", "not_a_list"),
        ({"addresses": [{"latitude": 91}]}, "/addresses/0/latitude", "out_of_range"),
        ({"addresses": [{"country": "England"}]}, "/addresses/0/country", "not_a_code"),
        ({"labels": [""]}, "/labels", "blank"),
        ({"branch_id": "a b"}, "/branch_id", "not_an_id"),
        ({"time_zone": "x" * 41}, "/time_zone", "not_a_code"),
        ([], "", "not_an_object"),
        ({"a/b~c": 1}, "/a~1b~0c", "unknown_member"),
    ],
)
async def test_what_is_not_valid_is_refused_at_its_place(
    sqlite_database: Database, sent: Any, pointer: str, code: str
) -> None:
    async with open_desk(sqlite_database).client() as staff:
        answer = await staff.post("/v1/customers", json=sent)
        assert answer.status_code == 422
        error = answer.json()["errors"][0]
        assert (error["pointer"], error["code"]) == (pointer, code)
        assert error["detail"].endswith(".")


async def test_a_day_to_come_is_refused_as_what_it_is(sqlite_database: Database) -> None:
    async with open_desk(sqlite_database).client() as staff:
        answer = await staff.post("/v1/customers", json={"given_name": "Jo", "born_on": "2999-01-01"})
        assert (answer.status_code, answer.json()["code"]) == (409, "in_the_future")


async def test_hostile_text_that_is_text_comes_back_as_it_was(database: Database) -> None:
    texts = [
        "[red]markup[/red]",
        "'; DROP TABLE customers; --",
        "{}{0}%s%n",
        "名前 ‌ علي",
        "\\ud800",
        "🧑‍🚀",
        '"<&>',
    ]
    async with open_desk(database).client() as staff:
        for text in texts:
            customer = await make_customer(staff, given_name=text, family_name="")
            assert (await staff.get(f"/v1/customers/{customer.id}")).json()["display_name"] == text
            found = await staff.post("/v1/customers/search", json={"q": text})
            assert found.status_code == 200


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "", "application/merge-patch+xml"]
)
async def test_a_patch_must_say_that_it_is_one(sqlite_database: Database, content_type: str) -> None:
    async with open_desk(sqlite_database).client("admin") as admin:
        headers = {"Content-Type": content_type, "If-Match": "*"}
        answer = await admin.patch("/v1/labels/x", content=b"{}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
        assert answer.headers["Accept-Patch"] == "application/merge-patch+json"


@pytest.mark.parametrize("header", ["3", '"3', 'W/"3"', '"a"', "x" * 300])
async def test_an_if_match_that_is_no_etag_is_refused(sqlite_database: Database, header: str) -> None:
    async with open_desk(sqlite_database).client() as staff:
        customer = await make_customer(staff)
        headers = MERGE_PATCH | {"If-Match": header}
        answer = await staff.patch(f"/v1/customers/{customer.id}", content=json.dumps({}), headers=headers)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "If-Match")

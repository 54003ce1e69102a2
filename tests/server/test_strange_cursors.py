"""Cursors, filters and cells that a stranger made up: refused, whatever they hold, on both databases."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

import pytest

from tests.desk import Desk, make_customer


def _cursor(*place: Any) -> str:
    return urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


async def _refused(desk: Desk, address: str, cursors: Sequence[str]) -> None:
    async with desk.client("viewer") as viewer:
        for cursor in cursors:
            answer = await viewer.get(address, params={"cursor": cursor})
            assert (answer.status_code, answer.json()["code"]) == (404, "unknown_cursor"), cursor


async def test_a_cursor_that_no_database_keeps_is_refused(desk: Desk) -> None:
    async with desk.client() as staff:
        customer = await make_customer(staff)
    await _refused(desk, f"/v1/customers/{customer.id}/events", [_cursor("\ud800"), _cursor("a\0")])


async def test_a_cursor_with_a_number_that_is_none_is_refused(desk: Desk) -> None:
    numbers = ("", "x", "1e5", "nan", "9" * 30)
    await _refused(desk, "/v1/custom-fields", [_cursor(number, "a", "b") for number in numbers])


@pytest.mark.feature("F9.2")
@pytest.mark.parametrize("pointer", ["/a\0", "/a b", "/../", "a" * 1000, "'", "/A"])
async def test_history_is_narrowed_by_a_pointer_and_nothing_else(desk: Desk, pointer: str) -> None:
    async with desk.client() as staff:
        customer = await make_customer(staff)
        place = f"/v1/customers/{customer.id}/events"
        answer = await staff.get(place, params={"field": pointer})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "field"), answer.text
        assert (await staff.get(place, params={"field": "/given_name"})).json()["total"] == 1
        assert (await staff.get(place, params={"field": ""})).json()["total"] == 1


async def test_cells_of_an_import_that_are_no_text_are_refused(desk: Desk) -> None:
    async with desk.client("admin") as admin:
        made = await admin.post("/v1/imports", json={"name": "x.csv", "columns": ["given_name"]})
        place = f"/v1/imports/{made.json()['id']}/rows"
        answer = await admin.post(place, json={"first": 0, "rows": [["Jo"], ["a\0b"]]})
        error = answer.json()["errors"][0]
        assert (answer.status_code, error["pointer"], error["code"]) == (
            422,
            "/rows/1/0",
            "control_character",
        )

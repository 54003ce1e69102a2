"""Bulk work over a link that breaks: what is done stays done, and is done once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from client import errors
from client.bulk import BulkWork
from server.sample.load import load
from server.store.database import Database
from tests.desk import open_desk
from tests.tui.office import Office

pytestmark = pytest.mark.feature("F1.8")

_TODAY = datetime.now(UTC).date()


@pytest.fixture
async def office(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    """Give a desk at a server with more than two hundred customers, none of whom carries the label `new`."""
    sqlite_database.write_now(lambda connection: load(connection, 240, _TODAY))
    office = Office(open_desk(sqlite_database), tmp_path)
    async with office.server.client("staff") as staff:
        await staff.post("/v1/labels", json={"name": "new"})
    yield office
    await office.desk.close()


async def _ids(office: Office) -> list[str]:
    found = [row async for row in office.desk.api.customers.each(limit=200)]
    office.link.asked.clear()
    return [row.id for row in found][:230]


async def test_it_takes_one_request_for_a_hundred_and_tells_how_far_it_is(office: Office) -> None:
    bulk = BulkWork(office.desk.api.customers, [*await _ids(office), "gone"], "label", "new")
    told: list[tuple[int, int]] = []
    await bulk.run(lambda done, whole: told.append((done, whole)))
    assert [path for _, path, _ in office.link.asked] == ["/v1/customers/bulk"] * 3
    assert told == [(0, 231), (100, 231), (200, 231), (231, 231)]
    assert len(bulk.changed) == 230
    assert [(one.id, one.code) for one in bulk.refused] == [("gone", "not_found")]


async def test_what_was_stopped_is_gone_on_with_and_nothing_is_done_twice(office: Office) -> None:
    bulk = BulkWork(office.desk.api.customers, await _ids(office), "archive")

    def stop(done: int, _whole: int) -> None:
        bulk.stopped = done == 100

    await bulk.run(stop)
    assert (len(bulk.changed), bulk.left) == (100, 130)
    office.link.down = True
    with pytest.raises(errors.CustomerApiError):
        await bulk.run()
    assert (len(bulk.changed), bulk.left) == (100, 130)
    office.link.down = False
    await bulk.run()
    assert (len(bulk.changed), bulk.left) == (230, 0)


async def test_a_hundred_whose_answer_was_lost_is_told_as_it_was_done(office: Office) -> None:
    ids = await _ids(office)
    office.link.lost = frozenset({2})
    bulk = BulkWork(office.desk.api.customers, ids, "label", "new")
    await bulk.run()
    assert len(office.link.asked) == 4
    assert len(bulk.changed) == 230
    async with office.server.client("staff") as staff:
        events = (await staff.get(f"/v1/customers/{ids[150]}/events")).json()["items"]
    today = [event["kind"] for event in events if event["at"] >= _TODAY.isoformat()]
    assert today == ["customers.changed"]

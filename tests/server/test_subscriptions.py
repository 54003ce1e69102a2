"""Subscriptions: renewed on their day, once, and never for those who are to be left alone."""

from calendar import monthrange
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.models.subscription import INTERVALS, renewal_after
from server.app import build_app
from server.daily import Daily
from server.renewals import renew_due
from server.store.database import Database
from tests.desk import SETTINGS, Desk
from tests.server.paying import ANY, new_place, refusal

Api = Callable[..., Awaitable[httpx.AsyncClient]]

pytestmark = pytest.mark.feature("F5.5")

PRICE = {"amount": "24.00", "currency": "EUR"}
TODAY = datetime.now(UTC).date()


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


async def subscribe(client: httpx.AsyncClient, place: str, **members: Any) -> dict[str, Any]:
    body = {"product": "Laundry bag", "price": PRICE} | members
    answer = await client.post(f"{place}/subscriptions", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def invoices(client: httpx.AsyncClient, place: str) -> list[str]:
    items = (await client.get(f"{place}/invoices")).json()["items"]
    return sorted(item["issued_on"] for item in items)


@given(
    st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(sorted(INTERVALS)), st.integers(1, 31)
)  # fmt: skip
def test_renewals_move_on_and_keep_their_day_of_the_month(day: date, every: str, on_day: int) -> None:
    following = renewal_after(day, every, on_day)
    assert following > day
    if every not in ("week", "two_weeks"):
        assert following.day == min(on_day, monthrange(following.year, following.month)[1])


def test_what_began_on_the_31st_stays_at_the_end_of_every_month() -> None:
    days = [date(2026, 1, 31)]
    for _ in range(4):
        days += [renewal_after(days[-1], "month", 31)]
    assert [day.isoformat()[5:] for day in days[1:]] == ["02-28", "03-31", "04-30", "05-31"]


async def test_a_renewal_makes_its_invoice_once(api: Api, desk: Desk) -> None:
    staff = await api()
    place = await new_place(staff)
    made = await subscribe(staff, place, started_on="2026-01-31", next_renewal_on=str(TODAY + timedelta(40)))
    day = date.fromisoformat(made["next_renewal_on"])
    assert await renew_due(desk.database, at(day - timedelta(1))) == 0
    for _ in range(3):
        await renew_due(desk.database, at(day))
    assert await invoices(staff, place) == [str(day)]
    [written] = (await staff.get(f"{place}/invoices")).json()["items"]
    assert written["lines"][0]["description"].startswith("Laundry bag, ")
    assert (written["subtotal"], written["subscription_id"]) == (PRICE, made["id"])
    now = (await staff.get(f"{place}/subscriptions/{made['id']}")).json()
    assert now["next_renewal_on"] == str(renewal_after(day, "month", day.day))
    assert {event["actor"] for event in (await staff.get(f"{place}/events")).json()["items"][:2]} == {
        "the server"
    }


async def test_days_that_a_stopped_server_missed_are_made_up_for(api: Api, desk: Desk) -> None:
    staff = await api()
    place = await new_place(staff)
    await subscribe(staff, place, every="week", next_renewal_on="2026-03-02", started_on="2026-03-02")
    await renew_due(desk.database, at(date(2026, 3, 17)))
    assert await invoices(staff, place) == ["2026-03-02", "2026-03-09", "2026-03-16"]


@pytest.mark.feature("F2.3")
@pytest.mark.parametrize("left", ["inactive", "blocked", "archived"])
async def test_customers_who_are_left_alone_get_no_invoices_afterwards_either(
    api: Api, desk: Desk, left: str
) -> None:
    staff = await api()
    place = await new_place(staff)
    made = await subscribe(staff, place, next_renewal_on=str(TODAY), started_on=str(TODAY))
    if left == "archived":
        await staff.post(f"{place}/archive")
    else:
        await staff.patch(place, json={"status": left}, headers=ANY)
    await renew_due(desk.database, at(TODAY + timedelta(70)))
    await staff.post(f"{place}/unarchive")
    await staff.patch(place, json={"status": "active"}, headers=ANY)
    await renew_due(desk.database, at(TODAY + timedelta(70)))
    assert await invoices(staff, place) == []
    assert (await staff.get(f"{place}/subscriptions/{made['id']}")).json()["next_renewal_on"] > str(
        TODAY + timedelta(70)
    )


async def test_pausing_costs_nothing_and_cancelling_runs_to_the_end_of_what_is_paid(
    api: Api, desk: Desk
) -> None:
    staff = await api()
    place = await new_place(staff)
    soon = TODAY + timedelta(5)
    made = await subscribe(staff, place, started_on=str(soon))
    assert made["next_renewal_on"] == str(soon)
    path = f"{place}/subscriptions/{made['id']}"
    assert (await staff.post(f"{path}/pause")).json()["state"] == "paused"
    await renew_due(desk.database, at(soon))
    assert await invoices(staff, place) == []
    resumed = (await staff.post(f"{path}/resume")).json()
    assert (resumed.get("state", "active"), resumed["next_renewal_on"]) == ("active", str(soon))
    cancelled = (await staff.post(f"{path}/cancel")).json()
    assert (cancelled["state"], cancelled["ends_on"]) == ("cancelled", str(soon))
    assert "next_renewal_on" not in cancelled
    await renew_due(desk.database, at(soon))
    assert (await staff.get(path)).json()["state"] == "ended"
    assert refusal(await staff.post(f"{path}/resume")) == (409, "wrong_state")
    assert refusal(await staff.patch(path, json={"product": "x"}, headers=ANY)) == (409, "subscription_over")
    missing = await subscribe(staff, place)
    refused = await staff.patch(
        f"{place}/subscriptions/{missing['id']}", json={"next_renewal_on": None}, headers=ANY
    )
    assert refusal(refused) == (422, "invalid")


@pytest.mark.parametrize("left_out", ["subscriptions", "invoices"])
async def test_a_server_that_leaves_invoices_out_makes_none_by_itself(
    api: Api, desk: Desk, left_out: str
) -> None:
    staff = await api()
    place = await new_place(staff)
    await subscribe(staff, place, next_renewal_on=str(TODAY), started_on=str(TODAY))
    offered = build_app(SETTINGS.model_copy(update={"without": left_out}), desk.database).state.permissions
    await Daily(desk.database, None, clock=lambda: at(TODAY), offered=offered).look()
    assert await invoices(staff, place) == []
    offered = build_app(SETTINGS, desk.database).state.permissions
    await Daily(desk.database, None, clock=lambda: at(TODAY), offered=offered).look()
    assert await invoices(staff, place) == [str(TODAY)]


async def test_the_server_looks_by_itself_and_a_failure_does_not_end_its_day(
    api: Api, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = await api()
    place = await new_place(staff)
    await subscribe(staff, place, next_renewal_on=str(TODAY), started_on=str(TODAY))
    times = iter([at(TODAY), at(TODAY) + timedelta(minutes=5), at(TODAY) + timedelta(hours=2)])
    day = Daily(desk.database, None, clock=lambda: next(times))
    looked: list[datetime] = []

    async def fails(database: Database, moment: datetime) -> int:
        looked.append(moment)
        raise OSError("the disk is away")

    with monkeypatch.context() as broken:
        broken.setattr("server.daily.renew_due", fails)
        await day.look()
        await day.look()
    assert len(looked) == 1
    await day.look()
    assert await invoices(staff, place) == [str(TODAY)]

"""What memberships do by themselves: payments on their day, ends on theirs, credits that expire."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import Connection, func, select

from server.memberships_due import settle_due
from server.payments.charging import Charging
from server.payments.http import HttpProvider
from server.routes.settling import SETTLERS
from server.sample.load import load
from server.store.clock import now
from server.store.database import Database
from server.store.tables import charges, membership_payments, memberships
from tests.server.joining import JANUARY, Spa, open_spa
from tests.server.paying import ANY


@pytest.fixture
async def spa(database: Database) -> AsyncIterator[Spa]:
    """Give a spa that is still to be opened."""
    async with open_spa(database) as opened:
        yield opened


@pytest.mark.feature("F6.2")
async def test_payments_are_taken_on_their_day_once_and_credits_expire(spa: Spa) -> None:
    await spa.opened()
    made = await spa.joined(**JANUARY)
    charging, database = spa.desk.app.state.charging, spa.desk.database
    day = datetime(2026, 2, 1, 12, tzinfo=UTC)
    for _ in range(2):
        await settle_due(database, charging, day)
    (payment,) = await spa.items(f"memberships/{made['id']}/payments")
    assert (payment["state"], payment["period_on"], payment["actor"]) == (
        "succeeded",
        "2026-01-31",
        "the server",
    )
    assert (await spa.items("memberships"))[0]["next_payment_on"] == "2026-02-28"
    credits_before = await spa.items(f"memberships/{made['id']}/credits")
    assert {credit["state"] for credit in credits_before} == {"available"}
    # Whoever is inactive is left alone: the day passes, and credits that nobody used in time expire.
    await spa.staff.patch(spa.place, json={"status": "inactive"}, headers=ANY)
    await settle_due(database, charging, datetime(2026, 5, 20, 12, tzinfo=UTC))
    assert len(await spa.items(f"memberships/{made['id']}/payments")) == 1
    assert (await spa.items("memberships"))[0]["next_payment_on"] == "2026-03-31"
    credits_after = await spa.items(f"memberships/{made['id']}/credits")
    assert {credit["state"] for credit in credits_after} == {"expired"}


@pytest.mark.feature("F6.2")
async def test_however_much_is_due_one_payment_a_day_is_taken(spa: Spa) -> None:
    await spa.opened()
    made = await spa.joined(**JANUARY)
    first = datetime(2026, 6, 1, 9, tzinfo=UTC)
    for hours in (0, 1, 24):
        at = first + timedelta(hours=hours)
        await settle_due(spa.desk.database, spa.desk.app.state.charging, at)
    payments = await spa.items(f"memberships/{made['id']}/payments")
    assert [one["period_on"] for one in payments] == ["2026-02-28", "2026-01-31"]


@pytest.mark.feature("F6.2")
async def test_a_day_without_a_card_is_told_once(spa: Spa) -> None:
    await spa.opened("")
    made = await spa.joined(**JANUARY)
    for _ in range(2):
        await settle_due(spa.desk.database, spa.desk.app.state.charging, datetime(2026, 2, 1, tzinfo=UTC))
    (payment,) = await spa.items(f"memberships/{made['id']}/payments")
    assert (payment["state"], payment["actor"]) == ("failed", "the server")
    assert "no payment method" in payment["reason"]


@pytest.mark.feature("F6.2")
async def test_a_try_before_the_day_leaves_the_day_its_own(spa: Spa) -> None:
    await spa.opened("declined")
    made = await spa.joined(**JANUARY)
    await spa.staff.post(f"{spa.place}/memberships/{made['id']}/process")
    card = await spa.staff.post(f"{spa.place}/payment-methods", json={"token": "tok_amex"})
    change = {"payment_method_id": card.json()["id"]}
    await spa.staff.patch(f"{spa.place}/memberships/{made['id']}", json=change, headers=ANY)
    await settle_due(spa.desk.database, spa.desk.app.state.charging, datetime(2026, 1, 31, 12, tzinfo=UTC))
    payments = await spa.items(f"memberships/{made['id']}/payments")
    assert [(one["state"], one["actor"]) for one in payments] == [
        ("succeeded", "the server"),
        ("failed", "Stan Staff"),
    ]


@pytest.mark.feature("F6.2")
async def test_a_silent_provider_is_asked_once_and_what_was_begun_is_finished_later(spa: Spa) -> None:
    await spa.opened()
    made = [await spa.joined(**JANUARY) for _ in range(2)]
    database = spa.desk.database
    nobody = Charging(database, HttpProvider("http://127.0.0.1:9", "unheard"), SETTLERS)
    await settle_due(database, nobody, datetime(2026, 1, 31, 12, tzinfo=UTC))
    begun = await database.read(lambda work: [one.subject_id for one in work.execute(select(charges))])
    assert begun == [made[0]["id"]]
    # What is under way can be neither cancelled nor paid once more meanwhile.
    place = f"{spa.place}/memberships/{made[0]['id']}"
    for act in ("cancel", "process"):
        answer = await spa.staff.post(f"{place}/{act}", json={})
        assert (answer.status_code, answer.json()["code"]) == (409, "payment_running")
    for _ in range(2):
        await spa.desk.app.state.charging.resume(now() + timedelta(minutes=3))
    kept = (await spa.staff.get(place)).json()
    assert (kept["next_payment_on"], kept["credits_left"]) == ("2026-02-28", 4)
    (payment,) = await spa.items(f"memberships/{made[0]['id']}/payments")
    assert (payment["state"], payment["actor"]) == ("succeeded", "the server")


@pytest.mark.feature("F6.2", "F13.2")
async def test_the_sample_business_charges_nobody_on_its_first_day(sqlite_database: Database) -> None:
    today = date(2026, 11, 20)
    await sqlite_database.write(lambda connection: load(connection, 200, today))
    charging = Charging(sqlite_database, HttpProvider("http://127.0.0.1:9", "never asked"), SETTLERS)
    noon = datetime.combine(today, time(12), UTC)
    assert await settle_due(sqlite_database, charging, noon) == 0

    def counted(connection: Connection) -> list[int]:
        paid = select(membership_payments.c.membership_id)
        statements = (
            select(func.count()).where(
                memberships.c.state == "active", memberships.c.next_payment_on > today
            ),
            select(func.count()).where(
                memberships.c.state == "active", memberships.c.next_payment_on < today
            ),
            select(func.count()).where(memberships.c.state != "active", memberships.c.id.in_(paid)),
            select(func.count()).select_from(charges),
        )
        return [connection.execute(statement).scalar_one() for statement in statements]

    coming, failed, over, begun = await sqlite_database.read(counted)
    assert coming > 10 * failed > 0
    assert over
    assert begun == 0


@pytest.mark.feature("F6.2")
async def test_what_was_cancelled_ends_on_its_last_day(spa: Spa) -> None:
    await spa.opened()
    made = await spa.joined(next_payment_on="2099-01-05")
    await spa.staff.post(f"{spa.place}/memberships/{made['id']}/cancel", json={})
    await settle_due(spa.desk.database, None, datetime(2099, 1, 6, tzinfo=UTC))
    assert (await spa.items("memberships"))[0]["state"] == "ended"

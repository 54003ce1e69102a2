"""Refresh tokens: good once, forgiving for a moment, and an alarm afterwards. On both databases."""

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from server.auth.tokens import Ended, Issued, Lifetimes, open_session, refresh
from server.store.database import Database
from server.store.tables import sessions, tokens
from tests.server.signing_in import Desk, account, settings, sign_in_app

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIFETIMES = Lifetimes.of(settings())


def opened(database: Database, now: datetime = NOON) -> Issued:
    anna = account(database)
    return database.write_now(lambda c: open_session(c, anna, "staff", "a desk", LIFETIMES, now))


def refreshed(database: Database, token: str, now: datetime) -> Issued | Ended:
    return database.write_now(lambda c: refresh(c, token, LIFETIMES, now))


def must_refresh(database: Database, token: str, now: datetime) -> Issued:
    outcome = refreshed(database, token, now)
    assert isinstance(outcome, Issued)
    return outcome


@pytest.mark.feature("F12.1")
async def test_a_client_whose_answer_was_lost_gets_the_same_pair_again(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        old = (await desk.sign_in()).refresh_token
        lost, again = await desk.refresh(old), await desk.refresh(old)
        assert (lost.access_token, lost.refresh_token) == (again.access_token, again.refresh_token)
        assert (await desk.who(again.access_token)).status_code == 200
        await desk.refresh(again.refresh_token)


@pytest.mark.feature("F12.1")
async def test_a_used_token_that_comes_again_after_the_grace_ends_the_whole_session(
    database: Database,
) -> None:
    account(database)
    async with Desk(sign_in_app(database, refresh_grace_seconds=0)) as desk:
        stolen = (await desk.sign_in()).refresh_token
        elsewhere = await desk.sign_in()
        current = await desk.refresh(stolen)
        reused = await desk.try_refresh(stolen)
        assert (reused.status_code, reused.json()["error"]) == (400, "invalid_grant")
        assert (await desk.who(current.access_token)).status_code == 401
        assert (await desk.try_refresh(current.refresh_token)).status_code == 400
        assert (await desk.who(elsewhere.access_token)).status_code == 200, (
            "another sign-in is another session"
        )


def test_the_grace_counts_from_the_first_use(database: Database) -> None:
    first = opened(database)
    used = must_refresh(database, first.refresh_token, NOON)
    in_time = must_refresh(database, first.refresh_token, NOON + timedelta(seconds=30))
    assert in_time.refresh_token == used.refresh_token
    assert (used.expires_in, in_time.expires_in) == (600, 570)
    late = NOON + timedelta(seconds=31)
    assert refreshed(database, first.refresh_token, late) == Ended(reused=True)
    assert refreshed(database, used.refresh_token, late) == Ended()


def test_a_session_slides_for_thirty_days_and_ends_after_ninety(database: Database) -> None:
    now, token = NOON, opened(database).refresh_token
    for _ in range(3):
        now += timedelta(days=29)
        token = must_refresh(database, token, now).refresh_token
    assert refreshed(database, token, NOON + timedelta(days=90, seconds=1)) == Ended()


def test_a_session_that_rests_too_long_ends(database: Database) -> None:
    token = opened(database).refresh_token
    assert refreshed(database, token, NOON + timedelta(days=30, seconds=1)) == Ended()


def test_expired_rows_are_swept_by_the_writes_that_come_anyway(database: Database) -> None:
    anna, now = account(database), NOON
    for _ in range(40):
        database.write_now(lambda c, at=now: open_session(c, anna, "staff", "", LIFETIMES, at))  # type: ignore[misc]
        now += timedelta(days=4)

    def rows(table: object) -> int:
        counted = select(func.count()).select_from(table)  # type: ignore[arg-type]
        return database.read_now(lambda c: c.execute(counted).scalar_one())

    assert rows(sessions) <= 9
    assert rows(tokens) <= 18


async def test_concurrent_refreshes_get_one_successor(database: Database) -> None:
    account(database)
    other = Database(database.engine.url.render_as_string(hide_password=False))
    try:
        async with Desk(sign_in_app(database)) as here, Desk(sign_in_app(other)) as there:
            old = (await here.sign_in()).refresh_token
            for _ in range(5):
                pairs = await asyncio.gather(*(desk.refresh(old) for desk in (here, there) for _ in range(8)))
                assert len({(pair.access_token, pair.refresh_token) for pair in pairs}) == 1
                old = pairs[0].refresh_token
            assert (await there.who(pairs[0].access_token)).status_code == 200
    finally:
        other.close()


async def test_a_revocation_counts_at_once_in_every_process(database: Database) -> None:
    account(database)
    other = Database(database.engine.url.render_as_string(hide_password=False))
    try:
        async with Desk(sign_in_app(database)) as here, Desk(sign_in_app(other)) as there:
            session = await here.sign_in()
            assert (await there.who(session.access_token)).status_code == 200
            await here.post("/v1/oauth/revoke", data={"token": session.access_token})
            assert (await there.who(session.access_token)).status_code == 401
            assert (await there.try_refresh(session.refresh_token)).status_code == 400
    finally:
        other.close()


async def test_a_refresh_that_meets_a_sign_out_never_brings_the_session_back(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        for _ in range(5):
            session = await desk.sign_in()
            answers = await asyncio.gather(
                desk.try_refresh(session.refresh_token),
                desk.post("/v1/oauth/revoke", data={"token": session.refresh_token}),
                desk.try_refresh(session.refresh_token),
            )
            for answer in (answers[0], answers[2]):
                if answer.status_code == 200:
                    assert (await desk.who(answer.json()["access_token"])).status_code == 401


_REFRESHER = """
import json, sys
from datetime import UTC, datetime
from server.auth.tokens import Lifetimes, refresh
from server.config import ServerSettings
from server.store.database import Database

database, token, lifetimes = Database(sys.argv[1]), sys.argv[2], Lifetimes.of(ServerSettings())
chain = []
for _ in range(int(sys.argv[3])):
    issued = database.write_now(lambda c: refresh(c, token, lifetimes, datetime.now(UTC)))
    token = issued.refresh_token
    chain.append(token)
database.close()
print(json.dumps(chain))
"""


def test_two_processes_that_refresh_one_session_walk_the_same_chain(database: Database) -> None:
    anna = account(database)
    now = datetime.now(UTC)
    first = database.write_now(lambda c: open_session(c, anna, "staff", "", LIFETIMES, now))
    url = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _REFRESHER, url, first.refresh_token, "50"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    chains = [json.loads(process.communicate(timeout=60)[0]) for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert chains[0] == chains[1]
    assert len(set(chains[0])) == 50

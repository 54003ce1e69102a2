"""Guessing is slow, and nobody can shut a colleague out."""

import asyncio
from contextlib import AsyncExitStack

from server.auth.limits import SignInLimits
from server.middleware.buckets import Buckets, network
from server.store.database import Database
from tests.server.signing_in import PASSWORD, Desk, account, sign_in_app


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_lets_a_burst_through_and_then_so_many_a_second() -> None:
    clock = Clock()
    buckets = Buckets(burst=3, per_second=0.5, clock=clock)
    assert [buckets.take("a") for _ in range(5)] == [0, 0, 0, 2, 2]
    assert buckets.take("b") == 0
    clock.now += 2
    assert [buckets.take("a") for _ in range(2)] == [0, 2]
    clock.now += 3600
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2]


def test_a_bucket_forgets_the_keys_used_longest_ago() -> None:
    buckets = Buckets(burst=1, per_second=0.001, keys=2)
    for key in "abc":
        buckets.take(key)
    assert "a" not in buckets
    assert buckets.take("c") > 0


def test_an_attempt_that_did_not_count_is_given_back() -> None:
    buckets = Buckets(burst=1, per_second=0.001)
    for _ in range(3):
        assert buckets.take("a") == 0
        buckets.give_back("a")


def test_an_ipv6_customer_is_one_address() -> None:
    assert network("2001:db8:1:2:3:4:5:6") == network("2001:db8:1:2::1") == "2001:db8:1:2::"
    assert network("2001:db8:1:3::1") != network("2001:db8:1:2::1")
    assert network("::ffff:192.0.2.1") == network("192.0.2.1") == "192.0.2.1"
    assert network("testclient") == "testclient"


async def test_after_five_wrong_passwords_the_next_one_waits_even_if_it_is_right(
    sqlite_database: Database,
) -> None:
    account(sqlite_database)
    async with Desk(sign_in_app(sqlite_database)) as desk:
        answers = [await desk.try_sign_in(password="another few words") for _ in range(5)]
        assert {answer.status_code for answer in answers} == {400}
        waiting = await desk.try_sign_in()
        assert waiting.status_code == 429
        assert waiting.json()["code"] == "too_many_requests"
        assert 0 < int(waiting.headers["retry-after"]) <= 15


async def test_names_that_exist_and_names_that_do_not_are_slowed_down_alike(
    sqlite_database: Database,
) -> None:
    account(sqlite_database)
    async with Desk(sign_in_app(sqlite_database)) as desk:
        known = [(await desk.try_sign_in("anna", "another few words")).status_code for _ in range(7)]
        unknown = [(await desk.try_sign_in("nobody", "another few words")).status_code for _ in range(7)]
    assert known == unknown == [400] * 5 + [429] * 2


async def test_right_passwords_never_wait(sqlite_database: Database) -> None:
    account(sqlite_database)
    async with Desk(sign_in_app(sqlite_database)) as desk:
        assert {(await desk.try_sign_in()).status_code for _ in range(12)} == {200}


async def test_who_guesses_at_anna_from_elsewhere_does_not_keep_anna_out(sqlite_database: Database) -> None:
    account(sqlite_database)
    app = sign_in_app(sqlite_database)
    async with Desk(app, "192.0.2.1") as anna:
        session = await anna.sign_in()
        statuses = set()
        for number in range(30):
            async with Desk(app, f"203.0.113.{number}") as thief:
                statuses |= {
                    (await thief.try_sign_in(password=f"guess {n} words")).status_code for n in range(3)
                }
        assert statuses == {400, 429}, "sixty guesses from anywhere, then slowly"
        assert (await anna.try_sign_in(password=PASSWORD)).status_code == 200
        assert (await anna.who(session.access_token)).status_code == 200


async def test_strangers_who_try_many_passwords_do_not_fill_the_queue_of_those_who_were_here_before(
    sqlite_database: Database,
) -> None:
    account(sqlite_database)
    app = sign_in_app(sqlite_database, password_memory_kib=8192, password_passes=4)
    async with AsyncExitStack() as stack:
        anna = await stack.enter_async_context(Desk(app))
        await anna.sign_in()
        strangers = [await stack.enter_async_context(Desk(app, f"203.0.113.{n}")) for n in range(60)]
        storm = [
            asyncio.create_task(stranger.try_sign_in(f"name{n}")) for n, stranger in enumerate(strangers)
        ]
        await asyncio.sleep(0.05)
        assert (await anna.try_sign_in()).status_code == 200
        assert not all(attempt.done() for attempt in storm)
        assert {answer.status_code for answer in await asyncio.gather(*storm)} == {400, 429}


def test_one_address_that_tries_many_names_is_slowed_down() -> None:
    limits = SignInLimits()
    waits = [limits.take(f"name{number}", "192.0.2.1") for number in range(40)]
    assert waits[:30] == [0.0] * 30
    assert all(wait > 0 for wait in waits[30:])
    assert limits.take("name1", "198.51.100.1") == 0.0


def test_being_refused_does_not_make_the_wait_longer() -> None:
    limits = SignInLimits()
    for _ in range(5):
        limits.take("anna", "192.0.2.1")
    first = limits.take("anna", "192.0.2.1")
    for _ in range(1000):
        last = limits.take("anna", "192.0.2.1")
    assert 0 < last <= first <= 15

"""The database: ids, migrations, snapshots, one writer."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from server.store import ids, migrations
from server.store.counters import next_number, take
from server.store.database import Database
from server.store.ids import new_id
from server.store.migrations import newest, revision, upgrade
from server.store.tables import customer_labels, customer_rank, metadata, settings


def test_ids_are_uuids_of_version_7_and_grow() -> None:
    ids = [new_id() for _ in range(5_000)]
    assert ids == sorted(set(ids))
    assert all(len(an_id) == 36 and an_id[14] == "7" and an_id[19] in "89ab" for an_id in ids)


def test_ids_grow_where_the_clock_stands_still_or_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.store.ids.time.time_ns", lambda: 0)
    monkeypatch.setattr("server.store.ids.os.urandom", lambda count: b"\xff" * count)
    made = [ids.new_id() for _ in range(1 << ids.COUNTED_BITS - 7)]
    assert made == sorted(set(made))


def test_migrations_and_tables_agree(database: Database) -> None:
    def work(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda _o, name, kind, _r, _c: kind != "table" or name in metadata.tables,
            },
        )
        return list(compare_metadata(context, metadata))

    assert database.read_now(work) == []


def test_a_migrated_database_is_at_the_newest_revision(database: Database) -> None:
    folder = str(Path(migrations.__file__).parent)
    assert database.read_now(revision) == newest() == ScriptDirectory(folder).get_current_head()
    upgrade(database)


def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    def pretend(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    database.write_now(pretend)
    with pytest.raises(CommandError):
        upgrade(database)
    assert database.read_now(revision) == "9999"


async def test_a_failing_piece_of_work_does_not_hurt_those_committed_with_it(database: Database) -> None:
    def save(number: int) -> Callable[[Connection], None]:
        def work(connection: Connection) -> None:
            connection.execute(insert(settings).values(name=f"n{number}", value="x"))
            if number % 3 == 0:
                raise LookupError(number)

        return work

    jobs = [database.write(save(number)) for number in range(30)]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    assert [isinstance(outcome, LookupError) for outcome in outcomes] == [n % 3 == 0 for n in range(30)]
    names = await database.read(lambda connection: connection.scalars(select(settings.c.name)).all())
    assert set(names) == {f"n{number}" for number in range(30) if number % 3}


async def test_what_was_told_is_on_disk_even_where_a_commit_fails(sqlite_database: Database) -> None:
    def save(number: int) -> Callable[[Connection], None]:
        def work(connection: Connection) -> None:
            connection.execute(insert(settings).values(name=f"n{number}", value="x"))
            if number == 5:
                # An orphan that is noticed only when the whole group is committed.
                connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
                orphan = {"customer_id": "none", "label_id": "none"}
                connection.execute(insert(customer_labels), orphan)

        return work

    jobs = [sqlite_database.write(save(number)) for number in range(10)]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    names = sqlite_database.read_now(lambda connection: set(connection.scalars(select(settings.c.name))))
    assert names == {f"n{number}" for number, outcome in enumerate(outcomes) if outcome is None}
    assert isinstance(outcomes[5], IntegrityError)
    await sqlite_database.write(save(11))


async def test_a_read_sees_one_moment(database: Database) -> None:
    def count(connection: Connection) -> int:
        return connection.scalar(select(func.count()).select_from(settings)) or 0

    def twice(connection: Connection) -> tuple[int, int]:
        before = count(connection)
        database.write_now(lambda other: other.execute(insert(settings).values(name="new", value="")))
        return before, count(connection)

    assert await database.read(twice) == (0, 0)
    assert await database.read(count) == 1


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"read-?only"):
        await database.read(
            lambda connection: connection.execute(insert(settings).values(name="a", value=""))
        )


async def test_counters_never_repeat(database: Database) -> None:
    numbers = await asyncio.gather(*(database.write(next_number) for _ in range(40)))
    assert sorted(numbers) == list(range(1, 41))
    first = await database.write(lambda connection: take(connection, customer_rank, 100))
    after = await database.write(lambda connection: take(connection, customer_rank))
    assert (first, after) == (1, 101)


async def test_a_full_disk_loses_nobody_who_was_told_otherwise(sqlite_database: Database) -> None:
    def save(number: int) -> Callable[[Connection], None]:
        def work(connection: Connection) -> None:
            if number == 5:
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
                connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            size = 3_000_000 if number == 5 else 1
            connection.execute(insert(settings).values(name=f"n{number}", value="x" * size))

        return work

    outcomes = await asyncio.gather(
        *(sqlite_database.write(save(n)) for n in range(10)), return_exceptions=True
    )
    names = sqlite_database.read_now(lambda connection: set(connection.scalars(select(settings.c.name))))
    assert names == {f"n{number}" for number, outcome in enumerate(outcomes) if outcome is None}
    assert isinstance(outcomes[5], OperationalError)

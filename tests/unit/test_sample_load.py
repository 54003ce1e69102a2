"""The sample business in a database: as if everybody had typed it in."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from client.models import Customer, CustomerSearch
from server.auth.actor import Actor
from server.rules.customers import CustomerRules
from server.rules.work import Work
from server.sample.load import is_sample, let_in, load
from server.store import tables
from server.store.counters import next_number, next_rank
from server.store.database import Database
from server.store.records import members
from server.store.search import index_for

TODAY = date(2026, 11, 20)
ADMIN = Actor(id="", name="", role="admin", session_id="")


@pytest.mark.feature("F13.2")
def test_customers_are_stored_as_the_rules_would_have_stored_them(database: Database) -> None:
    database.write_now(lambda connection: load(connection, 300, TODAY))
    with database.engine.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.customers)) == 300
        work = Work(connection=connection, actor=ADMIN, now=datetime.now(UTC))
        rules = CustomerRules()
        for row in connection.execute(select(tables.customers)).all():
            customer = Customer.model_validate(members(row))
            derived = rules.columns(work, customer)
            del derived["rank"]
            assert derived == {name: getattr(row, name) for name in derived}
        newest = connection.scalar(select(func.max(tables.customers.c.number)))
        assert next_number(connection) == (newest or 0) + 1
        assert next_rank(connection) > (connection.scalar(select(func.max(tables.customers.c.rank))) or 0)


@pytest.mark.feature("F1.2")
def test_loaded_customers_are_found_by_name_and_label(database: Database) -> None:
    database.write_now(lambda connection: load(connection, 300, TODAY))
    with database.engine.connect() as connection:
        row = connection.execute(select(tables.customers).order_by(tables.customers.c.rank.desc())).first()
        assert row is not None
        index = index_for(database.dialect)
        found = index.find(connection, CustomerSearch(q=row.display_name, archived="any"))
        assert row.id in [item["id"] for item in found.items]
        assert index.find(connection, CustomerSearch(label=["residential"], archived="any")).total


def test_the_business_knows_itself_and_lets_its_people_in(sqlite_database: Database) -> None:
    database = sqlite_database
    assert database.read_now(is_sample) is None
    database.write_now(lambda connection: load(connection, 0, TODAY))
    assert database.read_now(is_sample) is True
    database.write_now(lambda connection: let_in(connection, "a hash"))
    with database.engine.connect() as connection:
        assert set(connection.scalars(select(tables.staff.c.password_hash))) == {"a hash"}


def test_another_business_is_not_taken_for_the_sample(sqlite_database: Database) -> None:
    now = datetime.now(UTC)
    own = {"id": "x", "version": 1, "created_at": now, "updated_at": now, "login": "eve", "name": "Eve"}
    sqlite_database.write_now(
        lambda connection: connection.execute(tables.staff.insert().values(**own, role="admin"))
    )
    assert sqlite_database.read_now(is_sample) is False

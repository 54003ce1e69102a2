"""Several server processes save at once: the index stays whole."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from server.store import tables
from server.store.database import Database
from server.store.search import postgresql_sql
from server.store.search.postgresql_sql import Tier
from tests.server.searching import Office

_SAVERS = 4
_SAVES = 25


def test_saves_at_the_same_time_leave_an_index_like_one_built_anew(postgres_database: Database) -> None:
    office = Office(postgres_database)
    for place in range(_SAVERS):
        office.add(f"Customer {place}", status="new")
    first_rank = office.rank

    def save(saver: int) -> None:
        row = dict(office.rows[f"Customer {saver}"])
        columns = tables.customers.c
        for place in range(_SAVES):
            # New names that all savers bring at the same time, and change again.
            row["display_name"] = f"Wilhelmina{place} Featherstone{saver % 2}"
            row["status"] = ("active", "new")[place % 2]
            row["rank"] = first_rank + 1 + place * _SAVERS + saver
            with postgres_database.engine.begin() as connection:
                connection.execute(update(tables.customers).where(columns.id == row["id"]).values(**row))
                office.index.put(connection, row, [])

    with ThreadPoolExecutor(_SAVERS) as savers:
        list(savers.map(save, range(_SAVERS)))
    asked = ["wilhelm", "wilhelmnia", f"wilhelmina{_SAVES - 1}", "wilhelmina3", "featherstone1", "customer"]
    found = {typed: (office.ids(typed), office.find(typed).total) for typed in asked}
    assert len(found["wilhelm"][0]) == _SAVERS
    assert found["customer"] == ([], 0)
    assert office.find(status=["active"]).total == _SAVERS
    with postgres_database.engine.begin() as connection:
        office.index.rebuild(connection)
    assert {typed: (office.ids(typed), office.find(typed).total) for typed in asked} == found


@pytest.mark.parametrize("many", [2, 8])
def test_what_is_older_than_the_newest_is_found_as_well(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    tiers = (Tier(0, "search_latest", 4, 2), Tier(1, "search_newest", 8, 4))
    monkeypatch.setattr(postgresql_sql, "TIERS", tiers)
    monkeypatch.setattr(postgresql_sql, "MANY", many)
    office = Office(postgres_database)
    names = [f"Anna {place}" for place in range(30)]
    for name in names:
        office.add(name)
    office.add("Annabel")
    with postgres_database.engine.connect() as connection:
        kept = connection.exec_driver_sql(
            "SELECT COUNT(*), (SELECT MIN(floor) FROM search_floor) FROM search_newest"
        )
        assert kept.one() == (11, 20)
    assert office.ids("anna", limit=200) == [*names[::-1], "Annabel"]
    for limit in (1, 5, 12):
        assert office.all_ids("anna", limit=limit) == [*names[::-1], "Annabel"]
        assert office.all_ids("ann 1", limit=limit) == office.ids("ann 1", limit=200)
    assert office.find("anna", limit=2).total == 31
    office.change("Anna 0", display_name="Anna zero")
    assert office.ids("anna")[0] == "Anna 0"
    with postgres_database.engine.begin() as connection:
        office.index.rebuild(connection)
    assert office.ids("anna", limit=200)[-2:] == ["Anna 1", "Annabel"]

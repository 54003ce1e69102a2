"""Numbers given in sequence: customer numbers, and the ranks that say what was changed last.

On PostgreSQL they are sequences, so that savers do not wait for each other; on SQLite a table, because
there is one writer anyway.
"""

from typing import Any, Final

from sqlalchemy import Connection, Sequence, text

from server.store.tables import customer_number, customer_rank

_ADD: Final = "UPDATE counters SET value = value + ? WHERE name = ?"


def next_number(connection: Connection) -> int:
    """Give the next customer number."""
    return take(connection, customer_number)


def next_rank(connection: Connection) -> int:
    """Give a rank larger than every one before."""
    return take(connection, customer_rank)


def take(connection: Connection, counter: Sequence, count: int = 1) -> int:
    """Take `count` numbers in a row and give the first of them."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        if count == 1:
            return int(driver.execute(f"SELECT nextval('{counter.name}')").fetchone()[0])
        # For filling an empty database: nobody else may be taking numbers meanwhile.
        statement = f"SELECT setval('{counter.name}', nextval('{counter.name}') + {count - 1}) - {count - 1}"
        return int(driver.execute(statement).fetchone()[0])
    # Two plain statements: an upsert with RETURNING takes twice as long.
    if driver.execute(_ADD, (count, counter.name)).rowcount == 0:
        driver.execute("INSERT INTO counters (name, value) VALUES (?, ?)", (counter.name, count))
    last = driver.execute("SELECT value FROM counters WHERE name = ?", (counter.name,)).fetchone()[0]
    return int(last) - count + 1


def take_many(connection: Connection, counter: Sequence, count: int) -> list[int]:
    """Take `count` numbers, each larger than the one before, while others take some too."""
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        statement = f"SELECT nextval('{counter.name}') FROM generate_series(1, {count})"  # noqa: S608 - own names
        return sorted(int(row[0]) for row in driver.execute(statement).fetchall())
    first = take(connection, counter, count)
    return list(range(first, first + count))


def next_without_gaps(connection: Connection, name: str) -> int:
    """Give the next number of a sequence that must have no gaps, such as that of invoices.

    Whoever takes one lets others wait to the end of the transaction, and gives it back where that fails.
    """
    statement = text(
        "INSERT INTO counters (name, value) VALUES (:name, 1) "
        "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
    )
    return int(connection.execute(statement, {"name": name}).scalar_one())

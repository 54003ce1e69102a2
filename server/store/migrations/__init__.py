"""Migrations: from any earlier form of the database to the one that `server.store.tables` describes."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect

from server.store.database import Database
from server.store.search import index_for

_HERE: Final = Path(__file__).parent
_LOCK: Final = 1_262_834_037


def upgrade(database: Database) -> None:
    """Bring the database up to date in one transaction; a new one gets all its tables.

    Raises `alembic.util.exc.CommandError` where the database was made by a newer version.
    """
    if database.read_now(revision) != newest():
        database.write_now(_upgrade)
    # The index is made of the customers alone: another form of it is built anew, not migrated.
    index = index_for(database.dialect)
    if not database.read_now(index.is_current):
        database.write_now(_index)


def revision(connection: Connection) -> str | None:
    """Give the revision that a database is at; None for a new one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def newest() -> str:
    """Give the newest revision: the number in the name of its file."""
    return max(path.name[1:5] for path in (_HERE / "versions").glob("v[0-9]*.py"))


def _upgrade(connection: Connection) -> None:
    # Imported here: a server whose database is up to date starts without it.
    from alembic import command
    from alembic.config import Config

    _lock(connection)
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _index(connection: Connection) -> None:
    _lock(connection)
    index_for(connection.dialect.name).ensure(connection)


def _lock(connection: Connection) -> None:
    """Of several servers that start on a new database at once, let the first one make it."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

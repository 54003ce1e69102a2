"""Migrations: from any earlier form of the database to the one that `server.store.tables` describes."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from server.store.database import Database


def upgrade(database: Database) -> None:
    """Bring the database up to date in one transaction; a new one gets all its tables."""

    def work(connection: Connection) -> None:
        script = _script()
        if MigrationContext.configure(connection).get_current_revision() == script.get_current_head():
            return
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    database.write_now(work)


def _script() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parent))

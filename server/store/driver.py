"""The driver's own connection under SQLAlchemy's, for statements that run too often to be wrapped."""

import sqlite3
from typing import cast

from sqlalchemy import Connection


def sqlite_driver(connection: Connection) -> sqlite3.Connection:
    """Give the `sqlite3` connection that `connection` stands on."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)

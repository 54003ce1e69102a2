"""Opening a database for a command: made and brought up to date, and every failure a sentence."""

import contextlib
import os
import stat
from pathlib import Path
from typing import Final

from alembic.util.exc import CommandError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError

from server.store.database import Database
from server.store.migrations import upgrade

_SCHEMES: Final = ("sqlite", "postgresql")


class CannotStart(Exception):
    """Why the server, or a command on its database, cannot begin: a sentence for a person."""


def open_database(url: str, *, new: bool = True) -> Database:
    """Open the database at `url`, a SQLite file or a PostgreSQL URL. Raises CannotStart.

    `new` says whether a file that is not there yet is made.
    """
    path = sqlite_file(url)
    if path is not None:
        if not new and not path.exists():
            raise CannotStart(f"There is no database {path}.")
        _prepare_file(path)
    shown = shown_url(url)
    if url.partition("://")[0].partition("+")[0] not in _SCHEMES and "://" in url:
        raise CannotStart(f"{shown} is neither a file nor postgresql://user@host/name.")
    try:
        database = Database(url)
        upgrade(database)
    except ModuleNotFoundError as error:
        raise CannotStart(
            f"The driver for PostgreSQL ({error.name}) is missing: pip install 'keeptabs[postgresql]'."
        ) from None
    except ArgumentError:
        raise CannotStart(f"{shown} cannot be read: write postgresql://user@host/name.") from None
    except CommandError as error:
        raise CannotStart(
            f"The database {shown} was made by a newer version of Keeptabs. Update this one. ({error})"
        ) from None
    except (DatabaseError, InterfaceError) as error:
        raise CannotStart(f"The database {shown} cannot be opened: {_reason(error)}") from None
    return database


def sqlite_file(url: str) -> Path | None:
    """Give the file behind a database URL, or None where it is no SQLite file."""
    if "://" not in url:
        return Path(url)
    name = url.removeprefix("sqlite:///")
    return Path(name) if name != url and name not in ("", ":memory:") else None


def shown_url(url: str) -> str:
    """Give a database URL without its password."""
    if "://" not in url:
        return url
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url.partition("://")[0] + "://…"


def _prepare_file(path: Path) -> None:
    """Shut the file before anything is in it: a new one for all but its owner, an older one for strangers.

    The files that SQLite keeps beside it take its permissions.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        raise CannotStart(f"The directory {path.absolute().parent} does not exist. Make it first.") from None
    except IsADirectoryError:
        raise CannotStart(f"{path} is a directory. Name a file in it.") from None
    except OSError as error:
        raise CannotStart(f"The database file {path} cannot be written: {error.strerror}.") from None
    os.close(descriptor)
    if not os.access(path.absolute().parent, os.W_OK):
        raise CannotStart(f"The directory {path.absolute().parent} cannot be written, which SQLite needs.")
    for part in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        with contextlib.suppress(FileNotFoundError, PermissionError):
            part.chmod(part.stat().st_mode & ~stat.S_IRWXO)


def _reason(error: DatabaseError | InterfaceError) -> str:
    reason = " ".join(str(error.orig).split())
    return reason if reason.endswith((".", "?")) else f"{reason}."

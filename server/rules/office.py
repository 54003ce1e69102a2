"""What the business says of itself, and what day it is there."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, delete, insert, select

from server.store.tables import settings

OFFICE_SAYS: Final = ("business", "country", "language", "currency", "time_zone")


def say_of_office(connection: Connection, told: Mapping[str, str]) -> None:
    """Keep what the office says of itself: rules and letters read it in the database."""
    connection.execute(delete(settings).where(settings.c.name.in_(told)))
    connection.execute(insert(settings), [{"name": name, "value": value} for name, value in told.items()])


def office_day(connection: Connection, moment: datetime) -> date:
    """Give the date of a moment in the time zone of the business; in UTC where it names none."""
    return moment.astimezone(_office_zone(connection)).date()


def office_midnight(connection: Connection, day: date) -> datetime:
    """Give the moment at which a day begins there, in UTC."""
    begins = datetime.combine(day, time.min, _office_zone(connection))
    try:
        return begins.astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time.min, UTC)


def _office_zone(connection: Connection) -> tzinfo:
    name = connection.scalar(select(settings.c.value).where(settings.c.name == "time_zone"))
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC

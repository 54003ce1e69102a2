"""What day it is where the business is."""

from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, select

from server.store.tables import settings


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

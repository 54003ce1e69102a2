"""What day it is where the business is."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, select

from server.store.tables import settings


def office_day(connection: Connection, moment: datetime) -> date:
    """Give the date of a moment in the time zone of the business; in UTC where it names none."""
    zone = connection.scalar(select(settings.c.value).where(settings.c.name == "time_zone"))
    try:
        return moment.astimezone(ZoneInfo(zone)).date() if zone else moment.date()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return moment.date()

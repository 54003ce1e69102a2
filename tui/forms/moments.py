"""Dates with times as people type them: `12/3 14:30`, `tomorrow 9`, `2pm`."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final

from client.models.kinds import Refused

_TIME: Final = re.compile(
    r"(?:^|[\sT,]+)(?:at\s+)?(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?(?::\d{2})?\s*(?P<half>[ap]\.?m\.?)?"
    r"(?:\s*(?:uhr|h|o'clock))?\s*$",
    re.IGNORECASE | re.ASCII,
)


def read_moment(text: str, now: datetime, read_day: Callable[[str], date]) -> datetime:
    """Give the instant that `text` names, in the time zone of `now`. Raises `Refused`.

    A time alone is the next one to come.
    """
    found = _TIME.search(text.strip())
    day_text = text.strip()[: found.start()].strip(" ,") if found is not None else text.strip()
    if found is None or (not found["minute"] and not found["half"] and day_text and day_text[-1:].isdigit()):
        # `12 March 2027` ends in digits too: a day without a time.
        raise Refused("no_time", f"Say the time too, such as {text.strip()[:20]} 14:30.")
    at = _time(found)
    if not day_text:
        moment = datetime.combine(now.date(), at, now.tzinfo)
        return moment if moment > now else moment + timedelta(days=1)
    return datetime.combine(read_day(day_text), at, now.tzinfo)


def _time(found: re.Match[str]) -> time:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "").replace(".", "").casefold()
    if half and not 1 <= hour <= 12:
        hour = 24
    elif half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise Refused("not_a_time", "This is not a time of day, such as 14:30 or 2:30 pm.") from None

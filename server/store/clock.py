"""The time that records carry."""

from datetime import UTC, datetime


def now() -> datetime:
    """Give this moment in UTC in whole seconds: finer ones would only make every answer longer."""
    return datetime.now(UTC).replace(microsecond=0)

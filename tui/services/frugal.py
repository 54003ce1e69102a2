"""How much is asked for at once: less while the link is to be spared."""

from typing import Any, Final

from textual.app import App

from client.meter import LinkMeter

_ROWS: Final = 12
"""Customers, records or events of one page."""
_AHEAD: Final = 3
"""With fewer rows below the marker the next page is fetched."""


def rows_at_once(meter: LinkMeter, usual: int) -> int:
    """Give how many rows a page shall have."""
    return min(usual, _ROWS) if meter.frugal else usual


def meter_of(app: App[Any]) -> LinkMeter:
    """Give the meter of the link that an application works over."""
    return getattr(getattr(app, "desk", None), "meter", None) or LinkMeter()


def few_records(meter: LinkMeter) -> int | None:
    """Give how many records of a list to ask for first; None for all of them, page by page."""
    return _ROWS if meter.frugal else None


def rows_ahead(meter: LinkMeter, usual: int) -> int:
    """Give how many rows below the marker are enough, before more are fetched."""
    return min(usual, _AHEAD) if meter.frugal else usual

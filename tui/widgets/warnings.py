"""What colleagues have noted of a customer, as the header says it: warnings and weight."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tui.text import width_of
from tui.widgets.rows import Row, Span, edges

if TYPE_CHECKING:
    from client.models import Alert, Weight
    from tui.forms.formats import Formats

MOST_SHOWN: Final = 3
"""Lines that warnings take at most."""
_GAPS: Final = 3
"""Blanks around what stands behind a warning."""
_MARKS: Final = {"critical": (" CRITICAL  ", "bad"), "warning": (" Warning   ", "warn")}


def alert_rows(alerts: "Sequence[Alert]", formats: "Formats", width: int) -> list[Row]:
    """Give a line for each warning, critical ones first; the last line says how many more there are."""
    worst_first = sorted(alerts, key=lambda alert: alert.severity != "critical")
    rows: list[Row] = []
    for place, alert in enumerate(worst_first[:MOST_SHOWN]):
        mark, role = _MARKS.get(alert.severity, (f" {alert.severity}  ", "warn"))
        more = len(worst_first) - MOST_SHOWN if place == MOST_SHOWN - 1 else 0
        behind = [f"and {more} more: !"] if more else [signature(alert, formats), _day(alert, formats), ""]
        room = width - width_of(mark) - width_of(alert.text)
        # What it says comes before who said it; `!` names both.
        told = next((text for text in behind if width_of(text) + _GAPS <= room), behind[-1])
        rows.append(edges([Span(mark, role), Span(alert.text)], [Span(f"  {told} ", "muted")], width))
    return rows


def signature(alert: "Alert", formats: "Formats") -> str:
    """Say who wrote a warning, and when."""
    return ", ".join(part for part in (alert.author, _day(alert, formats)) if part)


def _day(alert: "Alert", formats: "Formats") -> str:
    return formats.day(alert.created_at.date()) if alert.created_at else ""


def written_weight(weight: "Weight", formats: "Formats") -> str:
    """Give a weight with its unit and its day."""
    taken = f", {formats.day(weight.taken_on)}" if weight.taken_on else ""
    return f"{formats.number(weight.value)} {weight.unit}{taken}"

"""What else staff know of a customer: weight, warnings, further ways to reach them."""

from datetime import date, datetime
from typing import Annotated, Final

from pydantic import Field

from client.models.base import Model
from client.models.kinds import Choice, Day, Initially, Line, Number, Phone, Several

WEIGHT_UNITS: Final = {"kg": "Kilograms", "lb": "Pounds"}
SEVERITIES: Final = {
    "warning": "To be kept in mind",
    "critical": "To be read before anything else is done",
}
MOST_ALERTS: Final = 10
"""More warnings than that are read by nobody."""

CustomValue = bool | int | float | str
"""What an additional field holds: text, words of a choice, links and dates (RFC 3339) as text."""


class Weight(Model):
    """What somebody weighs, and since when that is known. FHIR: Observation 29463-7."""

    value: Annotated[float, Number(minimum=0.1, maximum=2_000), Field(title="Weight")]
    """As the scales said; the unit stands below."""
    unit: Annotated[str, Choice(options=WEIGHT_UNITS), Initially("kg"), Field(title="Unit")]
    """kg or lb."""
    taken_on: Annotated[date | None, Day(earliest=date(1900, 1, 1), past=True), Field(title="Taken on")] = (
        None
    )
    """The day on which it was taken; left out when it is sent: that day."""


class Alert(Model):
    """A short warning about a customer, for staff: seen the moment the profile opens."""

    id: Annotated[str, Line(max_length=64), Field(title="Id")] = ""
    """Names this warning within the customer; the server gives one where it is left out."""
    severity: Annotated[str, Choice(options=SEVERITIES), Initially("warning"), Field(title="Severity")] = (
        "warning"
    )
    """warning or critical."""
    text: Annotated[str, Line(max_length=120, required=True), Field(title="What to mind")]
    """What to mind."""
    author: Annotated[str, Line(max_length=100), Field(title="Author")] = ""
    """Who wrote it; the server says so, whatever is sent."""
    created_at: Annotated[datetime | None, Field(title="Written")] = None
    """When it was written; the server says so, whatever is sent."""


class ExtraField(Model):
    """Something to know that has no field of its own."""

    id: Annotated[str, Line(max_length=64), Field(title="Id")] = ""
    """Names this pair within the customer; the server gives one where it is left out."""
    label: Annotated[str, Line(max_length=60, required=True), Field(title="Label")]
    """What it is."""
    value: Annotated[str, Line(max_length=200), Field(title="Value")] = ""
    """What it says."""


class ExtraContact(Model):
    """Further ways to reach a customer, for staff."""

    business_name: Annotated[str, Line(max_length=200), Field(title="Business name")] = ""
    """The business under which the customer is known."""
    alternate_phone: Annotated[str, Phone(), Field(title="Alternate phone")] = ""
    """E.164."""
    best_way: Annotated[str, Line(max_length=200), Field(title="Best way to reach")] = ""
    """Such as "text first, never before ten"."""
    fields: Annotated[list[ExtraField], Several(max_items=20), Field(title="Also")] = []
    """Anything else, each with a label."""

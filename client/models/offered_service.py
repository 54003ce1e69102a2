"""What the business does for customers, and what a customer does not want done."""

from typing import Annotated

from pydantic import Field

from client.models.base import Record
from client.models.kinds import CREATE_ONLY, READ_ONLY, Line, Number, Paragraph, Reference


class OfferedService(Record):
    """A service that can be booked. schema.org: `Service`."""

    name: Annotated[str, Line(max_length=100, required=True), Field(title="Name", examples=["Deep clean"])]
    """No two are called alike; capitals make no difference."""
    description: Annotated[str, Paragraph(max_length=2_000), Field(title="About")] = ""
    """What is done, for colleagues who tell customers."""
    duration_minutes: Annotated[
        int | None, Number(minimum=5, maximum=1_440, unit="min"), Field(title="Takes")
    ] = None
    """How long it takes, in minutes; left out where that differs from time to time."""
    active: Annotated[bool, Field(title="Offered")] = True
    """Whether it is still offered; one that is not stays in old bookings and cannot be booked any more."""


class DislikedService(Record):
    """A service that a customer does not want, so that nobody books it for that customer."""

    service_id: Annotated[str, CREATE_ONLY, Reference(collection="services"), Field(title="Service")]
    """The service; each is there once at most."""
    service: Annotated[str, READ_ONLY, Field(title="Service")] = ""
    """Its name."""
    comment: Annotated[str, Paragraph(max_length=1_000), Field(title="Comment")] = ""
    """Why, and what may be done instead."""

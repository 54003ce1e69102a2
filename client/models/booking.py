"""Bookings: what a customer has booked or waits for, and what a customer may book."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from client.models.base import Model, Record
from client.models.kinds import (
    CREATE_ONLY,
    READ_ONLY,
    Choice,
    Initially,
    Line,
    Moment,
    Number,
    Paragraph,
    Reference,
)

BOOKING_STATES: Final = {
    "booked": "Booked",
    "waitlisted": "On the wait list",
    "cancelled": "Cancelled",
    "completed": "Completed",
    "no_show": "Did not come",
}
"""Every state of a booking. Only the first two can be asked for; the others come by actions."""

OPEN_STATES: Final = frozenset({"booked", "waitlisted"})
"""States in which a booking can still be changed and cancelled."""


class Booking(Record):
    """A service at a time: booked, waited for, or over. Kept for good. schema.org: `Reservation`."""

    service_id: Annotated[str, Reference(collection="services"), Field(title="Service")]
    """What is done. One that the customer dislikes, or that is offered no more, cannot be booked."""
    service: Annotated[str, READ_ONLY, Field(title="Service")] = ""
    """Its name."""
    starts_at: Annotated[datetime, Moment(), Field(title="When")]
    """When it begins, RFC 3339."""
    duration_minutes: Annotated[
        int | None, Number(minimum=5, maximum=1_440, unit="min"), Field(title="Takes")
    ] = None
    """How long it takes. Left out at creation it is what the service takes, or an hour."""
    ends_at: Annotated[datetime | None, READ_ONLY, Field(title="Until")] = None
    """When it ends, RFC 3339 in UTC."""
    address_id: Annotated[str | None, Reference(collection="addresses"), Field(title="Address")] = None
    """The customer's address at which it is done: the `id` of one of `addresses`."""
    branch_id: Annotated[str | None, Reference(collection="branches"), Field(title="Branch")] = None
    """The branch where it is done, or whose people do it."""
    branch: Annotated[str, READ_ONLY, Field(title="Branch")] = ""
    """Its name."""
    staff_id: Annotated[str | None, Reference(collection="staff"), Field(title="With")] = None
    """The staff member who does it, where the customer wishes one."""
    staff: Annotated[str, READ_ONLY, Field(title="With")] = ""
    """That person's name."""
    note: Annotated[str, Paragraph(max_length=2_000), Field(title="Note")] = ""
    """What those who do it should know."""
    state: Annotated[
        str,
        CREATE_ONLY,
        Choice(options=BOOKING_STATES, offered=("booked", "waitlisted")),
        Initially("booked"),
        Field(title="State"),
    ] = "booked"
    """A new one is `booked` or `waitlisted`. A customer with the access `waitlist_only` can only wait."""
    reason: Annotated[str, READ_ONLY, Field(title="Reason")] = ""
    """Why it was cancelled."""


class Cancellation(Model):
    """Why a booking is cancelled."""

    reason: Annotated[str, Line(max_length=200), Field(title="Reason")] = ""
    """As the history and the list of bookings show it."""


class BookingBrief(Model):
    """What a summary says of a booking."""

    id: str
    """The booking's id."""
    starts_at: datetime
    """When it begins, RFC 3339 in UTC."""
    service: str = ""
    """The name of the service."""
    state: str = "booked"
    """Its state."""


@dataclass(frozen=True, slots=True)
class BookingRight:
    """What a customer may book, and why not more."""

    book: bool
    """Whether a time can be taken."""
    wait: bool
    """Whether the wait list can be joined."""
    code: str = ""
    """A word for programs where something is not allowed."""
    sentence: str = ""
    """The same for a person, with the way out."""


_ANYTHING: Final = BookingRight(book=True, wait=True)
_WAITS: Final = BookingRight(
    book=False, wait=True, code="waitlist_only", sentence="This customer can only join the wait list."
)
_NOTHING: Final = {
    "archived": "This customer is archived and cannot book. Take it back from the archive first.",
    "blocked": "This customer is blocked and can neither book nor wait. Lift the block first.",
    "inactive": "This customer is inactive and cannot book. Set the status first.",
}


def booking_right(status: str, access: str, *, archived: bool) -> BookingRight:
    """Say what a customer may book: the rest is what a server refuses, and what a client need not offer."""
    code = "archived" if archived else "blocked" if "blocked" in (status, access) else status
    if code in _NOTHING:
        return BookingRight(book=False, wait=False, code=code, sentence=_NOTHING[code])
    return _WAITS if access == "waitlist_only" else _ANYTHING

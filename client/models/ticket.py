"""Support tickets: what a customer asked for, and what was said about it since."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from client.models.base import Record
from client.models.kinds import CREATE_ONLY, READ_ONLY, Choice, Initially, Line, Paragraph

TICKET_STATES: Final = {
    "open": "Waits for us",
    "pending": "Waits for customer",
    "closed": "Closed",
}
"""Every state of a ticket with its meaning. A reply by staff makes it pending, one by the customer open."""

SPEAKERS: Final = {"staff": "Us", "customer": "The customer"}


class Ticket(Record):
    """Something a customer wants help with. TMF621: `TroubleTicket`."""

    subject: Annotated[str, Line(max_length=200, required=True), Field(title="Subject")]
    """In a few words."""
    body: Annotated[str, CREATE_ONLY, Paragraph(max_length=10_000, required=True), Field(title="Message")]
    """What the customer says."""
    product: Annotated[str, Line(max_length=100), Field(title="Product")] = ""
    """What it is about."""
    state: Annotated[str, READ_ONLY, Choice(options=TICKET_STATES), Field(title="State")] = "open"
    """open, pending or closed."""
    opened_by_id: Annotated[str, READ_ONLY, Field(title="Opened by")] = ""
    """The staff member who opened it on the customer's behalf; left out where the customer did."""
    opened_by: Annotated[str, READ_ONLY, Field(title="Opened by")] = ""
    """The name of who opened it."""
    reply_count: Annotated[int, READ_ONLY, Field(title="Replies")] = 0
    """How many replies there are."""
    replied_at: Annotated[datetime | None, READ_ONLY, Field(title="Last reply")] = None
    """When the last reply was written, RFC 3339 in UTC."""
    closed_at: Annotated[datetime | None, READ_ONLY, Field(title="Closed")] = None
    """When it was closed, RFC 3339 in UTC."""


class Reply(Record):
    """One reply on a ticket. What was said stays: replies are neither changed nor removed."""

    body: Annotated[str, Paragraph(max_length=10_000, required=True), Field(title="Reply")]
    """The text."""
    said_by: Annotated[str, Choice(options=SPEAKERS), Initially("staff"), Field(title="Said by")] = "staff"
    """`customer`: staff wrote down what the customer said, for instance on the phone."""
    internal: Annotated[bool, Field(title="Internal")] = False
    """Whether it is for staff only; the customer never sees it, and the state stays."""
    author_id: Annotated[str, READ_ONLY, Field(title="Author")] = ""
    """The staff member who wrote it down; left out where the customer did."""
    author: Annotated[str, READ_ONLY, Field(title="Author")] = ""
    """The name of who wrote it."""

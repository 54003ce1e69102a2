"""Messages to a customer by e-mail, with what became of them."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from client.models.base import Record
from client.models.kinds import READ_ONLY, EmailAddress, Line, Paragraph

MESSAGE_KINDS: Final = {
    "message": "Written by a colleague",
    "changes": "What was changed",
    "confirmation": "To confirm the account",
}
"""What messages are for."""

MESSAGE_STATES: Final = {
    "queued": "Waits to be sent",
    "sending": "Is being sent",
    "sent": "Sent",
    "failed": "Could not be sent",
}
"""What becomes of a message, with meanings."""


class Message(Record):
    """An e-mail to a customer. Making one sends it; it is not changed afterwards."""

    to: Annotated[str, EmailAddress(), Field(title="To", examples=["joanna@example.org"])] = ""
    """One of the customer's addresses. Left out, the primary one."""
    subject: Annotated[str, Line(max_length=200, required=True), Field(title="Subject")]
    """The subject line."""
    body: Annotated[str, Paragraph(max_length=20_000, required=True), Field(title="Message")]
    """The text. In a confirmation the customer's personal link is left out: it is kept nowhere."""
    kind: Annotated[str, READ_ONLY, Field(title="Kind")] = "message"
    """message, changes or confirmation."""
    state: Annotated[str, READ_ONLY, Field(title="State")] = "queued"
    """queued, sending, sent or failed. Where the server's `features` lack `mail`, it stays queued."""
    sent_at: Annotated[datetime | None, READ_ONLY, Field(title="Sent")] = None
    """When the mail server took it."""
    error: Annotated[str, READ_ONLY, Field(title="Why not")] = ""
    """What the mail server said when it did not take it, in a sentence."""
    attempts: Annotated[int, READ_ONLY, Field(title="Attempts")] = 0
    """How often sending it was begun."""
    sender: Annotated[str, READ_ONLY, Field(title="From")] = ""
    """The address that replies go to: the author's. Left out: the business."""
    author_id: Annotated[str, READ_ONLY, Field(title="Author")] = ""
    """The staff member who wrote it, or whose change it tells."""
    author: Annotated[str, READ_ONLY, Field(title="Author")] = ""
    """That person's name."""

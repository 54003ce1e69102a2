"""Bulk work: one thing done to up to a hundred customers, and what became of each."""

from typing import Annotated, Final

from pydantic import Field

from client.models.base import Model
from client.models.kinds import Choice, Line, Reference, Several

MOST: Final = 100
"""Customers of one request."""

BULK_OPERATIONS: Final = {
    "label": "Give a label",
    "unlabel": "Take a label off",
    "archive": "Archive",
    "unarchive": "Take back from the archive",
}
"""What can be done to many at once."""

OUTCOMES: Final = {
    "changed": "Done",
    "unchanged": "It was so already",
    "refused": "Refused",
}


class BulkRequest(Model):
    """One thing to do to several customers."""

    ids: Annotated[
        list[str], Several(max_items=MOST, item=Reference(collection="customers")), Field(title="Customers")
    ]
    """Ids of customers, at most 100."""
    operation: Annotated[str, Choice(options=BULK_OPERATIONS), Field(title="What")]
    """label, unlabel, archive or unarchive."""
    label: Annotated[str, Line(max_length=60), Field(title="Label")] = ""
    """The name of the label, for `label` and `unlabel`."""


class BulkOutcome(Model):
    """What became of one customer."""

    id: str
    """The customer's id."""
    outcome: Annotated[str, Choice(options=OUTCOMES)]
    """changed, unchanged or refused."""
    code: str = ""
    """Why it was refused, for programs."""
    sentence: str = ""
    """Why it was refused, for a person."""
    number: int = 0
    """The number of a customer that was refused."""
    name: str = ""
    """The name of a customer that was refused."""


class BulkResult(Model):
    """What became of each customer of a request, in its order, each named once."""

    items: list[BulkOutcome] = []
    """One for each customer."""

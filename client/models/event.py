"""The history of a customer: what changed, when, and by whom."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from client.models.base import Model


class Change(Model):
    """One field's change. A JSON Pointer says where (RFC 6901); absent values are left out."""

    field: Annotated[str, Field(title="Field", examples=["/phones/0/number"])]
    """JSON Pointer into the record."""
    old: Annotated[Any, Field(title="Before")] = None
    """The value before, as JSON."""
    new: Annotated[Any, Field(title="After")] = None
    """The value after, as JSON."""


class Event(Model):
    """One entry of the history, written in the same transaction as the change itself; never altered."""

    id: str
    """A UUID version 7 (RFC 9562), so ids sort by time."""
    at: datetime
    """When, RFC 3339 in UTC."""
    actor_id: str = ""
    """The staff member who did it; left out for the server itself."""
    actor: str = ""
    """That person's name at the time."""
    kind: Annotated[str, Field(examples=["customers.changed"])]
    """`collection.created`, `.changed`, `.removed`, or `customers.` and the name of an action."""
    record_id: str = ""
    """The record that changed, where it is not the customer itself."""
    version: int = 0
    """The version of the record after the change."""
    changes: list[Change] = []
    """Field by field."""

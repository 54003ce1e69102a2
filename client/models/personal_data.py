"""Everything that is held of one customer, for the person who asks to hear it."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from client.models.base import Model


class PersonalData(Model):
    """A customer with every record of each collection that belongs to it."""

    made_at: datetime
    """When this was put together, RFC 3339 in UTC."""
    made_by: str = ""
    """The staff member who asked for it."""
    customer: dict[str, Any]
    """The customer."""
    collections: dict[str, list[dict[str, Any]]] = {}
    """Records by the path of their collection, `events` among them: the history."""


class ErasureRequest(Model):
    """What must be said to erase a person."""

    number: Annotated[int, Field(title="Number", ge=1)]
    """The customer's number, typed by whoever decides it."""

"""A customer with what belongs on the same screen: one screen, one request."""

from client.models.base import Page
from client.models.customer import Customer
from client.models.event import Event
from client.models.note import Note
from client.models.summary import Summary


class CustomerDocument(Customer):
    """A customer with the parts that `include` asked for; a part not asked for is left out."""

    notes: Page[Note] | None = None
    """The first notes, pinned ones first, then newest first."""
    events: Page[Event] | None = None
    """The newest entries of the history."""
    summary: Summary | None = None
    """Counts, balances and flags of what belongs to the customer."""

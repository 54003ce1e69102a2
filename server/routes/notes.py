"""Notes on a customer, for staff only."""

from typing import Final

from client.models import Note
from server.routes.collection import EXAMPLE_ID, Collection
from server.rules.notes import NoteRules
from server.store.tables import notes

NOTES: Final = Collection(
    model=Note,
    table=notes,
    path="notes",
    singular="note",
    about="Notes that staff wrote about a customer; the customer never sees them. Those with the visibility "
    "`admin` are there for admins only.",
    order=(("pinned", True), ("id", True)),
    ordered="Pinned notes first, then newest first.",
    rules=NoteRules(),
    of_customer=True,
    example={"body": "Prefers mornings.", "pinned": True},
    given={"author_id": EXAMPLE_ID, "author": "Anna Lind"},
)

"""Notes on a customer, for staff only."""

from typing import Annotated, Final

from pydantic import Field

from client.models.base import Record
from client.models.kinds import READ_ONLY, Choice, Initially, Paragraph

VISIBILITIES: Final = {"staff": "All staff", "admin": "Admins only"}


class Note(Record):
    """A note that staff wrote about a customer; customers never see it."""

    body: Annotated[str, Paragraph(max_length=10_000, required=True), Field(title="Note")]
    """The text."""
    pinned: Annotated[bool, Field(title="Pinned")] = False
    """Pinned notes come first, on the overview too."""
    visibility: Annotated[str, Choice(options=VISIBILITIES), Initially("staff"), Field(title="Seen by")] = (
        "staff"
    )
    """`admin`: leaves the server for admins only, and only they may set it."""
    author_id: Annotated[str, READ_ONLY, Field(title="Author")] = ""
    """The staff member who wrote it."""
    author: Annotated[str, READ_ONLY, Field(title="Author")] = ""
    """That person's name."""

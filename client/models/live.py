"""What changed lately, told in as few bytes as can be: enough to know what to ask for again."""

from typing import Annotated, Final

from pydantic import Field

from client.models.base import Model
from client.models.kinds import Line, Number, Several


class Hint(Model):
    """One change, without anything about a person in it."""

    customer_id: str = ""
    """The customer whose profile changed; left out for records that belong to no customer."""
    version: int = 0
    """The version of the record after the change."""
    kind: Annotated[str, Field(examples=["customers.changed"])]
    """As in the history: the collection, a dot, and what was done."""


class Changes(Model):
    """Changes since a place, oldest first."""

    items: list[Hint] = []
    """What changed; the same customer may be there more than once."""
    cursor: str = ""
    """Pass it back as `since` to hear what comes after. Opaque."""
    more: bool = False
    """Whether there is more to ask for at once."""


PLACE_PATTERN: Final = "^[0-9]{1,18}$"
"""What a place among the changes looks like."""


class EventsQuery(Model):
    """Which changes are told."""

    customer_id: Annotated[
        list[str], Several(max_items=50, item=Line(max_length=64, required=True)), Field(title="Customers")
    ] = []
    """Only changes of these customers. Empty: of all."""


class ChangesQuery(EventsQuery):
    """Which changes are wanted, and from where."""

    since: Annotated[str, Line(max_length=18), Field(title="Since", pattern=PLACE_PATTERN)] = ""
    """`cursor` of the answer before. Empty: the answer holds the cursor of now, and no changes."""
    limit: Annotated[int, Number(minimum=1, maximum=1000), Field(title="Changes")] = 200
    """About how many; changes that were made together are told together."""

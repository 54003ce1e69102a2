"""Two records of one person: what is sent to merge them, what would come of it, and who may be the same."""

from typing import Annotated, Any

from pydantic import Field

from client.models.base import Model
from client.models.customer import Customer
from client.models.customer_search import CustomerRow
from client.models.kinds import Line, Number, Several


class CustomerMerge(Model):
    """Which record goes, and what was chosen where both say something."""

    from_id: Annotated[str, Line(max_length=64, required=True), Field(title="The record that goes")]
    """The id of the customer whose record goes."""
    from_version: Annotated[int, Number(minimum=1, maximum=2**31 - 1), Field(title="Its version")]
    """The version of it that was looked at; refused where it is another by now (412)."""
    values: dict[str, Any] = {}
    """Members that were chosen, as a merge patch (RFC 7396) of what comes of the merge without it."""


class MergeQuery(Model):
    """With whom a customer would be merged."""

    from_id: Annotated[str, Line(max_length=64, required=True), Field(title="The record that goes")]
    """The id of the customer whose record would go."""


class MergePreview(Model):
    """What a merge would do."""

    merged: Customer
    """The record that stays as it would be where nothing is chosen."""
    other: Customer
    """The record that would go."""
    moves: dict[str, int] = {}
    """How many records of each collection would move along, by its path."""


class LikelySame(Model):
    """Customers who share something and may be the same person."""

    reason: Annotated[str, Field(title="Why", examples=["phone"])]
    """email, phone or name: the same address, number, or name and postcode."""
    shared: Annotated[str, Field(title="Shared", examples=["442079460958"])]
    """What they share: an address, the digits of a number, a name in lower case."""
    customers: list[CustomerRow] = []
    """At least two, at most twenty."""


class DistinctCustomers(Model):
    """Customers who look alike and are not the same."""

    ids: Annotated[
        list[str], Several(max_items=20, item=Line(max_length=64, required=True)), Field(title="Customers")
    ]
    """Two or more ids: each of them is somebody else than each other one."""

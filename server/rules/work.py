"""What a rule may look at and what it may do: the frame that every collection's rules fill."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection

from client.models import Model
from server.auth.actor import Actor

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Work:
    """One change under way: the transaction, who makes it, and when."""

    connection: Connection
    actor: Actor
    now: datetime
    request_id: str = ""
    owners: Mapping[str, str] = field(default_factory=dict)
    """The ids in the address, by their names: `customer_id`, and those of nested collections."""
    notify: bool = False
    """Whether the customer is to be told of the change by e-mail."""
    applied: list[str] = field(default_factory=list, compare=False)
    """Wishes of the request that were fulfilled on the way (RFC 7240); the answer tells them."""

    @property
    def customer_id(self) -> str:
        """Give the id of the customer whose record is worked on; empty where it is nobody's."""
        return self.owners.get("customer_id", "")


class Rules(Generic[M]):
    """What no client may break in one collection. The methods here let everything pass."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Add to the members of a new record those that the server gives.

        `parent_id` is the record that it belongs to: the customer, or for a nested one that of the parent.
        """

    def check(self, work: Work, old: M | None, new: M, given: frozenset[str]) -> M:
        """Give the record as it is to be stored; `given` names what was sent. Raises `Refusal`."""
        return new

    def check_removal(self, work: Work, old: M) -> None:
        """Raise `Refusal` where a record must stay."""

    def columns(self, work: Work, new: M) -> dict[str, Any]:
        """Give the columns that are not members of the record and change with every save."""
        return {}

    def derived(self, new: M) -> dict[str, Any]:
        """Give the columns that follow from the members alone."""
        return {}

    def visible(self, actor: Actor) -> ColumnElement[bool] | None:
        """Give the condition under which a row is there for this person; None where it always is."""
        return None

    def admin_only(self, record: M) -> bool:
        """Say whether what happens to this record is for admins' eyes only."""
        return False

    def after(self, work: Work, old: M | None, new: M | None, row: Mapping[str, Any]) -> None:
        """Do what must happen in the same transaction; None: made, removed. `row` is what was written."""

"""The history of a customer."""

from typing import Final

from sqlalchemy import ColumnElement, TextClause, text

from client.models import Event
from server.auth.actor import Actor
from server.routes.collection import EXAMPLE_ID, Collection, Filterable
from server.routes.erasure import KEPT
from server.rules.work import Rules
from server.store.tables import events

_CHANGES: Final = {
    "sqlite": ("json_each(events.changes) AS change", "json_extract(change.value, '$.field')"),
    "postgresql": ("jsonb_array_elements(events.changes) AS change(value)", "(change.value ->> 'field')"),
}


class EventRules(Rules[Event]):
    """Entries for admins are there for admins only."""

    def visible(self, actor: Actor) -> ColumnElement[bool] | None:
        """Keep admin-only entries from others."""
        return None if actor.is_admin else events.c.visibility != "admin"


def _touches(pointer: str, dialect: str) -> TextClause:
    """Hold for an entry with a change at a JSON Pointer, below it, or above it."""
    rows, field = _CHANGES[dialect]
    below = f"substr({field}, 1, length(:below)) = :below"
    above = f"substr(:below, 1, length({field}) + 1) = {field} || '/'"
    pointer = "/" + pointer.strip("/")
    met = f"{field} = :exact OR {below} OR {above}"
    clause = f"EXISTS (SELECT 1 FROM {rows} WHERE {met})"  # noqa: S608 - constants
    return text(clause).bindparams(exact=pointer, below=f"{pointer}/")


EVENTS: Final = Collection(
    model=Event,
    table=events,
    path="events",
    singular="event",
    about="The history of a customer, field by field, written in the same transaction as each change. "
    "Entries are never altered. What only admins may see is left out for others.",
    rules=EventRules(),
    erasure=KEPT,  # without the values: see server/privacy/erasing
    of_customer=True,
    verbs=frozenset({"list"}),
    given={
        "at": "2026-03-02T09:30:00Z",
        "actor_id": EXAMPLE_ID,
        "actor": "Anna Lind",
        "kind": "customers.changed",
        "version": 2,
        "changes": [{"field": "/phones/0/number", "old": "+442079460958", "new": "+442079460959"}],
    },
    filters={
        "field": Filterable(
            pattern=r"(/?[a-z0-9_]{1,40}(/[a-z0-9_]{1,64}){0,4})?",
            description="Only entries that changed this member (a JSON Pointer), or what is below or above.",
            example="/phones",
            condition=_touches,
        )
    },
)

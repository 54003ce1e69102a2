"""Reports: whose they are, and what their conditions may be about."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from client.models import Condition, Report
from client.models.report import faults_of
from server.auth.actor import Actor
from server.problems import Fault, Refusal, invalid
from server.rules.names import name_key
from server.rules.references import refuse_unknown
from server.rules.report_conditions import field_value
from server.rules.work import Rules, Work
from server.store import tables
from server.store.tables import custom_fields, reports

_NEEDED: Final[Mapping[str, tuple[str, str]]] = {
    "labels": ("labels:read", "labels"),
    "branch": ("branches:read", "branches"),
    "partner": ("partners:read", "partners"),
    "location": ("locations:read", "locations"),
    "marketing": ("consents:read", "consents"),
    "last_booking": ("bookings:read", "bookings"),
    "spent": ("purchases:read", "purchases"),
    "field": ("custom-fields:read", "additional fields"),
}
"""What a person must be allowed to read to ask about a subject. A server that lacks it lets nobody."""

_POINTED_TO: Final[Mapping[str, Table]] = {
    "labels": tables.labels,
    "branch": tables.branches,
    "partner": tables.partners,
    "location": tables.locations,
}


class ReportRules(Rules[Report]):
    """Shared ones are everybody's to use; only the owner and admins see the others and change any."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Name the owner."""
        values |= {"owner_id": work.actor.id, "owner": work.actor.name}

    def check(self, work: Work, old: Report | None, new: Report, given: frozenset[str]) -> Report:
        """Refuse changes by others (403), and conditions that cannot be asked (422, 409)."""
        if old is not None and given:
            _refuse_others(work.actor, old, "changed")
        if "conditions" in given:
            check_conditions(work.connection, work.actor, new.conditions)
        return new

    def check_removal(self, work: Work, old: Report) -> None:
        """Refuse the removal by others (403)."""
        _refuse_others(work.actor, old, "removed")

    def derived(self, new: Report) -> dict[str, Any]:
        """Keep the name as the list is ordered by it."""
        return {"name_key": name_key(new.name)}

    def visible(self, actor: Actor) -> ColumnElement[bool] | None:
        """Show admins all, others their own and those that are shared."""
        return None if actor.is_admin else or_(reports.c.shared, reports.c.owner_id == actor.id)


def check_conditions(connection: Connection, actor: Actor, conditions: Sequence[Condition]) -> None:
    """Raise `Refusal` for conditions that say too little (422), or ask what is not there (409)."""
    malformed = [
        Fault(f"/conditions/{place}/{member}", code, sentence)
        for place, condition in enumerate(conditions)
        for member, code, sentence in faults_of(condition)
    ]
    if malformed:
        raise invalid(*malformed)
    unknown: list[Fault] = []
    for place, condition in enumerate(conditions):
        _refuse_lacking(actor, condition, f"/conditions/{place}/about")
        unknown += _unknown_values(connection, condition, f"/conditions/{place}")
        unknown += _unknown_field(connection, condition, f"/conditions/{place}")
    refuse_unknown(unknown)


def _refuse_others(actor: Actor, report: Report, done: str) -> None:
    if not actor.is_admin and report.owner_id != actor.id:
        raise Refusal(
            403, f"This report belongs to {report.owner or 'somebody else'}; only they can have it {done}."
        )


def _refuse_lacking(actor: Actor, condition: Condition, pointer: str) -> None:
    permission, what = _NEEDED.get(condition.about, ("", ""))
    if permission and not actor.may(permission):
        sentence = f"This server has no {what} for you, so nothing can be asked about them. Take this out."
        raise Refusal(409, sentence, "lacking_feature", [Fault(pointer, "lacking_feature", sentence)])


def _unknown_values(connection: Connection, condition: Condition, pointer: str) -> list[Fault]:
    table = _POINTED_TO.get(condition.about)
    if table is None or not condition.values:
        return []
    known = set(connection.scalars(select(table.c.id).where(table.c.id.in_(condition.values))))
    return [
        Fault(f"{pointer}/values/{place}", "unknown_reference", f"This is not in {table.name} (any more).")
        for place, value in enumerate(condition.values)
        if value not in known
    ]


def _unknown_field(connection: Connection, condition: Condition, pointer: str) -> list[Fault]:
    if condition.about != "field":
        return []
    row = connection.execute(
        select(custom_fields.c.name, custom_fields.c.type).where(custom_fields.c.key == condition.field)
    ).first()
    if row is None:
        return [Fault(f"{pointer}/field", "unknown_reference", "There is no such additional field.")]
    if condition.how == "is" and row.type in _SAID and field_value(row.type, condition.text) is None:
        return [Fault(f"{pointer}/text", "wrong_type", f"{row.name} is compared with {_SAID[row.type]}.")]
    return []


_SAID: Final = {"number": "a number", "yes_no": "yes or no"}

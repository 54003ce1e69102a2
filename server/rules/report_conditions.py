"""The conditions of reports as conditions of statements: the one place where the one becomes the other.

Each subject is a small function. What a person chose is never part of a statement, only a parameter of it;
who said no to marketing is asked of `server.rules.marketing`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from pydantic_core import to_json
from sqlalchemy import Connection, select

from client.models import Condition
from client.models.money import digits_of
from server.rules.marketing import may_be_marketed_to, opted_out, wants_marketing
from server.rules.office import office_day, office_midnight
from server.store.search.raw import Raw
from server.store.tables import custom_fields

Where = tuple[str, Sequence[Any]]
"""A condition on `customers c`, written with `?`, and its parameters."""


@dataclass(frozen=True)
class Asked:
    """What conditions are read against: a database and a moment."""

    connection: Connection
    now: datetime
    walking: bool = False
    """Whether many customers fit and are met in some order until a page is full; else all are counted."""

    @property
    def postgresql(self) -> bool:
        """Whether the database is PostgreSQL."""
        return self.connection.dialect.name == "postgresql"

    @cached_property
    def today(self) -> date:
        """The day where the business is."""
        return office_day(self.connection, self.now)

    def instant(self, moment: datetime) -> Any:
        """Give a moment as the driver takes it: SQLite keeps text in UTC."""
        return moment if self.postgresql else moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")

    def day(self, condition: Condition) -> Any:
        """Give the moment at which the day of a condition begins where the business is."""
        if condition.how in ("within", "longer_ago"):
            return self.instant(office_midnight(self.connection, self.today - timedelta(days=condition.days)))
        return self.instant(office_midnight(self.connection, condition.day or date.min))


def where_all(
    connection: Connection, conditions: Sequence[Condition], now: datetime, *, walking: bool = False
) -> tuple[list[str], list[Any]]:
    """Give the conditions on `customers c` that all must hold, and their parameters.

    Archived customers are left out unless a condition is about them. `walking` says that they are for a part
    of all customers and not for counting those that fit.
    """
    asked = Asked(connection, now, walking)
    found = [_SUBJECTS[condition.about](asked, condition) for condition in conditions]
    if all(condition.about != "archived" for condition in conditions):
        found.insert(0, ("c.archived_at IS NULL", ()))
    return [sql for sql, _ in found], [value for _, values in found for value in values]


def count(connection: Connection, conditions: Sequence[str], parameters: Sequence[Any]) -> int:
    """Count the customers for whom all conditions hold."""
    where = " AND ".join([*conditions, "TRUE"])
    row = Raw(connection).one(f"SELECT COUNT(*) FROM customers c WHERE {where}", parameters)  # noqa: S608 - constants
    return int(row[0]) if row is not None else 0


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _having(asked: Asked, rows: str, named: str, having: str = "") -> str:
    """Say that a customer has `rows` such as `bookings b WHERE …`, of which `named` is the `b`.

    To count them, all rows are read once; to walk over customers, those of each are looked up. The other way
    round either takes PostgreSQL minutes for a million.
    """
    grouped = f" GROUP BY {named}.customer_id HAVING {having}" if having else ""
    if asked.walking:
        return f"EXISTS (SELECT 1 FROM {rows} AND {named}.customer_id = c.id{grouped})"  # noqa: S608 - constants
    return f"c.id IN (SELECT {named}.customer_id FROM {rows}{grouped})"  # noqa: S608 - constants


def _lacking(rows: str, named: str) -> str:
    """Say that a customer has none of these rows: what is not there is looked up for each customer."""
    return f"NOT EXISTS (SELECT 1 FROM {rows} AND {named}.customer_id = c.id)"  # noqa: S608 - constants


def _labels(asked: Asked, condition: Condition) -> Where:
    values = list(dict.fromkeys(condition.values))
    carried = f"customer_labels m WHERE m.label_id IN ({_marks(values)})"
    if condition.how == "none":
        return _lacking(carried, "m"), values
    if condition.how == "any":
        return _having(asked, carried, "m"), values
    # One after the other: each leaves fewer to look at.
    each = _having(asked, "customer_labels m WHERE m.label_id = ?", "m")
    return f"({' AND '.join([each] * len(values))})", values


def _status(asked: Asked, condition: Condition) -> Where:
    del asked
    without = "NOT " if condition.how == "none" else ""
    # COALESCE keeps the planner from sorting all of one status, where it can walk the order of the list.
    return f"COALESCE(c.status, '') {without}IN ({_marks(condition.values)})", condition.values


def _archived(asked: Asked, condition: Condition) -> Where:
    del asked
    return ("c.archived_at IS NOT NULL" if condition.how == "only" else "TRUE"), ()


def _place(column: str) -> "Read":
    """Give the condition on what a customer points to."""

    def read(asked: Asked, condition: Condition) -> Where:
        del asked
        if condition.how in ("set", "not_set"):
            return f"c.{column} IS {'NOT ' if condition.how == 'set' else ''}NULL", ()
        marks = _marks(condition.values)
        if condition.how == "none":
            return f"(c.{column} IS NULL OR c.{column} NOT IN ({marks}))", condition.values
        return f"c.{column} IN ({marks})", condition.values

    return read


def _marketing(asked: Asked, condition: Condition) -> Where:
    del asked
    rules = {"granted": wants_marketing, "denied": opted_out, "not_denied": may_be_marketed_to}
    return rules[condition.how](condition.channel), ()


def _last_booking(asked: Asked, condition: Condition) -> Where:
    """Compare when the last booking began that is over and was not cancelled: the one the overview shows."""
    over, now = "bookings b WHERE b.ends_at <= ? AND b.state <> 'cancelled'", asked.instant(asked.now)
    if condition.how == "never":
        return _lacking(over, "b"), (now,)
    if condition.how in ("since", "within"):
        return _having(asked, f"{over} AND b.starts_at >= ?", "b"), (now, asked.day(condition))
    return _having(asked, over, "b", "MAX(b.starts_at) < ?"), (now, asked.day(condition))


def _spent(asked: Asked, condition: Condition) -> Where:
    """Compare what was spent in one currency; who spent nothing in it spent 0."""
    money = condition.amount
    if money is None:
        return "FALSE", ()
    minor = int(money.exact.scaleb(digits_of(money.currency)))
    bought = "purchases p WHERE p.currency = ?"
    values: list[Any] = [money.currency]
    if condition.months:
        bought += " AND p.month >= ?"
        values.append(asked.today.year * 12 + asked.today.month - condition.months)
    if condition.how == "at_least" and minor > 0:
        # Who spent nothing is not among them, and need not be looked for.
        return _having(asked, bought, "p", "SUM(p.minor) >= ?"), (*values, minor)
    total = f"SELECT COALESCE(SUM(p.minor), 0) FROM {bought} AND p.customer_id = c.id"  # noqa: S608 - constants
    return f"({total}) {'<=' if condition.how == 'at_most' else '>='} ?", (*values, minor)


def _added(asked: Asked, condition: Condition) -> Where:
    later = condition.how in ("since", "within")
    return f"c.created_at {'>=' if later else '<'} ?", (asked.day(condition),)


def _field(asked: Asked, condition: Condition) -> Where:
    """Compare an additional field; `is` compares what the type of the field makes of the text."""
    path = condition.field if asked.postgresql else f'$."{condition.field}"'
    if condition.how in ("set", "not_set"):
        there = (
            "jsonb_exists(c.custom_fields, CAST(? AS TEXT))"
            if asked.postgresql
            else "json_extract(c.custom_fields, ?) IS NOT NULL"
        )
        return (there if condition.how == "set" else f"NOT ({there})"), (path,)
    kind = asked.connection.scalar(select(custom_fields.c.type).where(custom_fields.c.key == condition.field))
    if condition.how == "is" and kind in ("number", "yes_no"):
        value = field_value(kind, condition.text)
        if asked.postgresql:
            # As JSON, 42 and 42.0 are the same, and what is no number is no error.
            same = "c.custom_fields -> CAST(? AS TEXT) = CAST(? AS JSONB)"
            return f"COALESCE({same}, FALSE)", (path, to_json(value).decode())
        return "COALESCE(json_extract(c.custom_fields, ?) = ?, FALSE)", (path, value)
    held = (
        'lower((c.custom_fields ->> CAST(? AS TEXT)) COLLATE "C")'
        if asked.postgresql
        else "lower(CAST(json_extract(c.custom_fields, ?) AS TEXT))"
    )
    text = _lower(condition.text)
    if condition.how == "is":
        return f"COALESCE({held} = ?, FALSE)", (path, text)
    find = "strpos" if asked.postgresql else "instr"
    return f"COALESCE({find}({held}, ?) > 0, FALSE)", (path, text)


def field_value(kind: str, text: str) -> float | int | bool | None:
    """Read what a number or a yes-or-no is compared with; None where it is neither."""
    if kind == "yes_no":
        return {"yes": True, "no": False}.get(text.lower())
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < _MOST else None


_MOST: Final = 1e15
_ASCII_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def _lower(text: str) -> str:
    """Give text as `lower` of both databases does: only A to Z."""
    return text.translate(_ASCII_LOWER)


Read = Callable[[Asked, Condition], Where]

_SUBJECTS: Final[Mapping[str, Read]] = {
    "labels": _labels,
    "status": _status,
    "archived": _archived,
    "branch": _place("branch_id"),
    "partner": _place("partner_id"),
    "location": _place("location_id"),
    "marketing": _marketing,
    "last_booking": _last_booking,
    "spent": _spent,
    "added": _added,
    "field": _field,
}

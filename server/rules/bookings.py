"""Bookings: who may book what and when, and what becomes of a booking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, Final

from sqlalchemy import Connection, or_, select

from client.models import Booking, Cancellation
from client.models.booking import BOOKING_STATES, OPEN_STATES, BookingRight, booking_right
from server.auth.actor import Actor
from server.problems import Fault, Refusal
from server.rules.dislikes import refuse_disliked
from server.rules.references import refuse_unknown, unknown_references
from server.rules.work import Rules, Work
from server.store.clock import now
from server.store.tables import bookings, branches, customers, events, services, staff

_POINTED_TO: Final = {"services": services, "branches": branches, "staff": staff}
_GRACE: Final = timedelta(minutes=15)
"""So long after a time has begun it can still be booked: for whoever stands at the desk."""
_USUAL_MINUTES: Final = 60
_OVER: Final = frozenset({"completed", "no_show"})
_WHAT: Final = ("service_id", "starts_at", "duration_minutes", "address_id", "branch_id", "staff_id")


class BookingRules(Rules[Booking]):
    """What is booked is open to the customer, lies ahead, and clashes with nothing else of the customer's."""

    def check(self, work: Work, old: Booking | None, new: Booking, given: frozenset[str]) -> Booking:
        """Complete a booking; refuse with 409 what this customer may not book, or not then."""
        customer = _customer(work)
        refuse_unknown(unknown_references(work, new, old, _POINTED_TO) + _unknown_address(customer, old, new))
        new = _complete(work, old, new)
        changed = old is None or any(getattr(old, name) != getattr(new, name) for name in _WHAT)
        if old is not None and changed and old.state not in OPEN_STATES:
            raise _over(old, "changed")
        if _takes_time(old, new):
            self._refuse_what_is_not_open(work, customer, old, new)
        return new

    def _refuse_what_is_not_open(
        self, work: Work, customer: "_Customer", old: Booking | None, new: Booking
    ) -> None:
        right = customer.right
        if not (right.book if new.state == "booked" else right.wait):
            raise Refusal(409, right.sentence, right.code)
        if old is None or old.service_id != new.service_id:
            _refuse_no_longer_offered(work, new)
        refuse_disliked(work, work.customer_id, new.service_id)
        if new.starts_at < work.now - _GRACE:
            raise _at("/starts_at", "in_the_past", "This time is over; a booking is for a time to come.")
        if new.state == "booked":
            _refuse_overlap(work, new)


def _takes_time(old: Booking | None, new: Booking) -> bool:
    """Say whether a time is asked for that was not this booking's before."""
    if old is None:
        return True
    if new.state not in OPEN_STATES or old.state in _OVER:
        return False
    moved = any(getattr(old, name) != getattr(new, name) for name in _WHAT[:4])
    return moved or old.state != new.state


@dataclass(frozen=True, slots=True)
class _Customer:
    right: BookingRight
    addresses: frozenset[str]


def _customer(work: Work) -> _Customer:
    """Look at the customer; nobody else books for the same one before this transaction ends."""
    columns = customers.c
    statement = select(columns.status, columns.access, columns.archived_at, columns.addresses)
    row = work.connection.execute(
        statement.where(columns.id == work.customer_id).with_for_update(key_share=True)
    ).one()
    return _Customer(
        booking_right(row.status, row.access, archived=row.archived_at is not None),
        frozenset(address["id"] for address in row.addresses),
    )


def _unknown_address(customer: _Customer, old: Booking | None, new: Booking) -> list[Fault]:
    kept = old is not None and old.address_id == new.address_id
    if new.address_id is None or kept or new.address_id in customer.addresses:
        return []
    return [Fault("/address_id", "unknown_reference", "The customer has no such address (any more).")]


def _complete(work: Work, old: Booking | None, new: Booking) -> Booking:
    """Give the booking with its end, in UTC, and the names of what it points to."""
    minutes = new.duration_minutes
    if minutes is None:
        minutes = _look_up(work, services.c.duration_minutes, new.service_id) or _USUAL_MINUTES
    starts_at = new.starts_at.astimezone(UTC)
    named: dict[str, str] = {}
    for name, table in (("service", services), ("branch", branches), ("staff", staff)):
        pointer = getattr(new, f"{name}_id")
        if old is None or getattr(old, f"{name}_id") != pointer:
            named[name] = "" if pointer is None else _look_up(work, table.c.name, pointer)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes)}
    return new.model_copy(update={"duration_minutes": minutes, **times, **named})


def _look_up(work: Work, column: Any, record_id: str) -> Any:
    return work.connection.scalar(select(column).where(column.table.c.id == record_id))


def _refuse_no_longer_offered(work: Work, new: Booking) -> None:
    if not _look_up(work, services.c.active, new.service_id):
        raise _at("/service_id", "not_offered", f"{new.service} is not offered any more.")


def _refuse_overlap(work: Work, new: Booking) -> None:
    """Refuse what would have the customer in two places; two addresses of one customer are two places."""
    columns = bookings.c
    same_place = [] if new.address_id is None else [columns.address_id == new.address_id]
    statement = select(services.c.name).where(
        columns.service_id == services.c.id,
        columns.customer_id == work.customer_id,
        columns.id != new.id,
        columns.state == "booked",
        columns.starts_at < new.ends_at,
        columns.ends_at > new.starts_at,
        *([or_(columns.address_id.is_(None), *same_place)] if same_place else []),
    )
    other = work.connection.scalar(statement.limit(1))
    if other is not None:
        raise _at("/starts_at", "overlapping", f"The customer has {other} booked at that time already.")


def _at(pointer: str, code: str, sentence: str) -> Refusal:
    return Refusal(409, sentence, code, [Fault(pointer, code, sentence)])


def _over(booking: Booking, done: str) -> Refusal:
    state = BOOKING_STATES.get(booking.state, booking.state).lower()
    return Refusal(409, f"This booking is over ({state}) and cannot be {done}.", "not_open")


def book(work: Work, booking: Booking) -> Mapping[str, Any]:
    """Take the time that was waited for."""
    del work
    if booking.state not in OPEN_STATES:
        raise _over(booking, "booked")
    return {"state": "booked"}


def cancel(work: Work, booking: Booking, why: Cancellation) -> Mapping[str, Any]:
    """Give the time up; the booking stays in the list."""
    del work
    if booking.state not in OPEN_STATES:
        raise _over(booking, "cancelled")
    return {"state": "cancelled", "reason": why.reason}


def complete(work: Work, booking: Booking) -> Mapping[str, Any]:
    """Say that it was done."""
    return _ended(work, booking, "completed")


def no_show(work: Work, booking: Booking) -> Mapping[str, Any]:
    """Say that nobody came."""
    return _ended(work, booking, "no_show")


def reinstate(work: Work, booking: Booking) -> Mapping[str, Any]:
    """Bring back what was cancelled or ended by mistake, as it was; on the wait list where that is all."""
    if booking.state in OPEN_STATES:
        return {}
    waits = booking.state == "cancelled" and (_waited(work, booking) or not _customer(work).right.book)
    return {"state": "waitlisted" if waits else "booked", "reason": ""}


def _waited(work: Work, booking: Booking) -> bool:
    """Say whether a cancelled booking was on the wait list before: the history has it."""
    columns = events.c
    statement = (
        select(columns.changes)
        .where(
            columns.customer_id == work.customer_id,
            columns.record_id == booking.id,
            columns.kind == "bookings.cancelled",
        )
        .order_by(columns.id.desc())
        .limit(1)
    )
    changes = work.connection.scalar(statement) or []
    return any(change["field"] == "/state" and change.get("old") == "waitlisted" for change in changes)


def _ended(work: Work, booking: Booking, state: str) -> Mapping[str, Any]:
    if booking.state not in _OVER | {"booked"}:
        raise Refusal(409, "Only a booking that holds a time can end; this one does not.", "not_booked")
    if booking.starts_at > work.now:
        raise Refusal(409, "This booking has not begun yet. Cancel it, if it is not to be.", "not_begun")
    return {"state": state}


def brief_bookings(connection: Connection, actor: Actor, customer_id: str) -> Mapping[str, Any]:
    """Give the last and the next booking of a customer, where there are any, as a summary shows them."""
    del actor
    columns, moment = bookings.c, now()
    statement = (
        select(columns.id, columns.starts_at, columns.state, services.c.name.label("service"))
        .join(services, services.c.id == columns.service_id)
        .where(columns.customer_id == customer_id)
        .limit(1)
    )
    ahead = statement.where(columns.ends_at > moment, columns.state.in_(OPEN_STATES))
    behind = statement.where(columns.ends_at <= moment, columns.state != "cancelled")
    found = {
        "next_booking": ahead.order_by(columns.starts_at),
        "last_booking": behind.order_by(columns.starts_at.desc()),
    }
    rows = {name: connection.execute(query).first() for name, query in found.items()}
    return {name: row._asdict() for name, row in rows.items() if row is not None}

"""Bookings of a customer."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from client.models import Booking, Cancellation
from server.routes.collection import EVERYTHING, EXAMPLE_ID, Action, Collection
from server.routes.erasure import without
from server.rules import bookings as rules
from server.store.tables import bookings, branches, services, staff


def _names(dialect: str) -> Sequence[ColumnElement[Any]]:  # noqa: ARG001 - the same on both
    named = {
        name: select(table.c.name).where(table.c.id == bookings.c[f"{name}_id"]).scalar_subquery()
        for name, table in (("service", services), ("branch", branches), ("staff", staff))
    }
    return [func.coalesce(name_of, "").label(name) for name, name_of in named.items()]


_ABOUT: Final = (
    "What a customer has booked or waits for. Refused with 409 and a code: `blocked`, `inactive`, `archived` "
    "(the customer can neither book nor wait), `waitlist_only` (the customer can only wait), "
    "`disliked_service`, `not_offered`, `in_the_past`, and `overlapping` (another booking of the customer's "
    "at that time, unless both are at different addresses). Whoever moves a booking asks for a time anew. A "
    "booking is cancelled, never removed; one that is over can only be noted on (`not_open`)."
)

BOOKINGS: Final = Collection(
    model=Booking,
    table=bookings,
    path="bookings",
    singular="booking",
    erasure=without("note", "reason", "address_id"),
    about=_ABOUT,
    order=(("starts_at", True), ("id", True)),
    ordered="The latest first.",
    rules=rules.BookingRules(),
    of_customer=True,
    unversioned=True,  # names of what it points to
    verbs=EVERYTHING - {"delete"},
    extra_columns=_names,
    actions=(
        Action(
            name="book",
            summary="Take the time that was waited for",
            description="From the wait list to booked, where the customer may book and the time is free.",
            event="booked",
            change=rules.book,
        ),
        Action(
            name="cancel",
            summary="Cancel a booking",
            description="The time is free again; the booking stays in the list. Only one that is booked or "
            "waits can be cancelled (409, `not_open`).",
            event="cancelled",
            change=rules.cancel,
            sent=Cancellation,
            example={"reason": "Has a cold"},
        ),
        Action(
            name="complete",
            summary="Say that a booking was done",
            description="Only one that holds a time (409, `not_booked`) and has begun (409, `not_begun`).",
            event="completed",
            change=rules.complete,
        ),
        Action(
            name="no-show",
            summary="Say that nobody came",
            description="Only for a booking that holds a time (409, `not_booked`) and has begun (409, "
            "`not_begun`).",
            event="no_show",
            change=rules.no_show,
        ),
        Action(
            name="reinstate",
            summary="Bring back a booking that was cancelled or ended by mistake",
            description="It is booked or waits, as before, and waits where the customer can only wait. One "
            "that was cancelled is checked like a new one.",
            event="reinstated",
            change=rules.reinstate,
        ),
    ),
    example={"service_id": EXAMPLE_ID, "starts_at": "2030-03-12T14:30:00Z", "note": "Side door"},
    given={
        "service": "Deep clean",
        "duration_minutes": 180,
        "ends_at": "2030-03-12T17:30:00Z",
        "state": "booked",
    },
)

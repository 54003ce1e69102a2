"""Bookings as the tab of a profile shows them: what lies ahead, what is over, and what may be booked."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from client.models import Booking, BookingBrief, Cancellation
from client.models.booking import BOOKING_STATES, OPEN_STATES, BookingRight, booking_right
from client.models.customer import Customer
from tui.commands import Command
from tui.forms.formats import Formats
from tui.forms.part import Part, labelled
from tui.services.references import place_of, references_of
from tui.tabs.allowances import ALLOWANCES
from tui.tabs.devices import DEVICES
from tui.tabs.records import NewForm, RecordAction, Records
from tui.tabs.records_page import HiddenLists, page_of
from tui.tabs.records_part import RecordsPart, records_parts
from tui.tabs.tickets import TICKETS
from tui.text import cut, fit, one_line, width_of, wrap
from tui.widgets.lines import Row, Span, edges, within

if TYPE_CHECKING:
    from tui.forms.page import Page
    from tui.screens.records import RecordsHost
    from tui.services.desk import Desk
    from tui.services.open_customer import OpenCustomer


class CancelBooking(Command):
    """Cancel the marked booking."""

    keys = "c"
    footer = "cancel"


class TakeTime(Command):
    """Book what waits on the wait list."""

    keys = "k"
    footer = "book"


class CompleteBooking(Command):
    """Say that the marked booking was done."""

    keys = "v"
    footer = "done"


class MissBooking(Command):
    """Say that the customer did not come."""

    keys = "i"
    footer = "no-show"


class ReinstateBooking(Command):
    """Bring the marked booking back."""

    keys = "r"
    footer = "bring back"


_BEFORE_VALUES: Final = 3
"""Cells beside a label: its mark, and two to its value."""
_LEAST_OF_NAME: Final = 8
_ROLES: Final[Mapping[str, str]] = {"waitlisted": "warn", "no_show": "bad", "completed": "good"}


def right_of(customer: Customer) -> BookingRight:
    """Give what a customer may book."""
    return booking_right(customer.status, customer.access, archived=customer.archived_at is not None)


def span_text(starts_at: datetime, ends_at: datetime | None, formats: Formats) -> str:
    """Give day and times: `Tue 24 Nov 2026 10:00-11:30`, `tomorrow 10:00-11:30`."""
    until = f"–{formats.clock(ends_at)}" if ends_at is not None else ""
    return f"{formats.moment(starts_at, weekday=True)}{until}"


@cache
def _when_width(formats: Formats) -> int:
    """Give how many cells a day with its times takes at most, as this locale writes them."""
    noons = (datetime(2027, month, 24, 12, 30, tzinfo=UTC) for month in range(1, 13))
    return max(width_of(span_text(noon, noon, formats)) for noon in noons) + 1


def _ahead(booking: Booking) -> bool:
    return booking.state in OPEN_STATES and (booking.ends_at or booking.starts_at) > datetime.now(UTC)


def _begun(booking: Booking) -> bool:
    return booking.starts_at <= datetime.now(UTC)


def _state(booking: Booking) -> tuple[str, str]:
    """Give the word for the state with its role; none for what is booked and lies ahead."""
    if booking.state == "booked":
        return ("", "text") if _ahead(booking) else ("not marked", "warn")
    known = BOOKING_STATES.get(booking.state, booking.state.replace("_", " "))
    return known.lower(), _ROLES.get(booking.state, "muted")


def _rows(opened: "OpenCustomer", booking: Booking, formats: Formats, width: int) -> Sequence[Row]:
    word, role = _state(booking)
    when = span_text(booking.starts_at, booking.ends_at, formats)
    faded = "text" if _ahead(booking) else "muted"
    left = [Span(f"{fit(when, _when_width(formats))} ", faded), Span(booking.service or "?", "title")]
    first = edges(left, [Span(f"  {word}", role)] if word else (), width)
    address = next((one for one in opened.customer.addresses if one.id == booking.address_id), None)
    place = place_of(address) if address is not None else "address no longer there" * bool(booking.address_id)
    said = [f"because: {booking.reason}" if booking.reason else "", one_line(booking.note)]
    more = " · ".join(
        text for text in (place, booking.branch, f"with {booking.staff}" * bool(booking.staff), *said) if text
    )
    rest = [Row(within((Span("   "), Span(more, "muted")), width))] if more else []
    return [Row(first.spans, booking.id), *rest]


def _named(opened: "OpenCustomer", booking: Booking) -> str:
    when = span_text(booking.starts_at, booking.ends_at, opened.form.formats)
    return f"{booking.service}, {when}" if booking.service else when


def _new_form(opened: "OpenCustomer", host: "RecordsHost") -> NewForm:
    """Begin at the branch that the customer prefers; offer only what this customer may do."""
    del host
    right = right_of(opened.customer)
    base: dict[str, Any] = {"branch_id": opened.customer.branch_id} if opened.customer.branch_id else {}
    if right.book:
        return NewForm(fields=(*_FIELDS, "state"), base=base)
    return NewForm(title="Join the wait list", base=base | {"state": "waitlisted"})


def _order(booking: Booking) -> tuple[bool, float]:
    ahead, at = _ahead(booking), booking.starts_at.timestamp()
    return (not ahead, at if ahead else -at)


_FIELDS: Final = (
    "service_id",
    "starts_at",
    "duration_minutes",
    "address_id",
    "branch_id",
    "staff_id",
    "note",
)
_ACTIONS: Final[tuple[RecordAction[Booking], ...]] = (
    RecordAction(
        command=CancelBooking,
        name="cancel",
        applies=lambda booking: booking.state in OPEN_STATES,
        body=Cancellation,
        done="Cancelled; it stays in the list.",
        undo=lambda _: ("reinstate", None),
    ),
    RecordAction(
        command=TakeTime,
        name="book",
        applies=lambda booking: booking.state == "waitlisted" and _ahead(booking),
        done="Booked.",
    ),
    RecordAction(
        command=CompleteBooking,
        name="complete",
        applies=lambda booking: booking.state == "booked" and _begun(booking),
        done="Marked as done.",
        undo=lambda _: ("reinstate", None),
    ),
    RecordAction(
        command=MissBooking,
        name="no-show",
        applies=lambda booking: booking.state == "booked" and _begun(booking),
        done="Marked as not come.",
        undo=lambda _: ("reinstate", None),
    ),
    RecordAction(
        command=ReinstateBooking,
        name="reinstate",
        applies=lambda booking: booking.state not in OPEN_STATES,
        done="Brought back.",
    ),
)


def bookings_of(opened: "OpenCustomer") -> Records[Booking]:
    """Give what must be known of the bookings of the open customer."""
    return Records(
        one="booking",
        title="Bookings",
        model=Booking,
        permission="bookings",
        collection=lambda api, customer_id: api.bookings(customer_id),
        rows=partial(_rows, opened),
        fields=_FIELDS,
        new_form=partial(_new_form, opened),
        order=_order,
        group=lambda booking: "Upcoming" if _ahead(booking) else "Past and cancelled",
        name=lambda booking: f"the booking of {_named(opened, booking)}",
        copies=partial(_named, opened),
        empty="Nothing booked.",
        actions=_ACTIONS,
    )


class BookingsPart(RecordsPart[Booking]):
    """The bookings of the open customer, headed by what this customer may book."""

    def __init__(self, opened: "OpenCustomer", desk: "Desk") -> None:
        self.opened = opened
        super().__init__(bookings_of(opened), desk)

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Say first what is not open to the customer, then what is booked."""
        sentence = right_of(self.opened.customer).sentence
        told = wrap(f"! {sentence}", max(20, width - 2)) if sentence else []
        warned = [Row((Span(f" {line}", "warn"),)) for line in told]
        return [*warned, *super().rows(width, label_width)]

    def can(self, command: str, item: Hashable) -> bool:
        """Offer to add only what the server would take."""
        right = right_of(self.opened.customer)
        if command == "add" and not right.wait:
            return False
        if command == TakeTime.name() and not right.book:
            return False
        return super().can(command, item)


def bookings(opened: "OpenCustomer", desk: "Desk") -> "Page":
    """Make the tab: bookings first, below them what the server has of devices, usage and tickets."""
    own = records_parts(desk, bookings_of(opened))
    below = records_parts(desk, DEVICES, ALLOWANCES, TICKETS)
    parts: list[Part] = [BookingsPart(opened, desk)] if own else []
    return page_of(*parts, *below, HiddenLists(), references=references_of(desk, lambda: opened.customer))


class BookingsBrief(Part):
    """On the overview: the booking that comes next, the last one that was, and how many tickets are open."""

    _TITLES: Final = {"next_booking": "Next booking", "last_booking": "Last booking"}

    def __init__(self, opened: "OpenCustomer") -> None:
        self.opened = opened

    @property
    def label_width(self) -> int:
        """The wider of the two titles."""
        return max(map(width_of, self._TITLES.values()))

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give a row for each that there is."""
        summary, formats = self.opened.document.summary, self.opened.form.formats
        found = {title: getattr(summary, name, None) for name, title in self._TITLES.items()}
        room = width - label_width - _BEFORE_VALUES
        told = {title: _brief(brief, formats, room) for title, brief in found.items() if brief is not None}
        if summary is not None and summary.open_ticket_count:
            told["Tickets"] = [Span(f"{summary.open_ticket_count} open", "warn")]
        return [labelled(title, words, width, label_width) for title, words in told.items()]


def _brief(brief: BookingBrief, formats: Formats, room: int) -> Sequence[Span]:
    words = BOOKING_STATES.get(brief.state, brief.state.replace("_", " ")).lower()
    state = Span(f"   {words}", _ROLES.get(brief.state, "muted")) if brief.state != "booked" else Span("")
    when = formats.moment(brief.starts_at, weekday=True)
    # The state says more than the end of a long name.
    room -= width_of(when) + len("   ") + width_of(state.text)
    service = cut(brief.service, max(_LEAST_OF_NAME, room))
    return [Span(when), Span(f"   {service}"), state]

"""What a profile says at a glance of all that belongs to a customer."""

from client.models.base import Model
from client.models.booking import BookingBrief
from client.models.membership import MembershipBrief
from client.models.money import Money


class Summary(Model):
    """Counts, balances and dates. What a server lacks, or this person may not see, is left out."""

    note_count: int = 0
    """How many notes there are that this person may see."""
    tax_exempt: bool = False
    """Whether the customer pays no sales tax."""
    overdue: bool = False
    """Whether an invoice should have been paid by now."""
    balance: list[Money] = []
    """What open invoices come to, by currency."""
    overdue_balance: list[Money] = []
    """That part of it which should have been paid by now."""
    next_booking: BookingBrief | None = None
    """The booking that is under way or comes next, on the wait list too."""
    last_booking: BookingBrief | None = None
    """The booking that ended last and was not cancelled."""
    memberships: list[MembershipBrief] = []
    """Memberships that are not over, the newest first."""
    open_ticket_count: int = 0
    """How many tickets are not closed."""

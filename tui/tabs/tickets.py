"""Support tickets of the open customer, and one of them on a screen of its own with what was said."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Final

from client.models import Reply, Ticket
from client.models.ticket import TICKET_STATES
from tui.commands import Command
from tui.forms.formats import Formats
from tui.forms.part import Part
from tui.tabs.records import RecordAction, Records
from tui.tabs.records_part import RecordFacts, RecordsPart
from tui.text import fit, wrap
from tui.widgets.lines import Row, Span, edges

if TYPE_CHECKING:
    from tui.screens.records import RecordsHost
    from tui.services.desk import Desk


class CloseTicket(Command):
    """Close the marked ticket."""

    keys = "c"
    footer = "close"


class ReopenTicket(Command):
    """Take the marked ticket up again."""

    keys = "r"
    footer = "reopen"


_STATE_WIDTH: Final = 22
_FACTS: Final = ("state", "product", "opened_by", "created_at", "body")


def _ticket_rows(ticket: Ticket, formats: Formats, width: int) -> Sequence[Row]:
    state = TICKET_STATES.get(ticket.state, ticket.state)
    role = {"open": "warn", "pending": "accent"}.get(ticket.state, "muted")
    count = f"{ticket.reply_count} {'reply' if ticket.reply_count == 1 else 'replies'}, "
    when = formats.ago(ticket.replied_at or ticket.created_at)
    left = [Span(f"{fit(state, _STATE_WIDTH)} ", role), Span(ticket.subject, "title")]
    right = [Span(f"  {count if ticket.reply_count else ''}{when}", "muted")]
    return [Row(edges(left, right, width).spans, ticket.id)]


def _ticket_order(ticket: Ticket) -> tuple[bool, float]:
    return (ticket.state == "closed", -(ticket.replied_at or ticket.created_at).timestamp())


def _open_ticket(ticket: Ticket, host: "RecordsHost") -> Sequence[Part]:
    desk = host.keeptabs.desk
    said = Conversation(ticket, desk)
    facts = RecordFacts(TICKETS, ticket, desk, _FACTS, adds_to=said)
    return [facts, said]


TICKETS: Final = Records(
    one="ticket",
    title="Tickets",
    model=Ticket,
    permission="tickets",
    collection=lambda api, customer_id: api.tickets(customer_id),
    rows=_ticket_rows,
    fields=("subject", "body", "product"),
    order=_ticket_order,
    name=lambda ticket: ticket.subject,
    empty="No tickets.",
    opens=_open_ticket,
    actions=(
        RecordAction(
            command=CloseTicket,
            name="close",
            applies=lambda ticket: ticket.state != "closed",
            done="Closed.",
            undo=lambda _: ("reopen", None),
        ),
        RecordAction(
            command=ReopenTicket,
            name="reopen",
            applies=lambda ticket: ticket.state == "closed",
            done="Open again.",
        ),
    ),
)


def _reply_rows(reply: Reply, formats: Formats, width: int) -> Sequence[Row]:
    who = "the customer" if reply.said_by == "customer" else reply.author
    for_whom = f", written down by {reply.author}" if reply.said_by == "customer" and reply.author_id else ""
    left = [Span(who, "accent"), Span(f"{for_whom}  {formats.moment(reply.created_at)}", "muted")]
    right = [Span("  internal", "warn")] if reply.internal else []
    body = [Row((Span(f"   {line}"),)) for line in wrap(reply.body, max(20, width - 4))]
    return [Row(edges(left, right, width).spans, reply.id), *body, Row()]


class Conversation(RecordsPart[Reply]):
    """What was said about a ticket; a closed one takes no reply."""

    def __init__(self, ticket: Ticket, desk: "Desk") -> None:
        self.ticket = ticket
        self.ticket_rights = RecordFacts(TICKETS, ticket, desk, ())
        super().__init__(_replies_of(ticket), desk)

    def can(self, command: str, item: Hashable) -> bool:
        """Offer to reply while the ticket is not closed, and what can be done to the ticket."""
        if command == "add" and self.ticket.state == "closed":
            return False
        return super().can(command, item) or (
            command not in ("edit", "remove", "copy_field") and self.ticket_rights.can(command, item)
        )

    def act(self, command: str, item: Hashable) -> object:
        """Do to the ticket what is not for a reply."""
        if command == "add" or super().can(command, item):
            return super().act(command, item)
        self.ticket_rights.page = self.page
        return self.ticket_rights.act(command, item)


def _replies_of(ticket: Ticket) -> Records[Reply]:
    return Records(
        one="reply",
        title="Replies",
        model=Reply,
        permission="replies",
        collection=lambda api, customer_id: api.replies(customer_id, ticket.id),
        rows=_reply_rows,
        fields=("body", "said_by", "internal"),
        order=lambda reply: reply.created_at,
        name=lambda _: "the reply",
        copies=lambda reply: reply.body,
        empty="No replies yet.",
        editable=lambda _: False,
        parent_id=ticket.id,
    )

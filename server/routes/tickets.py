"""Support tickets of a customer, and the replies on them."""

from typing import Final

from client.models import Reply, Ticket
from server.routes.collection import EVERYTHING, EXAMPLE_ID, Action, Collection
from server.rules.tickets import ReplyRules, TicketRules, close, reopen
from server.store.tables import replies, tickets

TICKETS: Final = Collection(
    model=Ticket,
    table=tickets,
    path="tickets",
    singular="ticket",
    about="What a customer wants help with. A ticket is closed, never removed.",
    rules=TicketRules(),
    of_customer=True,
    verbs=EVERYTHING - {"delete"},
    actions=(
        Action(
            name="close",
            summary="Close a ticket",
            description="It takes no reply until it is reopened.",
            event="closed",
            change=close,
        ),
        Action(
            name="reopen",
            summary="Take a closed ticket up again",
            description="It waits for staff.",
            event="reopened",
            change=reopen,
        ),
    ),
    example={
        "subject": "Guest Wi-Fi drops out in the evening",
        "body": "Rang at nine: since Monday, mostly after eight. Restarting helps for an hour.",
        "product": "Guest Wi-Fi",
    },
    given={"state": "open", "opened_by_id": EXAMPLE_ID, "opened_by": "Anna Lind"},
)

REPLIES: Final = Collection(
    model=Reply,
    table=replies,
    path="replies",
    singular="reply",
    about="What was said about a ticket. A reply by staff makes it wait for the customer, one of the "
    "customer's for staff; an internal one changes nothing. A closed ticket takes none (409, `closed`). "
    "Replies are neither changed nor removed.",
    order=(("id", False),),
    ordered="Oldest first.",
    rules=ReplyRules(),
    of_customer=True,
    parent=TICKETS,
    verbs=frozenset({"list", "get", "create"}),
    example={"body": "We have ordered a new router; it comes on Thursday."},
    given={"said_by": "staff", "author_id": EXAMPLE_ID, "author": "Anna Lind"},
)

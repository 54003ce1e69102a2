"""Messages to a customer by e-mail."""

from typing import Final

from client.models import Message
from server.routes.collection import EXAMPLE_ID, Action, Collection
from server.rules.messages import MessageRules, send_again
from server.store.tables import messages

MESSAGES: Final = Collection(
    model=Message,
    table=messages,
    path="messages",
    singular="message",
    about="E-mails to a customer. Making one queues it; the server sends it over SMTP as soon as it can, "
    "tries again while the mail server is away, and keeps what the mail server said where it never takes "
    "it. It comes from the address of the staff member who made it, so that answers go there; without one "
    "it is refused (409). Replies are not read. Where `features` of the service document lack `mail`, "
    "nothing is sent and messages wait.",
    rules=MessageRules(),
    of_customer=True,
    verbs=frozenset({"list", "get", "create", "delete"}),
    removal="Only one that has not gone out can be removed, which calls it back (409).",
    actions=(
        Action(
            name="resend",
            summary="Send a message again that could not be sent",
            description="It waits in the queue as if it were new. Refused for any other (409).",
            event="resent",
            change=send_again,
        ),
    ),
    example={"subject": "Your appointment", "body": "Dear Ms Byrne,\n\nTuesday at ten suits us well."},
    given={
        "to": "joanna@example.org",
        "state": "sent",
        "sent_at": "2026-03-02T09:30:04Z",
        "attempts": 1,
        "sender": "anna@business.example",
        "author_id": EXAMPLE_ID,
        "author": "Anna Lind",
    },
)

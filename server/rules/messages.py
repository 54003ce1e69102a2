"""Messages: whom they are from, whom they may go to, and when one can still be called back."""

from typing import Any

from sqlalchemy import select

from client.models import Message
from server.mail.outbox import own_address
from server.problems import Fault, Refusal, invalid
from server.rules.work import Rules, Work
from server.store.tables import customers


class MessageRules(Rules[Message]):
    """The rules of messages that people write."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Name the author, whom replies go to, and the customer's primary address where none was chosen."""
        sender = own_address(work.connection, work.actor.id)
        if not sender:
            sentence = (
                "Your account has no e-mail address, so nobody could answer you. "
                "An admin can set one: keeptabs staff email."
            )
            raise Refusal(409, sentence, "no_sender_address")
        emails = self._emails(work, parent_id)
        if not emails:
            sentence = "This customer has no e-mail address. Add one first."
            raise Refusal(409, sentence, "no_address")
        values |= {"author_id": work.actor.id, "author": work.actor.name, "sender": sender}
        values["to"] = values["to"] or next(email["address"] for email in emails if email.get("is_primary"))
        if all(email["address"] != values["to"] for email in emails):
            sentence = "This is not an address of this customer. Add it to the customer first."
            raise invalid(Fault("/to", "not_of_customer", sentence))

    def columns(self, work: Work, new: Message) -> dict[str, Any]:
        """Put a new message, or one that is sent again, at the end of the queue."""
        return {"due_at": work.now}

    def check_removal(self, work: Work, old: Message) -> None:
        """Refuse to remove what has gone out, or is going out at this moment, with 409."""
        if old.state in ("sending", "sent"):
            sentence = "This message has gone out and stays in the record."
            raise Refusal(409, sentence, "already_sent")

    def _emails(self, work: Work, customer_id: str) -> list[dict[str, Any]]:
        wanted = select(customers.c.emails).where(customers.c.id == customer_id)
        found: list[dict[str, Any]] = work.connection.execute(wanted).scalar_one()
        return found


def send_again(work: Work, message: Message) -> dict[str, Any]:  # noqa: ARG001 - all actions are alike
    """Give the members of a message that failed as they are when it waits again."""
    if message.state != "failed":
        sentence = "Only a message that could not be sent can be sent again."
        raise Refusal(409, sentence, "not_failed")
    return {"state": "queued", "error": "", "attempts": 0}

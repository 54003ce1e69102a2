"""From a queued message to what travels (RFC 5322): headers that nobody can add to, plain text in UTF-8."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Final

from client.text import clean


class Unwritable(ValueError):
    """A message that cannot be sent as it is: a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A message as the one who sends it takes it from the queue."""

    id: str
    customer_id: str
    kind: str
    to: str
    sender: str
    """Whom it is from, empty for the business."""
    author: str
    subject: str
    body: str
    created_at: datetime
    attempts: int
    """Counts this attempt too."""


WRITTEN: Final = "message"
"""The kind of message that a person wrote; all others are the server's own words."""


def letter(message: Queued, business: str, address: str) -> EmailMessage:
    """Give the e-mail. Raises Unwritable.

    Written by a person, it comes from that person and the business is named as who sends it; else it comes
    from the business and says that a machine wrote it (RFC 3834). The id is the same at each attempt, so
    that a message that came twice can be known for one.
    """
    us = _mailbox(address, business)
    to = _mailbox(message.to)
    author = _mailbox(message.sender, message.author) if message.sender else us
    personal = message.kind == WRITTEN
    made = EmailMessage(policy=SMTP if _is_ascii(to, author, us) else SMTPUTF8)
    try:
        made["From"] = author if personal else us
        if personal and author.addr_spec != us.addr_spec:
            made["Sender"] = us
        made["To"] = to
        if author is not us:
            made["Reply-To"] = author
        made["Subject"] = _one_line(message.subject)
        made["Date"] = format_datetime(message.created_at)
        made["Message-ID"] = f"<{message.id}@{us.domain}>"
        if not personal:
            made["Auto-Submitted"] = "auto-generated"
        made.set_content(clean(message.body), charset="utf-8", cte="quoted-printable")
    except (ValueError, UnicodeError) as error:
        # The policy refuses line breaks in a header, whatever led to them.
        raise Unwritable("The message has something in its headers that cannot be sent.") from error
    return made


def _mailbox(address: str, name: str = "") -> Address:
    """Give an address with its domain as the name system has it (RFC 5890)."""
    local, _, domain = address.rpartition("@")
    try:
        return Address(_one_line(name), local, domain.encode("idna").decode())
    except (ValueError, UnicodeError) as error:
        raise Unwritable(f"{clean(address)} is not an address that mail can be sent to.") from error


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _is_ascii(*addresses: Address) -> bool:
    return all(address.addr_spec.isascii() for address in addresses)

"""E-mails to the open customer: what was sent, what waits, and what could not be sent."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from client.models import Message
from tui.commands import Command
from tui.forms.formats import Formats
from tui.forms.part import Part
from tui.tabs.records import NewForm, RecordAction, Records
from tui.tabs.records_part import RecordFacts, records_parts
from tui.text import cut, fit, wrap
from tui.widgets.lines import Row, Span, edges

if TYPE_CHECKING:
    from tui.screens.records import RecordsHost
    from tui.services.desk import Desk


class SendAgain(Command):
    """Send the marked message again."""

    keys = "g"
    footer = "send again"


_STATE_WIDTH: Final = 9
_WORDS: Final = {"queued": "Waits", "sending": "Going out", "sent": "Sent", "failed": "Not sent"}
_ROLES: Final = {"queued": "accent", "sending": "accent", "sent": "good", "failed": "bad"}
_OPENED: Final = ("state", "sent_at", "error", "to", "sender", "author", "subject", "body")


def _message_rows(message: Message, formats: Formats, width: int) -> Sequence[Row]:
    state = _WORDS.get(message.state, message.state)
    role = _ROLES.get(message.state, "text")
    left = [Span(fit(state, _STATE_WIDTH), role), Span(f" {message.subject}", "title")]
    right = [Span(f"  {message.author}, {formats.ago(message.sent_at or message.created_at)}", "muted")]
    rows = [Row(edges(left, right, width).spans, message.id)]
    if message.error:
        indent = " " * (_STATE_WIDTH + 1)
        why = wrap(message.error, max(20, width - len(indent)))[:2]
        tone = "bad" if message.state == "failed" else "warn"
        rows += [Row((Span(indent), Span(line, tone))) for line in why]
    return rows


def _addresses(host: "RecordsHost") -> list[str]:
    """Give the customer's addresses, the primary one first."""
    opened = getattr(host, "opened", None)
    emails = opened.customer.emails if opened is not None else []
    return [email.address for email in sorted(emails, key=lambda email: not email.is_primary)]


def _new_form(host: "RecordsHost") -> NewForm:
    """Ask whom it goes to only where there is a choice."""
    addresses = _addresses(host)
    if len(addresses) == 1:
        title = f"E-mail to {cut(addresses[0], 60)}"
        return NewForm(title=title, fields=("subject", "body"), verb="send")
    return NewForm(title="E-mail", base={"to": next(iter(addresses), "")}, verb="send")


def _open(message: Message, host: "RecordsHost") -> Sequence[Part]:
    names = [name for name in _OPENED if getattr(message, name)]
    return [RecordFacts(MESSAGES, message, host.keeptabs.desk, names)]


def _told(message: Message) -> str:
    return f"On its way to {message.to}; the Notes tab shows what becomes of it."


MESSAGES: Final = Records(
    one="message",
    title="Messages",
    model=Message,
    permission="messages",
    collection=lambda api, customer_id: api.messages(customer_id),
    waits=False,
    rows=_message_rows,
    fields=("to", "subject", "body"),
    name=lambda message: f"the message {message.subject!r}",
    copies=lambda message: f"{message.subject}\n\n{message.body}",
    told=_told,
    empty="No messages yet.",
    editable=lambda _: False,
    removable=lambda message: message.state in ("queued", "failed"),
    new_form=_new_form,
    opens=_open,
    actions=(
        RecordAction(
            command=SendAgain,
            name="resend",
            applies=lambda message: message.state == "failed",
            done="It waits to be sent again.",
        ),
    ),
)


class NoMail(Part):
    """Says above the messages that this server sends none."""

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give the sentence."""
        del width, label_width
        sentence = "Mail is not set up on this server: messages wait until it is."
        return [Row(), Row((Span(f" {sentence}", "warn"),))]


def messages(desk: "Desk") -> list[Part]:
    """Give the list of messages for a tab, where this server and this person have it."""
    lists: list[Part] = [*records_parts(desk, MESSAGES)]
    return [NoMail(), *lists] if lists and not desk.has("mail") else lists

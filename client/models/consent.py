"""What a customer wants to hear, and how: an answer for each channel and purpose."""

from typing import Annotated, Final

from pydantic import Field

from client.models.base import Model, Record
from client.models.kinds import READ_ONLY, Choice, Line, Number, Several

CHANNELS: Final = {
    "sms": "Text messages",
    "push": "The app on a phone",
    "email": "The addresses on file",
    "post": "Letters",
}
"""Every channel with what it is."""

PURPOSES: Final = {
    "appointments": "Confirmations, cancellations and reminders of forms",
    "service": "What to know before a service begins",
    "packages": "News of packages that were bought, and messages about them",
    "marketing": "Offers and campaigns",
    "transactions": "Invoices and receipts",
}
"""Every purpose with what is sent for it."""

STATES: Final = {"granted": "Wants to hear", "denied": "Does not want to hear"}

SOURCES: Final = {
    "in_person": "Said so at the desk or on a visit",
    "phone": "Said so on the phone",
    "written": "Wrote a letter, an e-mail or a form",
    "portal": "Set it in the portal or the app",
    "import": "Came with the record from elsewhere",
    "correction": "We had it wrong",
}
"""How an answer came to us."""

MARKETING: Final = "marketing"
OPT_OUTS: Final = {"email": "email_opt_out", "post": "mail_opt_out"}
"""The channels whose refusal of marketing the customer's record shows too, and the member that does."""


class Consent(Record):
    """A customer's answer for one channel and purpose; where none was given, there is no record.

    `denied` for marketing by e-mail or post is the same fact as the customer's `email_opt_out` or
    `mail_opt_out`: the server never lets the two disagree.
    """

    channel: Annotated[str, READ_ONLY, Choice(options=CHANNELS), Field(title="Channel")]
    """sms, push, email or post."""
    purpose: Annotated[str, READ_ONLY, Choice(options=PURPOSES), Field(title="About")]
    """appointments, service, packages, marketing or transactions."""
    state: Annotated[str, READ_ONLY, Choice(options=STATES), Field(title="Answer")]
    """granted or denied."""
    source: Annotated[str, READ_ONLY, Choice(options={"": ""} | SOURCES), Field(title="How we know")] = ""
    """How the answer came to us."""
    note: Annotated[str, READ_ONLY, Field(title="In their words")] = ""
    """What was said or where it is written."""
    updated_by_id: Annotated[str, READ_ONLY, Field(title="Entered by")] = ""
    """The staff member who entered it."""
    updated_by: Annotated[str, READ_ONLY, Field(title="Entered by")] = ""
    """That person's name."""


class ConsentAnswer(Model):
    """One answer among those that are sent together."""

    channel: Annotated[str, Choice(options=CHANNELS), Field(title="Channel")]
    """sms, push, email or post."""
    purpose: Annotated[str, Choice(options=PURPOSES), Field(title="About")]
    """appointments, service, packages, marketing or transactions."""
    state: Annotated[str, Choice(options=STATES), Field(title="Answer")]
    """granted or denied."""
    version: Annotated[int | None, Number(minimum=0, maximum=2**31 - 1), Field(title="Version")] = None
    """The version of the answer that this one takes the place of, 0 for none; refused where it is another.
    Left out: whatever is there."""


class ConsentAnswers(Model):
    """Answers that a customer gave at one time."""

    answers: Annotated[list[ConsentAnswer], Several(max_items=20), Field(title="Answers")]
    """All are taken, or none is."""
    source: Annotated[str, Choice(options={"": "Not said"} | SOURCES), Field(title="How we know")] = ""
    """How the answers came to us; needed where a no to marketing becomes a yes."""
    note: Annotated[str, Line(max_length=500), Field(title="In their words")] = ""
    """What was said or where it is written; needed where a no to marketing becomes a yes."""

"""Gift cards that customers bought, and rewards for those whom they brought."""

from datetime import date
from typing import Annotated, Final

from pydantic import Field

from client.models.base import Model, Record
from client.models.kinds import CREATE_ONLY, READ_ONLY, Choice, Day, Initially, Line
from client.models.money import Money, Price

REWARD_KINDS: Final = {"earned": "Brought a customer", "used": "Used", "expired": "Not used in time"}


class GiftCard(Record):
    """A gift card that the customer bought, and what is left on it."""

    code: Annotated[str, READ_ONLY, Field(title="Code", examples=["RV-7K3M-Q9XD"])] = ""
    """Printed on the card; given by the server."""
    amount: Annotated[Money, CREATE_ONLY, Price(), Field(title="Amount")]
    """What it was bought for."""
    balance: Annotated[Money, READ_ONLY, Field(title="Left")]
    """What is left."""
    bought_on: Annotated[date | None, CREATE_ONLY, Day(past=True), Field(title="Bought")] = None
    """The day; today, where nothing is said."""
    recipient: Annotated[str, Line(max_length=200), Field(title="For")] = ""
    """Who it is for."""
    expires_on: Annotated[date | None, Day(), Field(title="Good until")] = None
    """The last day on which it is taken; left out: always."""
    last_use: Annotated[str, READ_ONLY, Field(title="Last used for")] = ""
    """What it paid for last, or why something was put back; the history has the amounts."""


class GiftCardUse(Model):
    """That something was taken from a gift card, or put back."""

    amount: Annotated[Money, Price(negative=True), Field(title="Amount")]
    """What is taken; less than nothing puts it back."""
    reason: Annotated[str, Line(max_length=200, required=True), Field(title="For")]
    """What it paid for, or why it comes back."""


class Reward(Record):
    """One entry in a customer's account of rewards."""

    kind: Annotated[str, CREATE_ONLY, Choice(options=REWARD_KINDS), Initially("earned"), Field(title="Entry")]
    """earned, used or expired."""
    amount: Annotated[Money, CREATE_ONLY, Price(), Field(title="Amount")]
    """How much; used and expired amounts lower the balance."""
    about: Annotated[str, Line(max_length=200), Field(title="For")] = ""
    """Whom the customer brought, or what it paid for."""
    author: Annotated[str, READ_ONLY, Field(title="Written by")] = ""
    """Who wrote it down."""


class RewardAccount(Model):
    """The rewards of a customer in sum."""

    code: str = ""
    """What the customer passes on: whoever names it was brought by this customer."""
    balances: list[Money] = []
    """What can be used, by currency."""

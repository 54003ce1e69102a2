"""What the server needs of a payment provider. Card numbers stay there; here are names and outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from client.models.money import Money


@dataclass(frozen=True, slots=True)
class Described:
    """A card that the provider keeps."""

    reference: str
    """The provider's lasting name of it. Stays on the server."""
    brand: str
    last4: str
    exp_month: int
    """1 to 12; 0 where it does not expire."""
    exp_year: int


@dataclass(frozen=True, slots=True)
class Charged:
    """What came of a charge: the money moved, or why it did not."""

    succeeded: bool
    reference: str = ""
    """The provider's name of the payment."""
    reason: str = ""
    """Why it failed, in the provider's words."""


class ProviderRefused(Exception):
    """The provider understood and said no: an unknown token, for instance."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ProviderSilent(Exception):
    """The provider did not answer, or not so that it can be understood. What it did is not known."""


class PaymentProvider(Protocol):
    """A payment provider. Every method raises `ProviderRefused` or `ProviderSilent`, and nothing else.

    `key` names what is asked for once: asked again under it, a provider does nothing anew and gives its
    first answer.
    """

    async def describe(self, customer_id: str, token: str, key: str) -> Described:
        """Keep the card behind `token` for a customer, and say what it is."""

    async def charge(self, reference: str, money: Money, key: str) -> Charged:
        """Take money from the card that the provider knows by `reference`."""

    async def hosted_page(self, customer_id: str, key: str) -> str:
        """Give the address of a page of the provider on which the customer types a card."""

    async def kept(self, customer_id: str) -> Sequence[Described]:
        """Give every card that the provider keeps for a customer, those of its page among them."""

    async def forget(self, reference: str) -> None:
        """Have the provider forget a card; one that is gone already is fine."""

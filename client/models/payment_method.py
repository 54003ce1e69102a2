"""How a customer pays: what may be known of a card, and never its number."""

from typing import Annotated

from pydantic import Field

from client.models.base import Model, Record
from client.models.cards import Token
from client.models.kind import CREATE_ONLY, READ_ONLY, WRITE_ONLY


class PaymentMethod(Record):
    """A card or account that the payment provider keeps; here are only the words that name it."""

    token: Annotated[
        str,
        Token(),
        CREATE_ONLY,
        WRITE_ONLY,
        Field(title="Token", exclude=True, json_schema_extra={"writeOnly": True}, examples=["tok_visa"]),
    ] = ""
    """What the payment provider gave when the card was typed there. Needed once, and never given back."""
    brand: Annotated[str, READ_ONLY, Field(title="Brand", examples=["visa"])] = ""
    """Who issued it, such as `visa`, as the provider says. Stripe: `card.brand`."""
    last4: Annotated[str, READ_ONLY, Field(title="Last four", examples=["4242"])] = ""
    """The last four digits. Stripe: `card.last4`."""
    exp_month: Annotated[int, READ_ONLY, Field(title="Month of expiry", examples=[12])] = 0
    """The month after which it is no longer good, 1 to 12; 0: it does not expire. Stripe: `exp_month`."""
    exp_year: Annotated[int, READ_ONLY, Field(title="Year of expiry", examples=[2028])] = 0
    """The year of that month. Stripe: `exp_year`."""
    is_default: Annotated[bool, READ_ONLY, Field(title="Default")] = False
    """The one that is charged where nothing else is said; exactly one is, where there are any."""

    @property
    def words(self) -> str:
        """Brand and last digits, as people name a card."""
        return f"{self.brand.title()} …{self.last4}".strip()


class PaymentPage(Model):
    """A page of the payment provider on which the customer types a card."""

    url: str
    """Where it is. It is the customer's alone, and good for a while."""

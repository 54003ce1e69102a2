"""Marketing lists: who may be told something by a channel, and how many are left out of that."""

from typing import Annotated, Final

from pydantic import Field

from client.models.base import Page
from client.models.consent import CHANNELS
from client.models.customer_search import CustomerRow, CustomerSearch
from client.models.kinds import Choice

WILLING: Final = {
    "not_denied": "Everyone who did not say no",
    "granted": "Only those who said yes",
}


class AudienceSearch(CustomerSearch):
    """A search for customers to market to by one channel. Nothing in it brings back who said no."""

    channel: Annotated[str, Choice(options=CHANNELS), Field(title="By")]
    """email, post, sms or push."""
    willing: Annotated[str, Choice(options=WILLING), Field(title="Who")] = "not_denied"
    """Everyone who did not say no, or only those who said yes."""


class Audience(Page[CustomerRow]):
    """One page of a marketing list."""

    left_out: int | None = None
    """How many the search finds who said no to marketing by this channel: they are on no page of this list.
    Left out on later pages."""
    unreachable: int | None = None
    """How many of the rest have no address or number for this channel. Left out on later pages."""

"""What a server is and what it can do."""

from typing import Annotated

from pydantic import Field

from client.models.base import Model


class Service(Model):
    """The service document at `/v1/`: a client shows only what it names."""

    name: str = "Customer API"
    """The product that answers."""
    version: str = "1"
    """The version of this contract."""
    software_version: str = ""
    """The version of the product."""
    business: str = ""
    """The business whose customers these are."""
    features: Annotated[list[str], Field(examples=[["notes", "labels"]])] = []
    """Collections and parts that this server has."""
    permissions: list[str] = []
    """What the signed-in person may do, as `collection:verb`; empty before sign-in."""
    country: str = ""
    """ISO 3166-1 alpha-2: the region that phone numbers without a country code are read in."""
    language: str = ""
    """BCP 47: the language that dates and numbers are written in."""
    currency: str = ""
    """ISO 4217."""
    time_zone: str = ""
    """A name of the IANA time zone database."""

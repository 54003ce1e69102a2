"""People who may act for a customer, and for whom a customer may act: one link, seen from both ends."""

from typing import Annotated, Final

from pydantic import Field

from client.models.base import Record
from client.models.kinds import CREATE_ONLY, READ_ONLY, Line, Reference

RIGHTS: Final = {
    "invoices": "See and pay invoices",
    "support": "Ask for support and read the answers",
    "bookings": "Make, change and cancel bookings",
    "profile": "Change the profile",
}
"""What somebody may be allowed to do for a customer, with what each means."""


class Contact(Record):
    """Another customer who may act for this one. TMF632: `relatedParty`."""

    contact_id: Annotated[str, CREATE_ONLY, Reference(collection="customers"), Field(title="Who")]
    """The customer who may act."""
    number: Annotated[int, READ_ONLY, Field(title="Number")] = 0
    """That customer's number."""
    contact: Annotated[str, READ_ONLY, Field(title="Who")] = ""
    """That customer's name."""
    standing: Annotated[str, READ_ONLY, Field(title="Standing")] = ""
    """`blocked`, `inactive` or `archived` where that customer is; such a one is better asked about."""
    product: Annotated[str, Line(max_length=200), Field(title="Only for", examples=["Flat at the quay"])] = ""
    """The product, purchase or place that the rights are for; empty: everything."""
    invoices: Annotated[bool, Field(title="Invoices")] = False
    """May see and pay invoices."""
    support: Annotated[bool, Field(title="Support")] = False
    """May ask for support and read the answers."""
    bookings: Annotated[bool, Field(title="Bookings")] = False
    """May make, change and cancel bookings."""
    profile: Annotated[bool, Field(title="Profile")] = False
    """May change the profile."""


class ActsFor(Record):
    """Another customer for whom this one may act: a contact as seen from the other end."""

    acted_for_id: Annotated[str, READ_ONLY, Reference(collection="customers"), Field(title="For whom")]
    """The customer who is acted for."""
    number: Annotated[int, READ_ONLY, Field(title="Number")] = 0
    """That customer's number."""
    acted_for: Annotated[str, READ_ONLY, Field(title="For whom")] = ""
    """That customer's name."""
    standing: Annotated[str, READ_ONLY, Field(title="Standing")] = ""
    """`blocked`, `inactive` or `archived` where that customer is."""
    product: Annotated[str, READ_ONLY, Field(title="Only for")] = ""
    """The product, purchase or place that the rights are for; empty: everything."""
    invoices: Annotated[bool, READ_ONLY, Field(title="Invoices")] = False
    """May see and pay invoices."""
    support: Annotated[bool, READ_ONLY, Field(title="Support")] = False
    """May ask for support and read the answers."""
    bookings: Annotated[bool, READ_ONLY, Field(title="Bookings")] = False
    """May make, change and cancel bookings."""
    profile: Annotated[bool, READ_ONLY, Field(title="Profile")] = False
    """May change the profile."""

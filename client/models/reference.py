"""Reference lists: small collections that other records point to."""

from typing import Annotated, Final

from pydantic import Field

from client.models.base import Record
from client.models.kinds import COUNTRY, Choice, Initially, Line, Number, Paragraph, Phone

LABEL_COLORS: Final = {
    "gray": "Gray",
    "red": "Red",
    "orange": "Orange",
    "yellow": "Yellow",
    "green": "Green",
    "teal": "Teal",
    "blue": "Blue",
    "purple": "Purple",
    "pink": "Pink",
}


class Label(Record):
    """A tag that customers carry, such as "donor" or "residential". vCard: CATEGORIES."""

    name: Annotated[str, Line(max_length=60, required=True), Field(title="Name", examples=["donor"])]
    """No two are called alike; capitals make no difference."""
    color: Annotated[str, Choice(options=LABEL_COLORS), Initially("gray"), Field(title="Colour")] = "gray"
    """A name of a colour; themes say what it looks like."""
    description: Annotated[str, Line(max_length=200), Field(title="Meaning")] = ""
    """When to use the label."""


class Branch(Record):
    """A place of the business that customers can prefer."""

    name: Annotated[str, Line(max_length=100, required=True), Field(title="Name", examples=["Riverside"])]
    """No two are called alike; capitals make no difference."""
    phone: Annotated[str, Phone(), Field(title="Phone")] = ""
    """E.164."""
    street: Annotated[str, Line(max_length=200), Field(title="Street")] = ""
    """Street and number."""
    postal_code: Annotated[str, Line(max_length=20), Field(title="Postcode")] = ""
    """The code as its country writes it."""
    city: Annotated[str, Line(max_length=100), Field(title="City")] = ""
    """City or town."""
    country: Annotated[str, COUNTRY, Field(title="Country")] = ""
    """ISO 3166-1 alpha-2."""
    latitude: Annotated[float | None, Number(minimum=-90, maximum=90, unit="°"), Field(title="Latitude")] = (
        None
    )
    """Degrees north, WGS 84."""
    longitude: Annotated[
        float | None, Number(minimum=-180, maximum=180, unit="°"), Field(title="Longitude")
    ] = None
    """Degrees east, WGS 84."""


class Partner(Record):
    """A company through which customers come and to which they belong."""

    name: Annotated[str, Line(max_length=100, required=True), Field(title="Name")]
    """No two are called alike; capitals make no difference."""
    description: Annotated[str, Paragraph(max_length=2_000), Field(title="About")] = ""
    """What colleagues should know."""


class Location(Record):
    """A service area that customers belong to."""

    name: Annotated[str, Line(max_length=100, required=True), Field(title="Name")]
    """No two are called alike; capitals make no difference."""
    description: Annotated[str, Paragraph(max_length=2_000), Field(title="About")] = ""
    """What colleagues should know."""

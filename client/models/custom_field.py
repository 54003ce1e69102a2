"""Additional fields: what a business wants to know of its customers beyond what every business does."""

from typing import Annotated, Final

from pydantic import Field

from client.models.base import Record
from client.models.kinds import CREATE_ONLY, Choice, Code, Initially, Line, Number, Several

FIELD_TYPES: Final = {
    "text": "A line of text",
    "number": "A number",
    "date": "A date",
    "choice": "One of a few words",
    "yes_no": "Yes or no",
    "link": "An address on the web",
}


class CustomField(Record):
    """The definition of an additional field of customers."""

    name: Annotated[str, Line(max_length=60, required=True), Field(title="Name", examples=["Shoe size"])]
    """What forms call it; no two are called alike."""
    key: Annotated[
        str,
        CREATE_ONLY,
        Initially(""),
        Code(pattern="([a-z][a-z0-9_]{0,39})?", example="shoe_size", what="a key"),
        Field(title="Key"),
    ]
    """Its name in `custom_fields` of a customer; unique; never changes. Left out, it is made of the name."""
    type: Annotated[str, CREATE_ONLY, Choice(options=FIELD_TYPES), Initially("text"), Field(title="Type")]
    """text, number, date, choice, yes_no or link; never changes."""
    options: Annotated[
        list[str], Several(max_items=50, item=Line(max_length=60, required=True)), Field(title="Choices")
    ] = []
    """The words of a choice, in order. A value that a customer has already stays when its word goes."""
    required: Annotated[bool, Field(title="Required")] = False
    """Whether it must be filled in where additional fields are saved; other changes are not held up."""
    position: Annotated[int, Number(minimum=0, maximum=9_999), Field(title="Position")] = 0
    """Smaller ones come first, equal ones by name."""
    archived: Annotated[bool, Field(title="No longer used")] = False
    """Not shown and not required any more; what customers have stays."""

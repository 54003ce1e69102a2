"""Finding customers: what is asked, what a list shows of each, and who is likely there already."""

from typing import Annotated

from pydantic import Field

from client.models.base import Model
from client.models.customer_choices import STATUSES
from client.models.kinds import Choice, EmailAddress, Line, Number, Phone, Reference, Several


class CustomerRow(Model):
    """What a list shows of a customer: one object a row, nothing more to ask for."""

    id: str
    """The customer's id."""
    version: int = 1
    """The customer's version, so that an edit can start from the row."""
    number: int = 0
    """The number read out on the phone."""
    display_name: str = ""
    """The full name."""
    status: str = ""
    """new, active, inactive or blocked."""
    access: str = "allowed"
    """What the customer may book; left out where that is everything."""
    archived: bool = False
    """Whether the customer is archived."""
    phone: str = ""
    """The primary telephone number, E.164."""
    email: str = ""
    """The primary e-mail address."""
    city: str = ""
    """The city of the primary address."""
    labels: list[str] = []
    """The names of the labels, in order."""


class RowsWanted(Model):
    """Which rows of a list of customers are wanted, in which order, and how much of each."""

    sort: Annotated[
        str,
        Choice(
            options={
                direction + column: name + order
                for direction, order in (("", ""), ("-", ", descending"))
                for column, name in {
                    "recent": "Last changed first",
                    "number": "Number",
                    "name": "Name",
                    "phone": "Phone",
                    "email": "E-mail",
                    "city": "City",
                    "status": "Status",
                }.items()
                if direction + column != "-recent"
            }
        ),
        Field(title="Sort"),
    ] = "recent"
    """A column, with `-` in front for the other direction. With `q`, `recent` means best match first."""
    limit: Annotated[int, Number(minimum=1, maximum=200), Field(title="Rows")] = 25
    """How many rows."""
    cursor: Annotated[str, Line(max_length=1_500), Field(title="Cursor")] = ""
    """`next_cursor` of the page before."""
    fields: Annotated[
        list[str], Several(max_items=20, item=Line(max_length=40, required=True)), Field(title="Fields")
    ] = []
    """Only these members of each row; `id` always comes along. Empty: all."""


class CustomerSearch(RowsWanted):
    """A search for customers, as a body so that names and phones stay out of URLs and logs."""

    q: Annotated[str, Line(max_length=200), Field(title="Find")] = ""
    """Words of names, digits of phones, parts of e-mail addresses, numbers, cities, labels; in any order."""
    status: Annotated[
        list[str], Several(max_items=10, item=Choice(options=STATUSES)), Field(title="Status")
    ] = []
    """Only these statuses."""
    label: Annotated[list[str], Several(max_items=20), Field(title="Labels")] = []
    """Only customers that carry all of these labels, by name."""
    archived: Annotated[
        str,
        Choice(options={"no": "Active only", "yes": "Archived only", "any": "Both"}),
        Field(title="Archived"),
    ] = "no"
    """Whether archived customers are left out, alone, or among the rest."""
    branch_id: Annotated[str | None, Reference(collection="branches"), Field(title="Branch")] = None
    """Only this branch."""
    partner_id: Annotated[str | None, Reference(collection="partners"), Field(title="Partner")] = None
    """Only this partner."""
    location_id: Annotated[str | None, Reference(collection="locations"), Field(title="Location")] = None
    """Only this location."""


class Duplicates(Model):
    """Customers that are likely the same as one about to be made."""

    items: list[CustomerRow] = []
    """Those with the same phone, the same e-mail address, or the same name and postcode; likeliest first."""


class DuplicateQuery(Model):
    """What is known of a customer about to be made."""

    display_name: Annotated[str, Line(max_length=200), Field(title="Full name")] = ""
    """The full name."""
    emails: Annotated[list[str], Several(max_items=20, item=EmailAddress()), Field(title="E-mail")] = []
    """Addresses."""
    phones: Annotated[list[str], Several(max_items=20, item=Phone()), Field(title="Phone")] = []
    """Numbers, E.164."""
    postal_code: Annotated[str, Line(max_length=20), Field(title="Postcode")] = ""
    """Postcode of any address."""

"""Sales tax: the rates there are, and what a customer pays instead of the usual one."""

from datetime import date
from typing import Annotated

from pydantic import Field

from client.models.base import Record
from client.models.exact import Exact
from client.models.kinds import COUNTRY, READ_ONLY, Day, Initially, Line, Reference


class TaxRate(Record):
    """A rate of sales tax or value-added tax."""

    name: Annotated[str, Line(max_length=100, required=True), Field(title="Name", examples=["VAT 20 %"])]
    """Stands on invoices; no two are called alike."""
    percent: Annotated[str, Exact(maximum=100, unit="%"), Field(title="Rate", examples=["20"])]
    """Percent of the price, an exact decimal."""
    country: Annotated[str, COUNTRY, Field(title="Country", examples=["GB"])] = ""
    """ISO 3166-1 alpha-2."""
    region: Annotated[str, Line(max_length=100), Field(title="Region")] = ""
    """A part of the country that has a rate of its own, as addresses name it."""
    is_standard: Annotated[bool, Initially(value=False), Field(title="Usual")] = False
    """Whether customers with an address there pay it where nothing else is said; one for each place is."""
    active: Annotated[bool, Initially(value=True), Field(title="In use")] = True
    """Whether new invoices may have it."""


class CustomerTax(Record):
    """What one customer pays instead of the usual rate: another one, or none."""

    rate_id: Annotated[str | None, Reference(collection="tax-rates"), Field(title="Rate")] = None
    """The rate that is on every new invoice of this customer."""
    rate: Annotated[str, READ_ONLY, Field(title="Rate")] = ""
    """What that rate is called."""
    exempt: Annotated[bool, Field(title="Exempt")] = False
    """Whether the customer pays no sales tax. Needs a reason and the number of the certificate."""
    reason: Annotated[str, Line(max_length=200), Field(title="Reason", examples=["Registered charity"])] = ""
    """Why there is no tax."""
    certificate_number: Annotated[
        str, Line(max_length=100), Field(title="Certificate", examples=["CH-204518"])
    ] = ""
    """The number of the certificate that says so."""
    valid_until: Annotated[date | None, Day(), Field(title="Valid until")] = None
    """The last day of the exemption; afterwards the rate is paid. Empty: without end."""

    def exempt_on(self, day: date) -> bool:
        """Say whether no tax is paid on a day."""
        return self.exempt and (self.valid_until is None or day <= self.valid_until)

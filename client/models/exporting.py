"""Exports: whom, of what kind, with what."""

from typing import Annotated, Final

from pydantic import Field

from client.models.audience import WILLING
from client.models.base import Model
from client.models.consent import CHANNELS
from client.models.customer_search import CustomerSearch
from client.models.kinds import Choice, Line, Reference, Several
from client.models.report import Condition

EXPORT_FORMS: Final = {
    "csv": "A table for spreadsheets (RFC 4180)",
    "vcard": "Cards for address books (vCard 4.0, RFC 6350)",
    "jsonl": "For programs (JSON Lines)",
}
MOST_MARKED: Final = 10_000
"""Customers that one export may name by their ids."""


class ExportRequest(Model):
    """What is to be exported. One of `search`, `ids`, `report_id` and `conditions` says of whom."""

    format: Annotated[str, Choice(options=EXPORT_FORMS), Field(title="As")]
    """csv, vcard or jsonl."""
    search: Annotated[CustomerSearch | None, Field(title="Whom")] = None
    """Everyone whom this finds. Its order, page and fields make no difference: an export is in the order of
    numbers and whole."""
    ids: Annotated[
        list[str],
        Several(max_items=MOST_MARKED, item=Reference(collection="customers")),
        Field(title="Only these"),
    ] = []
    """These customers; those who are not there (any more) are passed over."""
    report_id: Annotated[str | None, Reference(collection="reports"), Field(title="Report")] = None
    """Everyone whom this report finds."""
    conditions: Annotated[list[Condition] | None, Several(max_items=20), Field(title="Conditions")] = None
    """Everyone for whom all of these hold, as in a report that is not saved."""
    columns: Annotated[
        list[str], Several(max_items=200, item=Line(max_length=60, required=True)), Field(title="Columns")
    ] = []
    """Only these, in this order, such as `number` and `email`; `custom_fields.` and a key for additional
    fields. Empty: the usual ones; in JSON Lines the whole record."""
    channel: Annotated[
        str, Choice(options={"": "Not for marketing"} | CHANNELS), Field(title="Marketing by")
    ] = ""
    """email, post, sms or push make it a marketing export: without those who said no to that, and without
    what is for staff only. Empty: it is not for marketing."""
    willing: Annotated[str, Choice(options=WILLING), Field(title="Who")] = "not_denied"
    """In a marketing export: everyone who did not say no, or only those who said yes."""

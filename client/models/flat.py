"""A customer as one row of a table: the columns that are exported, and those that can be imported."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CUSTOM: Final = "custom_fields."
"""What the column of an additional field begins with; its key follows."""
BETWEEN: Final = "; "
"""Stands between several values in one cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of such a table."""

    member: str
    """The member of a customer that it is about."""
    title: str
    """Its name for people."""
    usual: bool = True
    """Whether it is there where nobody chose columns."""
    taken: bool = True
    """Whether a table that is read may have it."""


COLUMNS: Final[Mapping[str, Column]] = {
    "number": Column("number", "Number", taken=False),
    "external_id": Column("external_id", "External id"),
    "type": Column("type", "Type"),
    "display_name": Column("display_name", "Full name"),
    "given_name": Column("given_name", "First name"),
    "middle_name": Column("middle_name", "Middle name"),
    "family_name": Column("family_name", "Last name"),
    "company_name": Column("company_name", "Company"),
    "phone": Column("phones", "Phone"),
    "other_phones": Column("phones", "Other phones"),
    "email": Column("emails", "E-mail"),
    "other_emails": Column("emails", "Other e-mails"),
    "line1": Column("addresses", "Street"),
    "line2": Column("addresses", "Street, line 2"),
    "postal_code": Column("addresses", "Postcode"),
    "city": Column("addresses", "City"),
    "region": Column("addresses", "Region"),
    "country": Column("addresses", "Country"),
    "born_on": Column("born_on", "Date of birth"),
    "gender": Column("gender", "Gender"),
    "language": Column("language", "Language"),
    "time_zone": Column("time_zone", "Time zone"),
    "status": Column("status", "Status"),
    "status_reason": Column("status_reason", "Reason"),
    "access": Column("access", "Access"),
    "archived_at": Column("archived_at", "Archived", taken=False),
    "labels": Column("labels", "Labels"),
    "branch": Column("branch_id", "Preferred branch"),
    "partner": Column("partner_id", "Partner"),
    "location": Column("location_id", "Location"),
    "referral_method": Column("referral_method", "Found us by"),
    "billing_type": Column("billing_type", "Billing"),
    "mail_opt_out": Column("mail_opt_out", "No post"),
    "email_opt_out": Column("email_opt_out", "No e-mail"),
    "weight": Column("weight", "Weight", usual=False, taken=False),
    "alerts": Column("alerts", "Alerts", usual=False, taken=False),
    "business_name": Column("extra_contact", "Business name", usual=False, taken=False),
    "alternate_phone": Column("extra_contact", "Alternate phone", usual=False, taken=False),
    "best_way": Column("extra_contact", "Best way to reach", usual=False, taken=False),
    "extra_fields": Column("extra_contact", "Also", usual=False, taken=False),
    "privilege": Column("privilege", "Privilege", usual=False, taken=False),
    "created_at": Column("created_at", "Added", taken=False),
    "updated_at": Column("updated_at", "Changed", taken=False),
    "id": Column("id", "Id", taken=False),
}
"""Every column by its name, in the order of a table. Additional fields come behind them."""

LISTED: Final = frozenset({"other_phones", "other_emails", "labels"})
"""Columns with several values in a cell."""
REFERENCES: Final[Mapping[str, str]] = {
    "branch": "branches",
    "partner": "partners",
    "location": "locations",
}
"""Columns that name a record of another collection."""


def member_of(column: str) -> str:
    """Give the member of a customer that a column is about; empty where there is no such column."""
    if column.startswith(CUSTOM) and len(column) > len(CUSTOM):
        return "custom_fields"
    return COLUMNS[column].member if column in COLUMNS else ""

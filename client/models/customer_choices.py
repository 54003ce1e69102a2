"""The words that stand in members of a customer, each with what it means."""

from typing import Final

STATUSES: Final = {
    "new": "Added, but not yet connected or served",
    "active": "Uses services; everything is open to this customer",
    "inactive": "Uses no services; left alone by bookings, memberships and renewals; can be deleted",
    "blocked": "Denied, for instance for not paying; cannot book or sign in",
}
"""Every status with the meaning that is shown where it is set."""

ACCESSES: Final = {
    "allowed": "May book",
    "waitlist_only": "May only join the wait list",
    "blocked": "May neither book nor sign in to the portal",
}
"""What a customer may book, with meanings."""

PHONE_TYPES: Final = {"mobile": "Mobile", "home": "Home", "work": "Work", "fax": "Fax", "other": "Other"}
EMAIL_TYPES: Final = {"home": "Home", "work": "Work", "other": "Other"}
ADDRESS_TYPES: Final = {
    "home": "Home",
    "work": "Work",
    "service": "Service",
    "mailing": "Mailing",
    "billing": "Billing",
    "other": "Other",
}
GENDERS: Final = {"female": "Female", "male": "Male", "other": "Other", "undisclosed": "Prefers not to say"}
CUSTOMER_TYPES: Final = {"individual": "A person", "organization": "A company or other body"}
PRIVILEGES: Final = {
    "none": "A customer like any other",
    "staff": "Also works here, as staff",
    "admin": "Also works here, as an admin",
}
"""What a customer may be beside that."""
BILLING_TYPES: Final = {
    "recurring": "Full periods in a fixed cycle, paid before or after",
    "prepaid": "A period of its own, paid in advance",
}

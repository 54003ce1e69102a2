"""Every list and every part of the sample business: a line for each."""

from typing import Final

from server.sample import (
    billing,
    bookings,
    kin,
    mail,
    members,
    own_fields,
    paperwork,
    reports,
    services,
    support,
    wishes,
)
from server.sample.parts import Part, SampleList

LISTS: Final[tuple[SampleList, ...]] = (
    own_fields.CUSTOM_FIELDS,
    paperwork.FORM_TEMPLATES,
    services.SERVICES,
    billing.TAX_RATES,
    members.PLANS,
    reports.REPORTS,
)
"""Reference lists, one that others refer to before those."""

PARTS: Final[tuple[Part, ...]] = (
    paperwork.FORMS,
    paperwork.DOCUMENTS,
    services.DISLIKED,
    bookings.BOOKINGS,
    billing.CARDS,
    billing.BILLING,
    billing.SUBSCRIPTIONS,
    support.DEVICES,
    support.TICKETS,
    mail.MESSAGES,
    mail.ACCOUNTS,
    wishes.WISHES,
    kin.KIN,
    members.MEMBERSHIPS,
    members.GIFT_CARDS,
    members.REWARDS,
)
"""What customers have."""

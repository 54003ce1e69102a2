"""What the server offers: one declaration for each collection, and the mechanism they share."""

from typing import Any, Final

from server.routes.allowances import ALLOWANCES
from server.routes.bookings import BOOKINGS
from server.routes.collection import Collection
from server.routes.consents import CONSENTS
from server.routes.contacts import ACTS_FOR, CONTACTS
from server.routes.custom_fields import CUSTOM_FIELDS
from server.routes.customers import CUSTOMERS
from server.routes.devices import DEVICES
from server.routes.documents import DOCUMENTS
from server.routes.events import EVENTS
from server.routes.forms import FORM_TEMPLATES, FORMS
from server.routes.gift_cards import GIFT_CARDS, REWARDS
from server.routes.imports import IMPORTS
from server.routes.invoices import INVOICES
from server.routes.labels import LABELS
from server.routes.memberships import CREDITS, MEMBERSHIPS, PAYMENTS, PLANS
from server.routes.messages import MESSAGES
from server.routes.notes import NOTES
from server.routes.offered_services import DISLIKED_SERVICES, SERVICES
from server.routes.payment_methods import PAYMENT_METHODS
from server.routes.places import BRANCHES, LOCATIONS, PARTNERS
from server.routes.portal_account import PORTAL_ACCOUNT
from server.routes.purchases import PURCHASES
from server.routes.reports import REPORTS
from server.routes.staff import STAFF
from server.routes.subscriptions import SUBSCRIPTIONS
from server.routes.taxes import CUSTOMER_TAX, TAX_RATES
from server.routes.tickets import REPLIES, TICKETS

COLLECTIONS: Final[tuple[Collection[Any], ...]] = (
    CUSTOMERS,
    NOTES,
    MESSAGES,
    PORTAL_ACCOUNT,
    EVENTS,
    LABELS,
    CUSTOM_FIELDS,
    BRANCHES,
    PARTNERS,
    LOCATIONS,
    STAFF,
    PAYMENT_METHODS,
    INVOICES,
    IMPORTS,
    PURCHASES,
    SUBSCRIPTIONS,
    TAX_RATES,
    CUSTOMER_TAX,
    SERVICES,
    DISLIKED_SERVICES,
    CONSENTS,
    CONTACTS,
    ACTS_FOR,
    BOOKINGS,
    DEVICES,
    ALLOWANCES,
    PLANS,
    MEMBERSHIPS,
    CREDITS,
    PAYMENTS,
    GIFT_CARDS,
    REWARDS,
    FORM_TEMPLATES,
    FORMS,
    DOCUMENTS,
    TICKETS,
    REPLIES,
    REPORTS,
)

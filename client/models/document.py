"""A customer with what belongs on the same screen: one screen, one request."""

from client.models.allowance import Allowance
from client.models.base import Page
from client.models.booking import Booking
from client.models.consent import Consent
from client.models.contact import ActsFor, Contact
from client.models.custom_field import CustomField
from client.models.customer import Customer
from client.models.device import Device
from client.models.event import Event
from client.models.files import Document
from client.models.forms import Form
from client.models.gift_card import GiftCard, Reward, RewardAccount
from client.models.invoice import Invoice
from client.models.membership import Membership
from client.models.message import Message
from client.models.note import Note
from client.models.offered_service import DislikedService
from client.models.payment_method import PaymentMethod
from client.models.portal_account import PortalAccount
from client.models.purchase import Purchase, Spending
from client.models.subscription import Subscription
from client.models.summary import Summary
from client.models.tax import CustomerTax
from client.models.ticket import Ticket


class CustomerDocument(Customer):
    """A customer with the parts that `include` asked for; a part not asked for is left out."""

    notes: Page[Note] | None = None
    """The first notes, pinned ones first, then newest first."""
    events: Page[Event] | None = None
    """The newest entries of the history."""
    messages: Page[Message] | None = None
    """The newest e-mails to the customer, and what became of them."""
    portal_account: PortalAccount | None = None
    """How the customer signs in to the portal; left out where there is no account."""
    summary: Summary | None = None
    """Counts, balances and flags of what belongs to the customer."""
    field_definitions: Page[CustomField] | None = None
    """What the additional fields in `custom_fields` are, for a client that does not know them yet."""
    consents: Page[Consent] | None = None
    """The answers on what the customer wants to hear."""
    contacts: Page[Contact] | None = None
    """The people who may act for the customer."""
    acts_for: Page[ActsFor] | None = None
    """The customers for whom this one may act."""
    disliked_services: Page[DislikedService] | None = None
    """The services that the customer does not want."""
    bookings: Page[Booking] | None = None
    """What is booked or waited for, the latest first."""
    devices: Page[Device] | None = None
    """Items that the customer has or had, the latest assigned first."""
    allowances: Page[Allowance] | None = None
    """How much the customer may use, and has used."""
    tickets: Page[Ticket] | None = None
    """Support tickets, newest first."""
    forms: Page[Form] | None = None
    """Forms that the customer was given, newest first."""
    documents: Page[Document] | None = None
    """Files kept with the customer, newest first."""
    payment_methods: Page[PaymentMethod] | None = None
    """How the customer pays, newest first."""
    invoices: Page[Invoice] | None = None
    """What the customer is asked to pay, newest first."""
    purchases: Page[Purchase] | None = None
    """What the customer has paid for, newest first."""
    subscriptions: Page[Subscription] | None = None
    """What renews by itself, newest first."""
    tax: CustomerTax | None = None
    """What is paid instead of the usual sales tax; left out where nothing was said."""
    spending: Spending | None = None
    """What was spent and is owed."""
    memberships: Page[Membership] | None = None
    """Memberships, newest first."""
    gift_cards: Page[GiftCard] | None = None
    """Gift cards that the customer bought, newest first."""
    rewards: Page[Reward] | None = None
    """Entries of the rewards, newest first."""
    reward_account: RewardAccount | None = None
    """The rewards in sum, with the code that the customer passes on."""

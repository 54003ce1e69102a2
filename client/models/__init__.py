"""What travels between client and server. The server imports these, so the two cannot drift apart.

A model is imported when it is first named: an application that shows a list pays for the models of a list.
`_MODULES` says at run time where a model lives, the imports below it say so to checkers of types.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

_MODULES: Final = {
    "allowance": "Allowance Bonus BonusGrant BonusWithdrawal UsageReport",
    "audience": "Audience AudienceSearch",
    "base": "Model Page Record",
    "bulk": "BulkOutcome BulkRequest BulkResult",
    "booking": "Booking BookingBrief Cancellation",
    "consent": "Consent ConsentAnswer ConsentAnswers",
    "contact": "ActsFor Contact",
    "customer": "Address Customer Email PhoneNumber",
    "custom_field": "CustomField",
    "customer_more": "Alert ExtraContact ExtraField Weight",
    "customer_search": "CustomerRow CustomerSearch DuplicateQuery Duplicates RowsWanted",
    "device": "Device DeviceReturn",
    "document": "CustomerDocument",
    "event": "Change Event",
    "exporting": "ExportRequest",
    "files": "Document",
    "forms": "Form FormAnswer FormAnswers FormTemplate Question",
    "importing": "Import ImportFinding ImportFindings ImportRows",
    "invoice": "Invoice InvoiceCharge InvoiceLine InvoicePayment InvoiceVoiding",
    "gift_card": "GiftCard GiftCardUse Reward RewardAccount",
    "live": "Changes ChangesQuery EventsQuery Hint",
    "message": "Message",
    "merging": "CustomerMerge DistinctCustomers LikelySame MergePreview MergeQuery",
    "membership": "Credit Membership MembershipCancellation MembershipPayment Plan",
    "note": "Note",
    "offered_service": "DislikedService OfferedService",
    "payment_method": "PaymentMethod PaymentPage",
    "portal_account": "PortalAccount PortalConfirmation PortalCustomer PortalSignIn",
    "personal_data": "ErasureRequest PersonalData",
    "problem": "FieldProblem Problem",
    "privilege": "PrivilegeChange",
    "purchase": "Purchase Spending SpentInMonth",
    "report": "Condition Report ReportPreview ReportQuery",
    "reference": "Branch Label Location Partner",
    "service": "Service",
    "sign_ins": "SignIn StaffPassword",
    "staff": "Me Staff",
    "subscription": "Subscription",
    "summary": "Summary",
    "tax": "CustomerTax TaxRate",
    "ticket": "Reply Ticket",
    "token": "AuthorizationServer DeviceAuthorization PasswordChange PasswordProof TokenRefusal Tokens",
}
"""Every module with the models that it has."""

if TYPE_CHECKING:
    from client.models.allowance import Allowance as Allowance
    from client.models.allowance import Bonus as Bonus
    from client.models.allowance import BonusGrant as BonusGrant
    from client.models.allowance import BonusWithdrawal as BonusWithdrawal
    from client.models.allowance import UsageReport as UsageReport
    from client.models.audience import Audience as Audience
    from client.models.audience import AudienceSearch as AudienceSearch
    from client.models.base import Model as Model
    from client.models.base import Page as Page
    from client.models.base import Record as Record
    from client.models.booking import Booking as Booking
    from client.models.booking import BookingBrief as BookingBrief
    from client.models.booking import Cancellation as Cancellation
    from client.models.bulk import BulkOutcome as BulkOutcome
    from client.models.bulk import BulkRequest as BulkRequest
    from client.models.bulk import BulkResult as BulkResult
    from client.models.consent import Consent as Consent
    from client.models.consent import ConsentAnswer as ConsentAnswer
    from client.models.consent import ConsentAnswers as ConsentAnswers
    from client.models.contact import ActsFor as ActsFor
    from client.models.contact import Contact as Contact
    from client.models.custom_field import CustomField as CustomField
    from client.models.customer import Address as Address
    from client.models.customer import Customer as Customer
    from client.models.customer import Email as Email
    from client.models.customer import PhoneNumber as PhoneNumber
    from client.models.customer_more import Alert as Alert
    from client.models.customer_more import ExtraContact as ExtraContact
    from client.models.customer_more import ExtraField as ExtraField
    from client.models.customer_more import Weight as Weight
    from client.models.customer_search import CustomerRow as CustomerRow
    from client.models.customer_search import CustomerSearch as CustomerSearch
    from client.models.customer_search import DuplicateQuery as DuplicateQuery
    from client.models.customer_search import Duplicates as Duplicates
    from client.models.customer_search import RowsWanted as RowsWanted
    from client.models.device import Device as Device
    from client.models.device import DeviceReturn as DeviceReturn
    from client.models.document import CustomerDocument as CustomerDocument
    from client.models.event import Change as Change
    from client.models.event import Event as Event
    from client.models.exporting import ExportRequest as ExportRequest
    from client.models.files import Document as Document
    from client.models.forms import Form as Form
    from client.models.forms import FormAnswer as FormAnswer
    from client.models.forms import FormAnswers as FormAnswers
    from client.models.forms import FormTemplate as FormTemplate
    from client.models.forms import Question as Question
    from client.models.gift_card import GiftCard as GiftCard
    from client.models.gift_card import GiftCardUse as GiftCardUse
    from client.models.gift_card import Reward as Reward
    from client.models.gift_card import RewardAccount as RewardAccount
    from client.models.importing import Import as Import
    from client.models.importing import ImportFinding as ImportFinding
    from client.models.importing import ImportFindings as ImportFindings
    from client.models.importing import ImportRows as ImportRows
    from client.models.invoice import Invoice as Invoice
    from client.models.invoice import InvoiceCharge as InvoiceCharge
    from client.models.invoice import InvoiceLine as InvoiceLine
    from client.models.invoice import InvoicePayment as InvoicePayment
    from client.models.invoice import InvoiceVoiding as InvoiceVoiding
    from client.models.live import Changes as Changes
    from client.models.live import ChangesQuery as ChangesQuery
    from client.models.live import EventsQuery as EventsQuery
    from client.models.live import Hint as Hint
    from client.models.membership import Credit as Credit
    from client.models.membership import Membership as Membership
    from client.models.membership import MembershipCancellation as MembershipCancellation
    from client.models.membership import MembershipPayment as MembershipPayment
    from client.models.membership import Plan as Plan
    from client.models.merging import CustomerMerge as CustomerMerge
    from client.models.merging import DistinctCustomers as DistinctCustomers
    from client.models.merging import LikelySame as LikelySame
    from client.models.merging import MergePreview as MergePreview
    from client.models.merging import MergeQuery as MergeQuery
    from client.models.message import Message as Message
    from client.models.note import Note as Note
    from client.models.offered_service import DislikedService as DislikedService
    from client.models.offered_service import OfferedService as OfferedService
    from client.models.payment_method import PaymentMethod as PaymentMethod
    from client.models.payment_method import PaymentPage as PaymentPage
    from client.models.personal_data import ErasureRequest as ErasureRequest
    from client.models.personal_data import PersonalData as PersonalData
    from client.models.portal_account import PortalAccount as PortalAccount
    from client.models.portal_account import PortalConfirmation as PortalConfirmation
    from client.models.portal_account import PortalCustomer as PortalCustomer
    from client.models.portal_account import PortalSignIn as PortalSignIn
    from client.models.privilege import PrivilegeChange as PrivilegeChange
    from client.models.problem import FieldProblem as FieldProblem
    from client.models.problem import Problem as Problem
    from client.models.purchase import Purchase as Purchase
    from client.models.purchase import Spending as Spending
    from client.models.purchase import SpentInMonth as SpentInMonth
    from client.models.reference import Branch as Branch
    from client.models.reference import Label as Label
    from client.models.reference import Location as Location
    from client.models.reference import Partner as Partner
    from client.models.report import Condition as Condition
    from client.models.report import Report as Report
    from client.models.report import ReportPreview as ReportPreview
    from client.models.report import ReportQuery as ReportQuery
    from client.models.service import Service as Service
    from client.models.sign_ins import SignIn as SignIn
    from client.models.sign_ins import StaffPassword as StaffPassword
    from client.models.staff import Me as Me
    from client.models.staff import Staff as Staff
    from client.models.subscription import Subscription as Subscription
    from client.models.summary import Summary as Summary
    from client.models.tax import CustomerTax as CustomerTax
    from client.models.tax import TaxRate as TaxRate
    from client.models.ticket import Reply as Reply
    from client.models.ticket import Ticket as Ticket
    from client.models.token import AuthorizationServer as AuthorizationServer
    from client.models.token import DeviceAuthorization as DeviceAuthorization
    from client.models.token import PasswordChange as PasswordChange
    from client.models.token import PasswordProof as PasswordProof
    from client.models.token import TokenRefusal as TokenRefusal
    from client.models.token import Tokens as Tokens
else:

    def __getattr__(name):
        """Import a model's module when the model is first named (PEP 562)."""
        for module, models in _MODULES.items():
            if name in models.split():
                return globals().setdefault(name, getattr(import_module(f"{__name__}.{module}"), name))
        raise AttributeError(f"There is no model {name}.", name=name, obj=None)

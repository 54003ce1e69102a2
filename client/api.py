"""The Customer API as Python: one line for each collection. Models are imported when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from pydantic import BaseModel

from client import errors, models
from client.collection import Answer, Collection, answered, below
from client.customers import Customers
from client.reports import Reports
from client.single import OnlyOne, Single
from client.transport import Transport

T = TypeVar("T", bound=BaseModel)


class PaymentMethods(Collection["models.PaymentMethod"]):
    """How one customer pays, with what only the payment provider can do."""

    async def open_page(self, *, idempotency_key: str = "") -> Answer[models.PaymentPage]:
        """Give the address of a page of the provider on which the customer types a card."""
        path = f"{self._path}/page"
        reply = await self._transport.request("POST", path, idempotency_key=idempotency_key)
        return answered(reply, models.PaymentPage)

    async def collect(self, *, idempotency_key: str = "") -> Answer[models.Page[models.PaymentMethod]]:
        """Have every card written down that was typed at the provider, and give all of them."""
        path = f"{self._path}/collect"
        reply = await self._transport.request("POST", path, idempotency_key=idempotency_key)
        return answered(reply, self._page())


class Invoices(Collection["models.Invoice"]):
    """What one customer is asked to pay, with what only the payment provider can do."""

    async def charge(
        self, invoice_id: str, payment_method_id: str = "", *, idempotency_key: str = ""
    ) -> Answer[models.Invoice]:
        """Have a card charged for an invoice, the default one where none is named, and give it as it is then.

        Pass the same `idempotency_key` again to be sure that the card is charged only once.
        """
        body = {"payment_method_id": payment_method_id} if payment_method_id else {}
        return await self.act(invoice_id, "charge", body, idempotency_key=idempotency_key)


class Listed(Generic[T]):
    """Declares a collection of the API by its path and its model."""

    def __init__(self, path: str, model: Callable[[], type[T]]) -> None:
        self._path = path
        self._model = model

    def __get__(self, api: CustomerApi, owner: Any = None) -> Collection[T]:
        return Collection(api.transport, self._path, self._model())


class CustomerApi:
    """Everything a server offers, through one transport. Whatever goes wrong is a CustomerApiError."""

    labels = Listed("/v1/labels", lambda: models.Label)
    custom_fields = Listed("/v1/custom-fields", lambda: models.CustomField)
    branches = Listed("/v1/branches", lambda: models.Branch)
    partners = Listed("/v1/partners", lambda: models.Partner)
    locations = Listed("/v1/locations", lambda: models.Location)
    tax_rates = Listed("/v1/tax-rates", lambda: models.TaxRate)
    services = Listed("/v1/services", lambda: models.OfferedService)
    plans = Listed("/v1/plans", lambda: models.Plan)
    form_templates = Listed("/v1/form-templates", lambda: models.FormTemplate)
    staff = Listed("/v1/staff", lambda: models.Staff)
    imports = Listed("/v1/imports", lambda: models.Import)

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    @cached_property
    def customers(self) -> Customers:
        """The customers."""
        return Customers(self.transport, "/v1/customers", models.Customer, models.CustomerRow)

    def sign_ins(self, staff_id: str) -> Collection[models.SignIn]:
        """Give where one colleague is signed in."""
        return Collection(self.transport, below("/v1/staff", staff_id, "sign-ins"), models.SignIn)

    @cached_property
    def reports(self) -> Reports:
        """Conditions on customers, kept under a name."""
        return Reports(self.transport, "/v1/reports", models.Report)

    def notes(self, customer_id: str) -> Collection[models.Note]:
        """Give the notes on one customer."""
        return Collection(self.transport, below("/v1/customers", customer_id, "notes"), models.Note)

    def consents(self, customer_id: str) -> Collection[models.Consent]:
        """Give the answers of one customer on what to hear; `customers.answer` gives new ones."""
        return Collection(self.transport, below("/v1/customers", customer_id, "consents"), models.Consent)

    def contacts(self, customer_id: str) -> Collection[models.Contact]:
        """Give the people who may act for one customer."""
        return Collection(self.transport, below("/v1/customers", customer_id, "contacts"), models.Contact)

    def acts_for(self, customer_id: str) -> Collection[models.ActsFor]:
        """Give the customers for whom one customer may act."""
        return Collection(self.transport, below("/v1/customers", customer_id, "acts-for"), models.ActsFor)

    def disliked_services(self, customer_id: str) -> Collection[models.DislikedService]:
        """Give the services that one customer does not want."""
        path = below("/v1/customers", customer_id, "disliked-services")
        return Collection(self.transport, path, models.DislikedService)

    def payment_methods(self, customer_id: str) -> PaymentMethods:
        """Give how one customer pays."""
        path = below("/v1/customers", customer_id, "payment-methods")
        return PaymentMethods(self.transport, path, models.PaymentMethod)

    def invoices(self, customer_id: str) -> Invoices:
        """Give what one customer is asked to pay."""
        return Invoices(self.transport, below("/v1/customers", customer_id, "invoices"), models.Invoice)

    def purchases(self, customer_id: str) -> Collection[models.Purchase]:
        """Give what one customer has paid for."""
        return Collection(self.transport, below("/v1/customers", customer_id, "purchases"), models.Purchase)

    def subscriptions(self, customer_id: str) -> Collection[models.Subscription]:
        """Give what renews by itself for one customer."""
        path = below("/v1/customers", customer_id, "subscriptions")
        return Collection(self.transport, path, models.Subscription)

    def tax(self, customer_id: str) -> OnlyOne[models.CustomerTax]:
        """Give what one customer pays instead of the usual sales tax: a list of one at most."""
        return OnlyOne(self.transport, below("/v1/customers", customer_id), "tax", models.CustomerTax)

    def messages(self, customer_id: str) -> Collection[models.Message]:
        """Give the e-mails to one customer; making one sends it."""
        return Collection(self.transport, below("/v1/customers", customer_id, "messages"), models.Message)

    def portal_account(self, customer_id: str) -> Single[models.PortalAccount]:
        """Give how one customer signs in to the portal."""
        owner = below("/v1/customers", customer_id)
        return Single(self.transport, owner, "portal-account", models.PortalAccount)

    def events(self, customer_id: str, field: str | None = None) -> Collection[models.Event]:
        """Give the history of one customer, or of one `field` of it (a JSON Pointer), newest first."""
        path = below("/v1/customers", customer_id, "events")
        return Collection(self.transport, path, models.Event, filters={"field": field})

    def memberships(self, customer_id: str) -> Collection[models.Membership]:
        """Give the memberships of one customer."""
        path = below("/v1/customers", customer_id, "memberships")
        return Collection(self.transport, path, models.Membership)

    def credits(self, customer_id: str, membership_id: str) -> Collection[models.Credit]:
        """Give what one membership has paid for."""
        path = below("/v1/customers", customer_id, "memberships", membership_id, "credits")
        return Collection(self.transport, path, models.Credit)

    def payments(self, customer_id: str, membership_id: str) -> Collection[models.MembershipPayment]:
        """Give every attempt to take a payment for one membership."""
        path = below("/v1/customers", customer_id, "memberships", membership_id, "payments")
        return Collection(self.transport, path, models.MembershipPayment)

    def gift_cards(self, customer_id: str) -> Collection[models.GiftCard]:
        """Give the gift cards that one customer bought."""
        path = below("/v1/customers", customer_id, "gift-cards")
        return Collection(self.transport, path, models.GiftCard)

    def rewards(self, customer_id: str) -> Collection[models.Reward]:
        """Give the entries of one customer's rewards."""
        return Collection(self.transport, below("/v1/customers", customer_id, "rewards"), models.Reward)

    def forms(self, customer_id: str) -> Collection[models.Form]:
        """Give the forms that one customer was given."""
        return Collection(self.transport, below("/v1/customers", customer_id, "forms"), models.Form)

    def documents(self, customer_id: str) -> Collection[models.Document]:
        """Give the files kept with one customer; `client.documents` sends and fetches their content."""
        return Collection(self.transport, below("/v1/customers", customer_id, "documents"), models.Document)

    def bookings(self, customer_id: str) -> Collection[models.Booking]:
        """Give the bookings of one customer."""
        return Collection(self.transport, below("/v1/customers", customer_id, "bookings"), models.Booking)

    def devices(self, customer_id: str) -> Collection[models.Device]:
        """Give the devices that one customer has or had."""
        return Collection(self.transport, below("/v1/customers", customer_id, "devices"), models.Device)

    def allowances(self, customer_id: str) -> Collection[models.Allowance]:
        """Give the usage allowances of one customer."""
        return Collection(self.transport, below("/v1/customers", customer_id, "allowances"), models.Allowance)

    def tickets(self, customer_id: str) -> Collection[models.Ticket]:
        """Give the support tickets of one customer."""
        return Collection(self.transport, below("/v1/customers", customer_id, "tickets"), models.Ticket)

    def replies(self, customer_id: str, ticket_id: str) -> Collection[models.Reply]:
        """Give the replies on one ticket."""
        path = below("/v1/customers", customer_id, "tickets", ticket_id, "replies")
        return Collection(self.transport, path, models.Reply)

    async def me(self) -> Answer[models.Me]:
        """Say who is signed in, and what that person may do."""
        return answered(await self.transport.request("GET", "/v1/me"), models.Me)

    async def check_password(self, password: str) -> None:
        """Have the server say that this is the password of whoever is signed in; no session begins.

        Raises WrongPassword, TooMany, Conflict where the person has none, and CustomerApiError.
        """
        body = {"password": password}
        try:
            await self.transport.request("POST", "/v1/me/password/check", body=body, repeatable=True)
        except errors.Invalid as refused:
            if all(fault.code != "wrong_password" for fault in refused.errors):
                raise
            raise errors.WrongPassword(
                "The password is wrong.",
                status=refused.status,
                code="wrong_password",
                remedy="Type it again.",
            ) from None

    async def service(self) -> Answer[models.Service]:
        """Say what the server is and offers; works before sign-in too."""
        return answered(await self.transport.request("GET", "/v1/"), models.Service)

    async def service_if_changed(self, etag: str) -> Answer[models.Service] | None:
        """Say the same, or None where it is still what `etag` came with."""
        reply = await self.transport.request("GET", "/v1/", headers={"If-None-Match": etag} if etag else {})
        return None if reply.status == 304 else answered(reply, models.Service)

    async def close(self) -> None:
        """Let the connections go."""
        await self.transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

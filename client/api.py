"""The Customer API as Python: one line for each collection. Models are imported when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from pydantic import BaseModel

from client import models
from client.collection import Answer, Collection, answered, below
from client.reports import Reports
from client.single import OnlyOne, Single
from client.transport import Transport

T = TypeVar("T", bound=BaseModel)


class Customers(Collection["models.Customer", "models.CustomerRow"]):
    """The customers, with what only they can do."""

    async def search(self, search: models.CustomerSearch) -> Answer[models.Page[models.CustomerRow]]:
        """Give one page of the customers that fit; names and phones stay out of URLs and logs."""
        path = f"{self._path}/search"
        reply = await self._transport.request("POST", path, body=search.to_json(), repeatable=True)
        return answered(reply, self._page())

    async def audience(self, search: models.AudienceSearch) -> Answer[models.Audience]:
        """Give one page of the customers whom a channel may be used for, and how many are left out."""
        path = f"{self._path}/audience"
        reply = await self._transport.request("POST", path, body=search.to_json(), repeatable=True)
        return answered(reply, models.Audience)

    async def bulk(
        self, request: models.BulkRequest, *, idempotency_key: str = ""
    ) -> Answer[models.BulkResult]:
        """Do one thing to up to a hundred customers; `client.bulk` does it to any number."""
        body, path = request.to_json(), f"{self._path}/bulk"
        reply = await self._transport.request("POST", path, body=body, idempotency_key=idempotency_key)
        return answered(reply, models.BulkResult)

    async def duplicates(self, query: models.DuplicateQuery) -> Answer[models.Duplicates]:
        """Give the customers that are likely the same as one about to be made."""
        path = f"{self._path}/duplicates"
        reply = await self._transport.request("POST", path, body=query.to_json(), repeatable=True)
        return answered(reply, models.Duplicates)

    async def open(self, customer_id: str, include: Iterable[str] = ()) -> Answer[models.CustomerDocument]:
        """Give a customer with the parts named, such as `notes` and `events`: one screen, one request."""
        reply = await self._transport.request("GET", self.path(customer_id), params=_included(include))
        return answered(reply, models.CustomerDocument)

    async def open_if_changed(
        self, customer_id: str, etag: str, include: Iterable[str] = ()
    ) -> Answer[models.CustomerDocument] | None:
        """Do the same, or give None where everything is still as it was when `etag` came."""
        reply = await self._transport.request(
            "GET", self.path(customer_id), params=_included(include), headers={"If-None-Match": etag}
        )
        return None if reply.status == 304 else answered(reply, models.CustomerDocument)

    async def answer(
        self, customer_id: str, answers: models.ConsentAnswers, *, idempotency_key: str = ""
    ) -> Answer[models.Customer]:
        """Take a customer's answers on what to hear, all in one request, and give the customer."""
        return await self.act(customer_id, "consents", answers.to_json(), idempotency_key=idempotency_key)

    async def send_confirmation(
        self, customer_id: str, *, idempotency_key: str = ""
    ) -> Answer[models.Customer]:
        """Send the e-mail by which a customer confirms the portal account."""
        return await self.act(customer_id, "send-confirmation", idempotency_key=idempotency_key)

    async def archive(self, customer_id: str, *, idempotency_key: str = "") -> Answer[models.Customer]:
        """Put a customer aside: sign-in disabled, nothing lost."""
        return await self.act(customer_id, "archive", idempotency_key=idempotency_key)

    async def unarchive(self, customer_id: str, *, idempotency_key: str = "") -> Answer[models.Customer]:
        """Take a customer back from the archive."""
        return await self.act(customer_id, "unarchive", idempotency_key=idempotency_key)

    async def likely_same(
        self, *, cursor: str = "", limit: int = 20
    ) -> Answer[models.Page[models.LikelySame]]:
        """Give one page of groups of customers who are likely the same person."""
        path = f"{self._path}/duplicates"
        params = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        reply = await self._transport.request("GET", path, params=params)
        return answered(reply, models.Page[models.LikelySame])

    async def keep_apart(self, ids: Iterable[str], *, idempotency_key: str = "") -> None:
        """Remember that customers who look alike are not the same person."""
        path, body = f"{self._path}/distinct", {"ids": list(ids)}
        await self._transport.request("POST", path, body=body, idempotency_key=idempotency_key)

    async def preview_merge(self, customer_id: str, from_id: str) -> Answer[models.MergePreview]:
        """Say what would come of merging another record into a customer's; nothing is changed."""
        path = below(self._path, customer_id, "merge")
        reply = await self._transport.request("GET", path, params={"from_id": from_id})
        return answered(reply, models.MergePreview)

    async def merge(
        self, customer_id: str, merge: models.CustomerMerge, *, version: int, idempotency_key: str = ""
    ) -> Answer[models.Customer]:
        """Merge another record of the same person into a customer's, for good."""
        sent = merge.to_json()
        return await self.act(customer_id, "merge", sent, version=version, idempotency_key=idempotency_key)

    async def personal_data(self, customer_id: str) -> Answer[models.PersonalData]:
        """Give everything that is held of a customer; for admins."""
        path = below(self._path, customer_id, "personal-data")
        return answered(await self._transport.request("GET", path), models.PersonalData)

    async def erase(self, customer_id: str, number: int, *, version: int) -> Answer[models.Customer]:
        """Erase the person behind a customer for good; for admins, who give the number."""
        return await self.act(customer_id, "erase", {"number": number}, version=version)


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


def _included(include: Iterable[str]) -> Mapping[str, str]:
    names = ",".join(include)
    return {"include": names} if names else {}

"""The Customer API as Python: one line for each collection."""

from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Self

from client.collection import Answer, Collection, answered, below
from client.models import (
    Branch,
    Customer,
    CustomerDocument,
    CustomerRow,
    CustomerSearch,
    DuplicateQuery,
    Duplicates,
    Event,
    Label,
    Location,
    Me,
    Note,
    Page,
    Partner,
    Service,
    Staff,
)
from client.transport import Transport


class Customers(Collection[Customer, CustomerRow]):
    """The customers, with what only they can do."""

    async def search(self, search: CustomerSearch) -> Answer[Page[CustomerRow]]:
        """Give one page of the customers that fit; names and phones stay out of URLs and logs."""
        path = f"{self._path}/search"
        reply = await self._transport.request("POST", path, body=search.to_json(), repeatable=True)
        return answered(reply, self._page())

    async def duplicates(self, query: DuplicateQuery) -> Answer[Duplicates]:
        """Give the customers that are likely the same as one about to be made."""
        path = f"{self._path}/duplicates"
        reply = await self._transport.request("POST", path, body=query.to_json(), repeatable=True)
        return answered(reply, Duplicates)

    async def open(self, customer_id: str, include: Iterable[str] = ()) -> Answer[CustomerDocument]:
        """Give a customer with the parts named, such as `notes` and `events`: one screen, one request."""
        reply = await self._transport.request("GET", self.path(customer_id), params=_included(include))
        return answered(reply, CustomerDocument)

    async def open_if_changed(
        self, customer_id: str, etag: str, include: Iterable[str] = ()
    ) -> Answer[CustomerDocument] | None:
        """Do the same, or give None where everything is still as it was when `etag` came."""
        reply = await self._transport.request(
            "GET", self.path(customer_id), params=_included(include), headers={"If-None-Match": etag}
        )
        return None if reply.status == 304 else answered(reply, CustomerDocument)

    async def archive(self, customer_id: str, *, idempotency_key: str = "") -> Answer[Customer]:
        """Put a customer aside: sign-in disabled, nothing lost."""
        return await self.act(customer_id, "archive", idempotency_key=idempotency_key)

    async def unarchive(self, customer_id: str, *, idempotency_key: str = "") -> Answer[Customer]:
        """Take a customer back from the archive."""
        return await self.act(customer_id, "unarchive", idempotency_key=idempotency_key)


class CustomerApi:
    """Everything a server offers, through one transport. Whatever goes wrong is a CustomerApiError."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.customers = Customers(transport, "/v1/customers", Customer, CustomerRow)
        self.labels = Collection(transport, "/v1/labels", Label)
        self.branches = Collection(transport, "/v1/branches", Branch)
        self.partners = Collection(transport, "/v1/partners", Partner)
        self.locations = Collection(transport, "/v1/locations", Location)
        self.staff = Collection(transport, "/v1/staff", Staff)

    def notes(self, customer_id: str) -> Collection[Note]:
        """Give the notes on one customer."""
        return Collection(self.transport, below("/v1/customers", customer_id, "notes"), Note)

    def events(self, customer_id: str, field: str | None = None) -> Collection[Event]:
        """Give the history of one customer, or of one `field` of it (a JSON Pointer), newest first."""
        path = below("/v1/customers", customer_id, "events")
        return Collection(self.transport, path, Event, filters={"field": field})

    async def me(self) -> Answer[Me]:
        """Say who is signed in, and what that person may do."""
        return answered(await self.transport.request("GET", "/v1/me"), Me)

    async def service(self) -> Answer[Service]:
        """Say what the server is and offers; works before sign-in too."""
        return answered(await self.transport.request("GET", "/v1/"), Service)

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

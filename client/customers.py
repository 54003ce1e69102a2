"""The customers as Python: every collection's way of doing things, and what only they can do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from client import models
from client.collection import Answer, Collection, answered, below


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


def _included(include: Iterable[str]) -> Mapping[str, str]:
    names = ",".join(include)
    return {"include": names} if names else {}

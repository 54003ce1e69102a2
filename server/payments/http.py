"""A payment provider behind HTTPS: JSON, a secret, an idempotency key. docs/payments.md describes it."""

import asyncio
import json
import ssl
from collections.abc import Mapping, Sequence
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from client.models.cards import holds_card_number
from client.models.kinds import Line
from client.models.money import Money
from server.payments.provider import Charged, Described, ProviderRefused, ProviderSilent

M = TypeVar("M", bound=BaseModel)

_SECONDS: Final = 20.0
_LARGEST: Final = 256 * 1024


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class _Card(_Strict):
    """A card as the provider tells it; nothing of a card's number but its end comes in."""

    reference: Annotated[str, Field(min_length=1, max_length=255)]
    brand: Annotated[str, Field(max_length=40)] = ""
    last4: Annotated[str, Field(pattern="^[0-9]{4}$")]
    exp_month: Annotated[int, Field(ge=0, le=12)] = 0
    exp_year: Annotated[int, Field(ge=0, le=9999)] = 0

    @field_validator("reference", "brand")
    @classmethod
    def _no_number(cls, value: str) -> str:
        if holds_card_number(value):
            raise ValueError("a card number")
        return Line(max_length=255).check(value)

    def described(self) -> Described:
        return Described(self.reference, self.brand, self.last4, self.exp_month, self.exp_year)


class _Cards(_Strict):
    items: Annotated[list[_Card], Field(max_length=100)]


class _Charge(_Strict):
    id: Annotated[str, Field(max_length=255)]
    status: Annotated[str, Field(pattern="^(succeeded|failed)$")]
    reason: Annotated[str, Field(max_length=500)] = ""


class _Page(_Strict):
    # What is typed there must not be read on the way; only on this very machine is there none.
    url: Annotated[
        str,
        Field(
            max_length=2000,
            pattern=r"^(https://[!-~]+|http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?(/[!-~]*)?)$",
        ),
    ]


class _No(BaseModel):
    detail: Annotated[str, Field(max_length=500)] = "The payment provider refused this."


class HttpProvider:
    """The provider at a base URL. Each call is one request, made in a thread beside the loop."""

    def __init__(self, base_url: str, secret: str, *, seconds: float = _SECONDS) -> None:
        self._url = urlsplit(base_url)
        self._secret = secret
        self._seconds = seconds

    async def describe(self, customer_id: str, token: str, key: str) -> Described:
        """Keep the card behind a token."""
        body = {"customer": customer_id, "token": token}
        return (await self._asked("POST", "/payment-methods", _Card, body, key)).described()

    async def charge(self, reference: str, money: Money, key: str) -> Charged:
        """Take money."""
        body = {"payment_method": reference, "amount": money.to_json()}
        found = await self._asked("POST", "/charges", _Charge, body, key)
        return Charged(found.status == "succeeded", found.id, _line(found.reason))

    async def hosted_page(self, customer_id: str, key: str) -> str:
        """Give the address of a page where a card is typed."""
        return (await self._asked("POST", "/pages", _Page, {"customer": customer_id}, key)).url

    async def kept(self, customer_id: str) -> Sequence[Described]:
        """Give the cards of a customer."""
        path = f"/customers/{quote(customer_id, safe='')}/payment-methods"
        return [card.described() for card in (await self._asked("GET", path, _Cards)).items]

    async def forget(self, reference: str) -> None:
        """Forget a card."""
        await asyncio.to_thread(
            self._exchange, "DELETE", f"/payment-methods/{quote(reference, safe='')}", None, ""
        )

    async def _asked(
        self, method: str, path: str, model: type[M], body: Mapping[str, Any] | None = None, key: str = ""
    ) -> M:
        status, answer = await asyncio.to_thread(self._exchange, method, path, body, key)
        try:
            if status in (400, 402, 404, 409, 422):
                raise ProviderRefused(_line(_No.model_validate_json(answer or b"{}").detail))
            if status not in (200, 201):
                raise ProviderSilent(f"status {status}")
            return model.model_validate_json(answer)
        except ValidationError:
            # What did not fit may hold anything; it goes into no message.
            raise ProviderSilent("an answer of unknown shape") from None

    def _exchange(
        self, method: str, path: str, body: Mapping[str, Any] | None, key: str
    ) -> tuple[int, bytes]:
        """Send one request and give the status and the body. Redirects are not followed: a secret travels."""
        headers = {"Authorization": f"Bearer {self._secret}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key:
            headers["Idempotency-Key"] = key
        connection = self._connection()
        try:
            sent = None if body is None else json.dumps(body).encode()
            connection.request(method, self._url.path.rstrip("/") + path, sent, headers)
            response = connection.getresponse()
            answer = response.read(_LARGEST + 1)
        except (OSError, HTTPException) as error:
            raise ProviderSilent(type(error).__name__) from None
        finally:
            connection.close()
        if len(answer) > _LARGEST:
            raise ProviderSilent("an answer without end")
        return response.status, answer

    def _connection(self) -> HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "https":
            return HTTPSConnection(host, port, timeout=self._seconds, context=self._tls)
        return HTTPConnection(host, port, timeout=self._seconds)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


def _line(text: str) -> str:
    """Give what the provider wrote as one line without anything that could do harm or be a card number."""
    if holds_card_number(text):
        return ""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()

"""A desk whose payment provider is the demo's own, over real HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from server.payments.demo import DemoProvider, demo_provider
from server.store.database import Database
from tests.desk import MERGE_PATCH, SETTINGS, Desk, make_customer, open_desk

ANY = MERGE_PATCH | {"If-Match": "*"}


@contextmanager
def paying_desk(database: Database, **settings: Any) -> Iterator[tuple[Desk, DemoProvider]]:
    """Open a desk on an empty database, and its provider."""
    with demo_provider() as provider:
        given = {"payments_url": provider.url, "payments_secret": provider.secret, "currency": "EUR"}
        yield open_desk(database, SETTINGS.model_copy(update=given | settings)), provider


async def new_place(client: httpx.AsyncClient, **members: Any) -> str:
    """Make a customer and give the path of what belongs to it."""
    return f"/v1/customers/{(await make_customer(client, **members)).id}"


async def add_card(client: httpx.AsyncClient, place: str, card: str = "visa") -> dict[str, Any]:
    """Add a card of a kind that the demo's provider knows."""
    answer = await client.post(f"{place}/payment-methods", json={"token": f"tok_{card}"})
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Give status and code of a refusal."""
    return answer.status_code, answer.json()["code"]

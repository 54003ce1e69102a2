"""A spa that sells memberships: a plan, a branch, and a customer with a card."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from server.store.database import Database
from tests.desk import Desk, make_customer
from tests.server.paying import add_card, paying_desk

EURO = {"amount": "89.00", "currency": "EUR"}
FEE = {"amount": "40.00", "currency": "EUR"}
JANUARY = {"started_on": "2026-01-31", "next_payment_on": "2026-01-31"}


@asynccontextmanager
async def open_spa(database: Database) -> AsyncIterator["Spa"]:
    """Give the people of a spa with a payment provider; what it sells is still to be made."""
    with paying_desk(database) as (desk, _):
        async with desk.client("staff") as staff, desk.client("admin") as admin:
            yield Spa(desk, staff, admin)


class Spa:
    """A plan, a branch and a customer with a card."""

    def __init__(self, desk: Desk, staff: httpx.AsyncClient, admin: httpx.AsyncClient) -> None:
        self.desk = desk
        self.staff = staff
        self.admin = admin
        self.plan: dict[str, Any] = {}
        self.branch_id = ""
        self.customer_id = ""

    async def opened(self, card: str = "visa", **plan: Any) -> "Spa":
        members = {"name": "Spa 4", "price": EURO, "credit": "Massage", "credits": 4, "credit_days": 90}
        answer = await self.admin.post("/v1/plans", json=members | plan)
        assert answer.status_code == 201, answer.text
        self.plan = answer.json()
        self.branch_id = (await self.admin.post("/v1/branches", json={"name": "Quay"})).json()["id"]
        self.customer_id = (await make_customer(self.staff)).id
        if card:
            await add_card(self.staff, self.place, card)
        return self

    @property
    def place(self) -> str:
        return f"/v1/customers/{self.customer_id}"

    async def join(self, **members: Any) -> httpx.Response:
        sent = {"plan_id": self.plan["id"], "branch_id": self.branch_id} | members
        return await self.staff.post(f"{self.place}/memberships", json=sent)

    async def joined(self, **members: Any) -> dict[str, Any]:
        answer = await self.join(**members)
        assert answer.status_code == 201, answer.text
        return answer.json()  # type: ignore[no-any-return]

    async def items(self, path: str) -> list[dict[str, Any]]:
        return (await self.staff.get(f"{self.place}/{path}")).json()["items"]  # type: ignore[no-any-return]

"""Killed in the middle of writing, the server has kept all that it said it had."""

import asyncio
import signal
from collections import Counter
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from server.store.database import Database
from server.store.tables import customers, events
from tests.postgresql import cluster
from tests.server.serving import PASSWORD, add_admin, served


class Kept:
    """What the server has acknowledged: the newest version of each customer."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}

    async def write(self, client: httpx.AsyncClient) -> None:
        """Add customers and change each a few times, until the server is gone."""
        while True:
            added = await client.post(
                "/v1/customers", json={"given_name": "Anna"}, headers={"Idempotency-Key": str(uuid4())}
            )
            assert added.status_code == 201, added.text
            customer, version = added.json()["id"], 1
            self.versions[customer] = version
            for number in range(3):
                changed = await client.patch(
                    f"/v1/customers/{customer}",
                    content=f'{{"given_name":"Anna {number}"}}',
                    headers={
                        "If-Match": f'"{version}"',
                        "Content-Type": "application/merge-patch+json",
                        "Prefer": "return=minimal",
                    },
                )
                assert changed.status_code == 204, changed.text
                version += 1
                self.versions[customer] = version


async def write_until_killed(database: str, folder: Path, seconds: float) -> Kept:
    kept = Kept()
    with served(database, folder, "--no-access-log", KEEPTABS_SERVER_REQUESTS_PER_MINUTE="0") as running:
        async with httpx.AsyncClient(base_url=running.url, timeout=10) as client:
            form = {"grant_type": "password", "username": "anna", "password": PASSWORD}
            token = (await client.post("/v1/oauth/token", data=form)).json()["access_token"]
            client.headers["Authorization"] = f"Bearer {token}"
            writers = [asyncio.create_task(kept.write(client)) for _ in range(6)]
            await asyncio.sleep(seconds)
            running.stop(signal.SIGKILL)
            outcomes = await asyncio.gather(*writers, return_exceptions=True)
    assert all(isinstance(outcome, httpx.TransportError) for outcome in outcomes), outcomes
    return kept


def check(url: str, kept: Kept) -> None:
    database = Database(url)
    rows = database.read_now(lambda c: c.execute(select(customers.c.id, customers.c.version)).all())
    history = database.read_now(lambda c: c.execute(select(events.c.customer_id)).scalars().all())
    database.close()
    stored = {row.id: row.version for row in rows}
    lost = {customer for customer, version in kept.versions.items() if stored.get(customer, 0) < version}
    assert not lost, f"{len(lost)} of {len(kept.versions)} acknowledged saves are lost"
    written = Counter(customer for customer in history if customer in stored)
    assert written == Counter(stored), "each version of each customer is in the history, once"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_killed_server_has_kept_every_acknowledged_save(kind: str, tmp_path: Path) -> None:
    if kind == "sqlite":
        database = str(tmp_path / "desk.db")
        add_admin(database)
        kept = await write_until_killed(database, tmp_path, 1.0)
        check(database, kept)
    else:
        with cluster(durable=True) as url:
            add_admin(url)
            kept = await write_until_killed(url, tmp_path, 1.0)
            check(url, kept)
    assert sum(kept.versions.values()) > 5, "the server was busy"

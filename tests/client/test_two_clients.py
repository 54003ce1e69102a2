"""Two clients, random edits, random faults of the link: the history is complete and explains the end."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client.api import CustomerApi
from client.auth.sign_in import open_api
from client.errors import Stale
from client.merge import Clash
from client.models import Customer, Event
from client.saving import save_merged
from client.session import SessionStore
from client.transport import LinkSettings
from tests.client.conftest import Desk
from tests.client.cutting_proxy import CuttingProxy, Way, cutting_proxy

FIELDS = ("status_reason", "referral_method", "company_name", "emails")


@dataclass(frozen=True)
class Edit:
    """One edit by one client, and where the link is cut in it."""

    field: str
    way: Way
    after: int
    pause: float


edits = st.lists(
    st.builds(
        Edit,
        st.sampled_from(FIELDS),
        st.sampled_from(["up", "down"]),
        st.integers(0, 900),
        st.sampled_from([0.0, 0.002, 0.01]),
    ),
    min_size=1,
    max_size=6,
)


async def keep_mine(clashes: Sequence[Clash]) -> Mapping[str, Any]:
    return {clash.pointer: clash.mine for clash in clashes}


def edited(record: Customer, field: str, value: str) -> dict[str, Any]:
    found = record.to_json()
    if field == "emails":
        return found | {"emails": [*found.get("emails", []), {"address": f"{value}@example.org"}]}
    return found | {field: value}


async def work(
    name: str, api: CustomerApi, proxy: CuttingProxy, record: Customer, plan: list[Edit]
) -> list[str]:
    """Make the edits one after another, each from the record as this client last saw it."""
    made = []
    for number, edit in enumerate(plan):
        await asyncio.sleep(edit.pause)
        value = f"{name}{number}"
        proxy.arm(edit.way, edit.after)
        mine = edited(record, edit.field, value)
        saved = None
        while saved is None:
            # Where the other was faster too often, a person presses the key again.
            with suppress(Stale):
                saved = await save_merged(api.customers, record.id, record.to_json(), mine, keep_mine)
        record = saved.record
        made.append(f"{value}@example.org" if edit.field == "emails" else value)
    return made


async def play(desk: Desk, plans: tuple[list[Edit], list[Edit]]) -> tuple[list[str], Customer, list[Event]]:
    async with AsyncExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        near = await stack.enter_async_context(await desk.api(SessionStore(root / "near")))
        record = (await near.customers.create({"display_name": "Two Hands"})).value
        working = []
        for name, plan in zip("ab", plans, strict=True):
            proxy = await stack.enter_async_context(cutting_proxy(desk.port))
            store = SessionStore(root / name)
            link = LinkSettings(server=proxy.url, read_seconds=5)
            api = open_api(store, await desk.signed_in(store), link)
            await stack.enter_async_context(api)
            working.append(work(name, api, proxy, record, plan))
        made = [value for values in await asyncio.gather(*working) for value in values]
        # A rule may give a new customer a form, which is told with the version that the customer has then.
        found = near.events(record.id).each()
        events = [event async for event in found if event.kind.startswith("customers.")]
        return made, (await near.customers.get(record.id)).value, events


@pytest.mark.feature("F11.3")
@pytest.mark.timeout(240)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans=st.tuples(edits, edits))
def test_every_edit_of_two_clients_on_bad_links_is_in_the_history_once(
    desk: Desk, plans: tuple[list[Edit], list[Edit]]
) -> None:
    made, record, events = asyncio.run(play(desk, plans))
    events.reverse()
    assert [event.version for event in events] == list(range(1, record.version + 1))
    changed = [event for event in events if event.kind == "customers.changed"]
    assert len(changed) == len(made)
    state: dict[str, Any] = {}
    told: list[str] = []
    for event in events:
        for change in event.changes:
            state[change.field] = change.new
            told += texts(change.new)
    for value in made:
        assert told.count(value) == 1, value
    for field in FIELDS[:-1]:
        assert state.get(f"/{field}") == (getattr(record, field) or None)
    assert sorted(email.address for email in record.emails) == sorted(v for v in made if "@" in v)


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for member in value.values() for text in texts(member)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return [value] if isinstance(value, str) else []

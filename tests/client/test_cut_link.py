"""The link is reset at every byte of a save and of its answer: each edit is made, and made once."""

import asyncio

import pytest

from client.api import CustomerApi
from client.auth.sign_in import open_api
from client.models import Customer
from client.session import SessionStore
from client.transport import LinkSettings
from tests.client.conftest import Desk
from tests.client.cutting_proxy import CuttingProxy, Way, cutting_proxy


async def through(proxy: CuttingProxy, desk: Desk, store: SessionStore) -> CustomerApi:
    session = await desk.signed_in(store)
    return open_api(store, session, LinkSettings(server=proxy.url, read_seconds=5))


async def offsets(proxy: CuttingProxy, step: int = 1) -> list[tuple[Way, int]]:
    """Name every place where the exchange since the counters were cleared could have been cut."""
    await asyncio.sleep(0)
    ups: list[tuple[Way, int]] = [("up", after) for after in range(0, proxy.bytes_up + 1, step)]
    downs: list[tuple[Way, int]] = [("down", after) for after in range(0, proxy.bytes_down, step)]
    return ups + downs


@pytest.mark.timeout(240)
async def test_a_save_cut_at_any_byte_is_made_once(desk: Desk, store: SessionStore, api: CustomerApi) -> None:
    customer = (await api.customers.create({"display_name": "Cut Off"})).value
    async with (
        cutting_proxy(desk.port) as proxy,
        await through(proxy, desk, store) as far,
    ):

        async def save(record: Customer, reason: str) -> Customer:
            base, patch = record.to_json(), {"status_reason": reason}
            return (await far.customers.update(record.id, patch, version=record.version, base=base)).value

        customer = await save(customer, "cut now?")
        proxy.bytes_up = proxy.bytes_down = 0
        customer = await save(customer, "cut then")
        places = await offsets(proxy)
        for number, (way, after) in enumerate(places):
            reason = f"cut {number:04}"
            proxy.arm(way, after)
            saved = await save(customer, reason)
            assert proxy.way is None, (way, after)
            assert (saved.version, saved.status_reason) == (customer.version + 1, reason), (way, after)
            customer = saved
        assert (await api.customers.get(customer.id)).value == customer
        assert customer.status_reason == f"cut {len(places) - 1:04}"
        told = [change.new async for event in api.events(customer.id).each() for change in event.changes]
    reasons = [value for value in told if str(value).startswith("cut 0")]
    assert reasons == [f"cut {number:04}" for number in reversed(range(len(places)))]


@pytest.mark.timeout(240)
async def test_a_note_cut_at_any_byte_is_written_once(
    desk: Desk, store: SessionStore, api: CustomerApi
) -> None:
    customer = (await api.customers.create({"display_name": "Cut Note"})).value
    async with (
        cutting_proxy(desk.port) as proxy,
        await through(proxy, desk, store) as far,
    ):
        notes = far.notes(customer.id)
        await notes.create({"body": "note 0000"})
        proxy.bytes_up = proxy.bytes_down = 0
        await notes.create({"body": "note 0001"})
        places = await offsets(proxy, step=3)
        for number, (way, after) in enumerate(places, 2):
            proxy.arm(way, after)
            assert (await notes.create({"body": f"note {number:04}"})).value.body == f"note {number:04}"
    written = [note.body async for note in api.notes(customer.id).each()]
    assert sorted(written) == [f"note {number:04}" for number in range(len(places) + 2)]

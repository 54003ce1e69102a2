"""Edits that wait for the link: none is lost and none counts twice, wherever link or process end."""

import asyncio
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from client import errors
from client.api import CustomerApi
from client.auth.sign_in import open_api
from client.models import Customer
from client.outbox import KEY_SECONDS, Edit, Outbox, send, send_waiting
from client.session import SessionStore
from client.transport import LinkSettings, Transport, new_idempotency_key
from tests.client.conftest import Desk
from tests.client.cutting_proxy import CuttingProxy, cutting_proxy
from tests.client.test_cut_link import offsets

pytestmark = pytest.mark.feature("F11.2")


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path, "https://desk.example", "anna")


def note(customer: Customer | str, body: str) -> Edit:
    customer_id = customer if isinstance(customer, str) else customer.id
    return Edit(
        title=body,
        customer_id=customer_id,
        address=f"/v1/customers/{customer_id}/notes",
        model="Note",
        mine={"body": body},
        idempotency_key=new_idempotency_key(),
    )


def change(customer: Customer, **members: Any) -> Edit:
    base = customer.to_json()
    return Edit(
        title="change",
        customer_id=customer.id,
        address="/v1/customers",
        record_id=customer.id,
        model="Customer",
        base=base,
        mine=base | members,
        idempotency_key=new_idempotency_key(),
    )


async def notes_of(api: CustomerApi, customer: Customer) -> list[str]:
    return sorted([note.body async for note in api.notes(customer.id).each()])


class Ended(BaseException):
    """Stands for the end of the process."""


async def ends(seconds: float) -> None:
    raise Ended


def test_edits_are_there_again_in_order_and_private(outbox: Outbox, tmp_path: Path) -> None:
    for number in range(12):
        outbox.put(note("c", f"note {number}"))
    again = Outbox(tmp_path, "https://desk.example", "anna").list()
    assert [edit.mine["body"] for edit in again] == [f"note {number}" for number in range(12)]
    files = list(tmp_path.rglob("*.edit"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert Outbox(tmp_path, "https://desk.example", "bob").list() == []


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"title": 3}', b"\xff"])
def test_a_damaged_file_is_set_aside_and_stops_nobody(outbox: Outbox, tmp_path: Path, content: bytes) -> None:
    outbox.put(note("c", "first"))
    outbox.put(note("c", "second"))
    sorted(tmp_path.rglob("*.edit"))[0].write_bytes(content)
    assert [edit.mine["body"] for edit in outbox.list()] == ["second"]
    assert len(list(tmp_path.rglob("*.damaged-*"))) == 1
    outbox.put(note("c", "third"))
    assert [edit.mine["body"] for edit in outbox.list()] == ["second", "third"]


async def test_what_waits_is_sent_in_order_once(api: CustomerApi, outbox: Outbox) -> None:
    customer = (await api.customers.create({"display_name": "Wait Ing"})).value
    outbox.put(change(customer, status_reason="one"))
    outbox.put(note(customer, "a"))
    first = outbox.list()[0]
    outbox.put(replace(change(customer), base=first.mine, mine=first.mine | {"given_name": "two"}))
    came = await send_waiting(api.transport, outbox)
    assert (len(came.sent), came.stopped, outbox.list()) == (3, None, [])
    now = (await api.customers.get(customer.id)).value
    assert (now.status_reason, now.given_name, now.version) == ("one", "two", customer.version + 2)
    assert await notes_of(api, customer) == ["a"]
    assert (await send_waiting(api.transport, outbox)).sent == ()


async def test_what_does_not_clash_is_merged_and_a_clash_waits_for_a_person(
    api: CustomerApi, outbox: Outbox
) -> None:
    customer = (await api.customers.create({"display_name": "Clash", "given_name": "A"})).value
    outbox.put(change(customer, status_reason="mine"))
    await api.customers.update(customer.id, {"given_name": "Theirs"}, version=customer.version)
    await send_waiting(api.transport, outbox)
    merged = (await api.customers.get(customer.id)).value
    assert (merged.given_name, merged.status_reason) == ("Theirs", "mine")

    outbox.put(change(merged, status_reason="mine again"))
    outbox.put(change(merged, given_name="behind it"))
    outbox.put(note(merged, "not behind it"))
    await api.customers.update(merged.id, {"status_reason": "theirs"}, version=merged.version)
    await send_waiting(api.transport, outbox)
    assert [edit.state for edit in outbox.list()] == ["clash", "waiting"]
    assert await notes_of(api, customer) == ["not behind it"]
    assert (await api.customers.get(customer.id)).value.status_reason == "theirs"

    async def mine(clashes: Sequence[Any]) -> dict[str, Any]:
        return {clash.pointer: clash.mine for clash in clashes}

    assert await send(api.transport, outbox, outbox.list()[0], mine)
    await send_waiting(api.transport, outbox)
    now = (await api.customers.get(customer.id)).value
    assert (now.status_reason, now.given_name, outbox.list()) == ("mine again", "behind it", [])


async def test_a_refusal_is_kept_with_its_reason_and_others_go_on(api: CustomerApi, outbox: Outbox) -> None:
    customer = (await api.customers.create({"display_name": "Refuse"})).value
    outbox.put(replace(note(customer, ""), mine={"body": ""}))
    outbox.put(note("0198-none", "nobody's"))
    outbox.put(note(customer, "fine"))
    await send_waiting(api.transport, outbox)
    left = outbox.list()
    assert [edit.state for edit in left] == ["refused", "refused"]
    assert all(edit.said for edit in left)
    assert await notes_of(api, customer) == ["fine"]


async def test_without_a_link_everything_waits_on(outbox: Outbox, api: CustomerApi) -> None:
    customer = (await api.customers.create({"display_name": "Far"})).value
    outbox.put(note(customer, "waits"))
    async with Transport(LinkSettings(server="http://127.0.0.1:9", connect_seconds=1)) as nowhere:
        came = await send_waiting(nowhere, outbox)
    assert isinstance(came.stopped, errors.Unreachable)
    assert [edit.state for edit in outbox.list()] == ["waiting"]


async def test_one_process_sends_at_a_time(api: CustomerApi, outbox: Outbox, tmp_path: Path) -> None:
    customer = (await api.customers.create({"display_name": "Lock"})).value
    for number in range(5):
        outbox.put(note(customer, f"note {number}"))
    others = [Outbox(tmp_path, "https://desk.example", "anna") for _ in range(4)]
    rounds = await asyncio.gather(*(send_waiting(api.transport, one) for one in others))
    assert sorted(len(came.sent) for came in rounds) == [0, 0, 0, 5]
    assert outbox.list() == []
    assert await notes_of(api, customer) == [f"note {number}" for number in range(5)]


async def test_what_may_have_been_made_long_ago_is_not_sent_blindly(api: CustomerApi, outbox: Outbox) -> None:
    customer = (await api.customers.create({"display_name": "Doubt"})).value
    placed = outbox.put(replace(note(customer, "perhaps"), maybe_done=True))
    outbox.replace(replace(placed, kept_at=time.time() - KEY_SECONDS - 60))
    await send_waiting(api.transport, outbox)
    assert [edit.state for edit in outbox.list()] == ["refused"]
    assert await notes_of(api, customer) == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["note", "change"])
async def test_a_link_cut_at_any_byte_and_the_process_with_it_loses_and_doubles_nothing(
    desk: Desk, store: SessionStore, api: CustomerApi, outbox: Outbox, kind: str
) -> None:
    customer = (await api.customers.create({"display_name": "Cut Box"})).value

    def edit(number: int, now: Customer) -> Edit:
        text = f"cut {number:04}"
        return note(now, text) if kind == "note" else change(now, status_reason=text)

    async with cutting_proxy(desk.port) as proxy:
        far = await _through(proxy, desk, store)
        for number in (0, 1):
            proxy.bytes_up = proxy.bytes_down = 0
            outbox.put(edit(number, (await api.customers.get(customer.id)).value))
            await send_waiting(far.transport, outbox)
        places = await offsets(proxy, step=5)
        await far.close()
        for number, (way, after) in enumerate(places, 2):
            outbox.put(edit(number, (await api.customers.get(customer.id)).value))
            far = await _through(proxy, desk, store, dies=True)
            proxy.arm(way, after)
            with suppress(Ended):
                await send_waiting(far.transport, outbox)
            proxy.way = None
            await far.close()
            # The next start, with the link as it should be.
            came = await send_waiting(api.transport, outbox)
            assert came.stopped is None, (way, after)
            assert outbox.list() == [], (way, after)
    wanted = [f"cut {number:04}" for number in range(len(places) + 2)]
    if kind == "note":
        assert await notes_of(api, customer) == wanted
    else:
        told = [change.new async for event in api.events(customer.id).each() for change in event.changes]
        assert sorted(value for value in told if str(value).startswith("cut ")) == wanted


async def _through(
    proxy: CuttingProxy, desk: Desk, store: SessionStore, *, dies: bool = False
) -> CustomerApi:
    session = await desk.signed_in(store)
    settings = LinkSettings(server=proxy.url, read_seconds=5)
    return open_api(store, session, settings, Transport(settings, pause=ends) if dies else None)


_SENDER = """
import asyncio, sys
from pathlib import Path
from client.outbox import Outbox, send_waiting
from client.session import SessionStore
from client.auth.sign_in import open_api
from client.transport import LinkSettings
root, state, name, url = sys.argv[1:]
async def main():
    store = SessionStore(Path(state))
    async with open_api(store, store.load(name), LinkSettings(server=url)) as api:
        print("ready", flush=True)
        await send_waiting(api.transport, Outbox(Path(root), "https://desk.example", "anna"))
asyncio.run(main())
"""


@pytest.mark.timeout(240)
async def test_kill_9_at_any_instant_of_sending_loses_and_doubles_nothing(
    desk: Desk, store: SessionStore, api: CustomerApi, outbox: Outbox, tmp_path: Path
) -> None:
    customer = (await api.customers.create({"display_name": "Kill Nine"})).value
    session = await desk.signed_in(store)
    chance = random.Random(11)  # noqa: S311 - spreads the ends, guards nothing
    wanted: list[str] = []
    for turn in range(12):
        for number in range(6):
            wanted.append(f"note {turn:02} {number}")
            outbox.put(note(customer, wanted[-1]))
        sender = subprocess.Popen(  # noqa: ASYNC220 - it starts at once
            [sys.executable, "-c", _SENDER, str(tmp_path), str(tmp_path / "state"), session.name, desk.url],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert sender.stdout is not None
        assert await asyncio.to_thread(sender.stdout.readline) == "ready\n"
        await asyncio.sleep(chance.uniform(0.0, 0.12))
        sender.send_signal(signal.SIGKILL)
        await asyncio.to_thread(sender.wait)
        sender.stdout.close()
    left = len(outbox.list())
    assert 0 < left < len(wanted), "killed too early or too late to say anything"
    await send_waiting(api.transport, outbox)
    assert outbox.list() == []
    assert await notes_of(api, customer) == sorted(wanted)


_KEEPER = """
import os, sys
from pathlib import Path
from client.outbox import Edit, Outbox
outbox = Outbox(Path(sys.argv[1]), "https://desk.example", "anna")
for number in range(10_000):
    key = str(number)
    outbox.put(Edit(title=key, address="/v1/labels", model="Label", mine={}, idempotency_key=key))
    os.write(1, f"{number}\\n".encode())
"""


def test_kill_9_while_keeping_loses_nothing_that_was_said_to_be_kept(outbox: Outbox, tmp_path: Path) -> None:
    keeper = subprocess.Popen([sys.executable, "-c", _KEEPER, str(tmp_path)], stdout=subprocess.PIPE)
    assert keeper.stdout is not None
    time.sleep(0.1)
    told = [keeper.stdout.readline() for _ in range(40)][-1]
    os.kill(keeper.pid, signal.SIGKILL)
    rest = keeper.stdout.read().split()
    keeper.wait()
    keeper.stdout.close()
    last = int(rest[-1]) if rest else int(told)
    titles = [edit.title for edit in outbox.list()]
    assert titles[: last + 1] == [str(number) for number in range(last + 1)]

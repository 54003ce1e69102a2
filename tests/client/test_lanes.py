"""On a slow link connections are few, and questions that nobody asks any more are not sent."""

import asyncio
import time
from typing import Any

import pytest

from client.api import CustomerApi
from client.models import CustomerSearch
from client.transport import LinkSettings, Transport
from tests.client.raw_server import Behaviour, RawServer, Talk, raw_server, says


def page(talk: Talk) -> Behaviour:
    return says({"items": [{"id": talk.body.decode()}]})


def after(seconds: float) -> Behaviour:
    async def behave(talk: Talk) -> None:
        await asyncio.sleep(seconds)
        await page(talk)(talk)

    return behave


def api_of(server: RawServer) -> CustomerApi:
    return CustomerApi(Transport(LinkSettings(server=server.url)))


def connections(server: RawServer) -> int:
    return len({talk.writer.get_extra_info("peername") for talk in server.talks})


@pytest.mark.feature("F1.2")
async def test_typing_on_a_slow_link_sends_few_questions_over_one_connection() -> None:
    async with raw_server(after(0.15)) as server, api_of(server) as api:
        await api.customers.search(CustomerSearch(q=""))
        asking: asyncio.Task[Any] | None = None
        for typed in ("s", "sm", "smi", "smit", "smith", "smith,", "smith, j"):
            if asking is not None:
                asking.cancel()
            asking = asyncio.ensure_future(api.customers.search(CustomerSearch(q=typed)))
            await asyncio.sleep(0.04)
        begun = time.monotonic()
        assert asking is not None
        answer = await asking
        assert time.monotonic() - begun < 0.3
    assert "smith, j" in answer.value.items[0].id
    assert connections(server) == 1
    assert len(server.talks) <= 4


async def test_a_request_that_takes_long_holds_up_another_only_a_little() -> None:
    async with raw_server(after(0.0), after(1.0), after(0.0)) as server, api_of(server) as api:
        await api.customers.search(CustomerSearch(q="first"))
        slow = asyncio.ensure_future(api.customers.search(CustomerSearch(q="slow")))
        await asyncio.sleep(0.02)
        begun = time.monotonic()
        await api.customers.search(CustomerSearch(q="quick"))
        assert time.monotonic() - begun < 0.5
        assert not slow.done()
        await slow
    assert connections(server) == 2


async def test_many_requests_at_once_all_get_their_own_answers() -> None:
    async with raw_server(after(0.01)) as server, api_of(server) as api:
        asked = [f"q{number}" for number in range(40)]
        answers = await asyncio.gather(*(api.customers.search(CustomerSearch(q=q)) for q in asked))
        again = await asyncio.gather(*(api.customers.search(CustomerSearch(q=q)) for q in asked))
    for q, answer, other in zip(asked, answers, again, strict=True):
        assert f'"{q}"' in answer.value.items[0].id
        assert f'"{q}"' in other.value.items[0].id
    assert connections(server) <= 3

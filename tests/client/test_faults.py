"""Servers that are broken, hostile, or no Customer API: each fault has its error, and no other leaves."""

import asyncio
import gzip
import json
import zlib
from typing import Any

import pytest
import zstandard

from client import errors
from client.api import CustomerApi
from client.exchange import Failure, Outgoing, Sender
from client.models import CustomerSearch
from client.transport import LinkSettings, Transport
from tests.client.raw_server import (
    Behaviour,
    RawServer,
    Talk,
    http,
    problem,
    raw_server,
    resets,
    says,
    silence,
)

LABEL = {
    "id": "1",
    "version": 3,
    "name": "vip",
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
}


async def no_pause(seconds: float) -> None:
    await asyncio.sleep(0)


def api_of(server: RawServer, **settings: Any) -> CustomerApi:
    limits: dict[str, Any] = {"connect_seconds": 1.0, "read_seconds": 0.3, "total_seconds": 1.0} | settings
    return CustomerApi(Transport(LinkSettings(server=server.url, **limits), pause=no_pause))


def dripping(content: bytes) -> Behaviour:
    async def behave(talk: Talk) -> None:
        await talk.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n")
        for byte in content * 1000:
            await talk.raw(bytes([byte]))
            await asyncio.sleep(0.1)

    return behave


async def garbage(talk: Talk) -> None:
    await talk.raw(b"SSH-2.0-OpenSSH_9.2p1\r\n\r\n")


DEEP = b"[" * 100_000
BOMB = gzip.compress(b" " * 50_000_000)
ZSTD_BOMB = zstandard.compress(b" " * 50_000_000)

FAULTS: dict[str, tuple[Behaviour, type[errors.CustomerApiError]]] = {
    "a web page": (http(b"<html>Hi</html>", kind="text/html"), errors.NotTheApi),
    "a page that says not found": (http(b"<html>", status="404 X", kind="text/html"), errors.NotTheApi),
    "a redirect to a sign-in page": (
        http(b"", status="302 Found", headers="Location: http://login.example/\r\n"),
        errors.NotTheApi,
    ),
    "truncated JSON": (http(b'{"id": "1", "na'), errors.NotTheApi),
    "invalid UTF-8": (http(b'{"name": "\xff\xfe"}'), errors.NotTheApi),
    "nothing where a record belongs": (http(b""), errors.NotTheApi),
    "JSON of another shape": (says(["label"]), errors.NotTheApi),
    "NaN": (http(b'{"version": NaN}'), errors.NotTheApi),
    "a number of 10,000 digits": (http(b'{"version": ' + b"9" * 10_000 + b"}"), errors.NotTheApi),
    "brackets without end": (http(DEEP), errors.NotTheApi),
    "a gzip bomb": (http(BOMB, headers="Content-Encoding: gzip\r\n"), errors.NotTheApi),
    "a zstd bomb": (http(ZSTD_BOMB, headers="Content-Encoding: zstd\r\n"), errors.NotTheApi),
    "broken gzip": (http(zlib.compress(b"{}"), headers="Content-Encoding: gzip\r\n"), errors.NotTheApi),
    "an unknown compression": (http(b"x", headers="Content-Encoding: br\r\n"), errors.NotTheApi),
    "an answer too long": (http(b" " * 1_200_000), errors.NotTheApi),
    "another protocol": (garbage, errors.NotTheApi),
    "an answer cut off": (http(b'{"id"', length=500), errors.TimedOut),
    "a slow drip": (dripping(b" "), errors.TimedOut),
    "silence": (silence, errors.TimedOut),
    "a reset": (resets, errors.Interrupted),
    "500 with a page": (http(b"<h1>oops", status="500 X", kind="text/html"), errors.ServerFault),
    "500 with a problem": (problem(500, "internal", "It failed."), errors.ServerFault),
    "503 for good": (problem(503, "unavailable", "Busy."), errors.ServerFault),
    "401": (problem(401, "unauthenticated"), errors.SignedOut),
    "403": (problem(403, "forbidden", "Viewers change nothing."), errors.Forbidden),
    "404": (problem(404, "not_found"), errors.NotFound),
    "405": (problem(405, "method_not_allowed"), errors.Unsupported),
    "409": (problem(409, "name_taken", "There is a label of this name."), errors.Conflict),
    "413": (problem(413, "too_large"), errors.TooLarge),
    "418": (problem(418, "teapot"), errors.CustomerApiError),
    "422": (problem(422, "invalid"), errors.Invalid),
    "429": (problem(429, "too_many_requests", headers="Retry-After: 60\r\n"), errors.TooMany),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_every_fault_has_its_error_and_a_sentence(name: str) -> None:
    behaviour, expected = FAULTS[name]
    async with raw_server(behaviour) as server, api_of(server, largest_answer=1_000_000) as api:
        with pytest.raises(errors.CustomerApiError) as caught:
            await api.labels.get("1")
    assert type(caught.value) is expected
    assert caught.value.sentence.endswith((".", "!"))
    assert len(caught.value.sentence) < 400


@pytest.mark.parametrize("value", [None, [], "x", {"items": 1}, {"items": [{"id": []}]}, {"items": [None]}])
async def test_a_page_of_another_shape_is_not_the_api(value: Any) -> None:
    async with raw_server(says(value)) as server, api_of(server) as api:
        with pytest.raises(errors.NotTheApi):
            await api.customers.search(CustomerSearch(q="smi"))


@pytest.mark.parametrize("value", ["text", [], {"detail": 7, "errors": [None, {"pointer": []}], "code": {}}])
async def test_a_problem_of_another_shape_is_still_an_error_with_a_sentence(value: Any) -> None:
    async with raw_server(says(value, "422 X")) as server, api_of(server) as api:
        with pytest.raises(errors.CustomerApiError) as caught:
            await api.labels.create({"name": ""})
    assert caught.value.sentence


async def test_nobody_there_is_unreachable_and_nothing_was_changed() -> None:
    async with raw_server(silence) as server:
        pass
    async with api_of(server) as api:
        with pytest.raises(errors.Unreachable) as caught:
            await api.labels.create({"name": "vip"})
    assert "Nothing was changed" in caught.value.sentence


@pytest.mark.parametrize("then", ["refuses", "is gone"])
async def test_after_a_lost_answer_nobody_says_that_nothing_was_changed(
    monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    if then == "is gone":
        real = Sender.send
        sent: list[Outgoing] = []

        async def once(own: Sender, outgoing: Outgoing, *others: Any) -> Any:
            sent.append(outgoing)
            if len(sent) > 1:
                raise Failure("unreachable", errors.Unreachable())
            return await real(own, outgoing, *others)

        monkeypatch.setattr(Sender, "send", once)
    async with raw_server(resets, problem(503, "busy")) as server, api_of(server) as api:
        with pytest.raises(errors.CustomerApiError) as caught:
            await api.labels.create({"name": "vip"})
    assert "Nothing was changed" not in caught.value.sentence
    assert "trying again does not do it twice" in caught.value.sentence


async def test_control_characters_and_bidi_tricks_never_leave_the_client() -> None:
    hostile = LABEL | {"name": "\x1b]52;c;aGk=\x07vip\u202e", "description": "[red]\ud800\x9b2J"}
    async with raw_server(says(hostile)) as server, api_of(server) as api:
        label = (await api.labels.get("1")).value
    assert label.name == "]52;c;aGk=vip"
    assert not set("\x1b\x07\x9b\u202e\ud800") & set(label.name + label.description)


async def test_a_hostile_problem_reaches_a_person_without_its_controls_and_at_a_bearable_length() -> None:
    async with raw_server(problem(409, "x", "\x1b[2J\nno" * 10_000)) as server, api_of(server) as api:
        with pytest.raises(errors.Conflict) as caught:
            await api.labels.get("1")
    assert "\x1b" not in caught.value.sentence
    assert "\n" not in caught.value.sentence
    assert len(caught.value.sentence) < 800


async def test_a_post_carries_one_idempotency_key_through_all_its_retries() -> None:
    behaviours = (resets, problem(503, "unavailable", headers="Retry-After: 0\r\n"), says(LABEL, "201 X"))
    async with raw_server(*behaviours) as server, api_of(server) as api:
        answer = await api.labels.create({"name": "vip"})
    keys = [talk.header("Idempotency-Key") for talk in server.talks]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 12
    assert answer.value.name == "vip"


async def test_two_posts_carry_different_keys() -> None:
    async with raw_server(says(LABEL, "201 X")) as server, api_of(server) as api:
        await api.labels.create({"name": "vip"})
        await api.labels.create({"name": "vip"})
    assert len({talk.header("Idempotency-Key") for talk in server.talks}) == 2


async def test_a_save_that_worked_although_its_answer_was_lost_is_no_conflict() -> None:
    now = LABEL | {"version": 4, "name": "gold"}
    behaviours = (resets, problem(412, "stale", current=now))
    async with raw_server(*behaviours) as server, api_of(server) as api:
        answer = await api.labels.save("1", {"name": "gold"}, version=3)
    assert answer.value == 4
    assert [talk.header("If-Match") for talk in server.talks] == ['"3"', '"3"']


async def test_a_save_that_somebody_else_overtook_is_stale_with_the_record_as_it_is_now() -> None:
    now = LABEL | {"version": 4, "name": "silver"}
    for behaviours in ((problem(412, "stale", current=now),), (resets, problem(412, "stale", current=now))):
        async with raw_server(*behaviours) as server, api_of(server) as api:
            with pytest.raises(errors.Stale) as caught:
                await api.labels.update("1", {"name": "gold"}, version=3)
        assert caught.value.current.name == "silver"
        assert caught.value.current_json == now


async def test_a_delete_that_worked_although_its_answer_was_lost_is_done() -> None:
    async with raw_server(resets, problem(404, "not_found")) as server, api_of(server) as api:
        await api.labels.delete("1", version=3)
    assert len(server.talks) == 2


async def test_an_idle_connection_that_the_server_closed_costs_no_error() -> None:
    async def once(talk: Talk) -> None:
        await says(LABEL)(talk)
        talk.writer.close()

    async with raw_server(once, says(LABEL)) as server, api_of(server) as api:
        await api.labels.get("1")
        assert (await api.labels.get("1")).value.name == "vip"


async def test_whoever_stops_waiting_leaves_at_once_and_the_connection_stays() -> None:
    async def late(talk: Talk) -> None:
        await asyncio.sleep(0.1)
        await says(LABEL)(talk)

    async with raw_server(late, says(LABEL)) as server, api_of(server, read_seconds=2.0) as api:
        waiting = asyncio.ensure_future(api.labels.get("1"))
        await asyncio.sleep(0.03)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.sleep(0.15)
        await api.labels.get("1")
        ports = {talk.writer.get_extra_info("peername")[1] for talk in server.talks}
    assert len(ports) == 1


@pytest.mark.feature("F11.4")
async def test_the_meter_counts_bytes_and_tells_online_from_offline() -> None:
    async with raw_server(says(LABEL)) as server, api_of(server) as api:
        meter = api.transport.meter
        seen: list[int] = []
        stop = meter.listen(lambda exchange: seen.append(exchange.status))
        await api.labels.get("1")
        assert meter.state == "online"
        assert meter.last_round_trip is not None
        sent = len(server.talks[0].head.encode())
        assert abs(meter.bytes_up - sent) <= 8
        assert meter.bytes_down > len(json.dumps(LABEL))
        stop()
    async with api_of(server) as api:
        with pytest.raises(errors.Unreachable):
            await api.labels.get("1")
        assert api.transport.meter.state == "offline"
    assert seen == [200]


async def test_headers_are_lean_and_cookies_are_not_sent_back() -> None:
    async with raw_server(says(LABEL, headers="Set-Cookie: a=b\r\n")) as server, api_of(server) as api:
        await api.labels.get("1")
        await api.labels.get("1")
    assert len(server.talks[1].head) < 85
    assert not server.talks[1].header("Cookie")


async def test_ids_from_outside_cannot_leave_their_path() -> None:
    async with raw_server(says(LABEL)) as server, api_of(server) as api:
        await api.labels.get("../staff?x=1#y\r\nA: b")
        with pytest.raises(errors.NotFound):
            await api.labels.get("..")
    assert server.talks[0].line == "GET /v1/labels/..%2Fstaff%3Fx%3D1%23y%0D%0AA%3A%20b HTTP/1.1"


async def test_a_request_id_from_outside_is_made_harmless() -> None:
    behaviour = problem(404, "not_found", headers="X-Request-Id: \x1b]0;x\x07" + "y" * 500 + "\r\n")
    async with raw_server(behaviour) as server, api_of(server) as api:
        with pytest.raises(errors.NotFound) as caught:
            await api.labels.get("1")
    assert caught.value.request_id.isprintable()
    assert len(caught.value.request_id) <= 100


async def test_a_list_that_does_not_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("client.collection.MOST_PAGES", 20)
    async with raw_server(says({"items": [LABEL], "next_cursor": "again"})) as server, api_of(server) as api:
        with pytest.raises(errors.NotTheApi):
            _ = [label async for label in api.labels.each()]
    assert len(server.talks) == 20


@pytest.mark.parametrize("customer_id", ["", ".", ".."])
async def test_an_id_that_is_a_step_of_a_path_is_nobody(customer_id: str) -> None:
    async with raw_server(says(LABEL)) as server, api_of(server) as api:
        with pytest.raises(errors.NotFound):
            await api.notes(customer_id).list()
        with pytest.raises(errors.NotFound):
            await api.customers.open(customer_id)
    assert server.talks == []


async def test_text_that_is_none_is_refused_before_it_is_sent() -> None:
    async with raw_server(says(LABEL)) as server, api_of(server) as api:
        with pytest.raises(errors.Invalid):
            await api.labels.create({"name": "\ud800"})
    assert server.talks == []

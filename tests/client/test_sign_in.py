"""Signing in, staying signed in, signing out: on the real server."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from client import errors
from client.address import server_address
from client.api import CustomerApi
from client.auth import grants
from client.auth.sign_in import open_api, sign_in, sign_out
from client.session import Session, SessionStore
from client.session.private_files import PrivateFolder
from client.transport import LinkSettings, Transport
from tests.client.conftest import Desk
from tests.client.raw_server import Talk, problem, raw_server, says
from tests.desk import PASSWORD

TOKENS = {"access_token": "a2", "token_type": "Bearer", "expires_in": 600, "refresh_token": "r2"}
ME = {
    "id": "1",
    "version": 1,
    "login": "anna",
    "name": "Anna",
    "role": "staff",
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
}


def known(store: SessionStore, server: str, *, expires_in: float = 600.0) -> Session:
    session = Session(name="anna", server=server, login="anna")
    session = session.with_tokens("a1", "r1", expires_in, time.time())
    store.save(session)
    return session


def told(talk: Talk, name: str) -> str:
    return talk.header(name) or talk.body.decode()


@pytest.mark.feature("F12.1")
async def test_a_session_made_once_opens_the_api_at_the_next_start(desk: Desk, store: SessionStore) -> None:
    await desk.signed_in(store)
    session = store.find()
    assert session is not None
    assert session.name == f"staff@127.0.0.1:{desk.port}"
    async with open_api(store, session, LinkSettings(server=session.server)) as api:
        assert (await api.me()).value.login == "staff"


async def test_a_wrong_password_is_said_and_nothing_is_kept(desk: Desk, store: SessionStore) -> None:
    async with Transport(LinkSettings(server=desk.url)) as transport:
        with pytest.raises(errors.WrongPassword) as caught:
            await sign_in(transport, store, "staff", grants.password("staff", "wrong password"))
    assert "password" in caught.value.sentence.lower()
    assert store.sessions() == []
    assert PASSWORD not in repr(grants.password("staff", PASSWORD))


@pytest.mark.feature("F12.1")
async def test_signing_out_ends_the_session_here_and_on_the_server(desk: Desk, store: SessionStore) -> None:
    session = await desk.signed_in(store)
    async with Transport(LinkSettings(server=desk.url)) as transport:
        assert await sign_out(transport, store, session.name)
    assert store.load(session.name) is None
    store.save(session)
    async with open_api(store, session, LinkSettings(server=desk.url)) as api:
        with pytest.raises(errors.SignedOut):
            await api.me()
    kept = store.load(session.name)
    assert kept is not None
    assert not kept.signed_in


async def test_signing_out_with_the_link_down_still_forgets_the_session_here(store: SessionStore) -> None:
    async with raw_server(says({})) as server:
        session = known(store, server.url)
    async with Transport(LinkSettings(server=session.server)) as transport:
        assert not await sign_out(transport, store, session.name)
    assert store.load(session.name) is None


async def test_tokens_that_end_are_replaced_while_work_goes_on(hasty_desk: Desk, store: SessionStore) -> None:
    async with await hasty_desk.api(store) as api:
        until = time.monotonic() + 3.5
        while time.monotonic() < until:
            assert (await api.me()).value.login == "staff"
            await asyncio.sleep(0.1)
    final = store.load(store.sessions()[0].name)
    assert final is not None
    assert final.signed_in


async def test_ten_requests_that_meet_an_ended_token_refresh_once(store: SessionStore) -> None:
    async def behave(talk: Talk) -> None:
        if talk.line.startswith("POST /v1/oauth/token"):
            await asyncio.sleep(0.05)
            await says(TOKENS)(talk)
        elif talk.header("Authorization") == "Bearer a2":
            await says(ME)(talk)
        else:
            await problem(401, "unauthenticated")(talk)

    async with raw_server(behave) as server:
        session = known(store, server.url)
        async with open_api(store, session, LinkSettings(server=server.url)) as api:
            await asyncio.gather(*(api.me() for _ in range(10)))
        refreshes = [talk for talk in server.talks if "oauth/token" in talk.line]
    assert len(refreshes) == 1
    assert refreshes[0].body == b"grant_type=refresh_token&refresh_token=r1"
    assert not refreshes[0].header("Authorization")


async def test_a_token_about_to_end_is_renewed_behind_without_anyone_waiting(store: SessionStore) -> None:
    async with raw_server(says(ME)) as server:
        session = known(store, server.url, expires_in=60)
        stale = Session(
            **{name: getattr(session, name) for name in Session.__dataclass_fields__} | {"renew_at": 1}
        )
        store.save(stale)
        server.behaviours[:] = [says(ME), says(TOKENS), says(ME)]
        async with open_api(store, stale, LinkSettings(server=server.url)) as api:
            await api.me()
            await asyncio.sleep(0.2)
            await api.me()
        sent = sorted(talk.header("Authorization") for talk in server.talks)
    assert sent == ["", "Bearer a1", "Bearer a2"]


async def test_a_refresh_that_is_refused_is_said_once_and_forgotten(store: SessionStore) -> None:
    refused = says({"error": "invalid_grant", "error_description": "Over."}, "400 X")
    async with raw_server(problem(401, "unauthenticated"), refused) as server:
        session = known(store, server.url)
        async with open_api(store, session, LinkSettings(server=server.url)) as api:
            with pytest.raises(errors.SignedOut, match="Sign in again"):
                await api.me()
            asked = len(server.talks)
            with pytest.raises(errors.SignedOut):
                await api.me()
            assert len(server.talks) == asked


@pytest.mark.parametrize(
    "fault", [problem(500, "internal"), says(["no"]), problem(400, "x", error="invalid_request")]
)
async def test_a_refresh_that_fails_otherwise_keeps_the_session(store: SessionStore, fault: Any) -> None:
    async with raw_server(problem(401, "unauthenticated"), fault) as server:
        session = known(store, server.url)
        async with open_api(store, session, LinkSettings(server=server.url)) as api:
            with pytest.raises(errors.CustomerApiError) as caught:
                await api.me()
    assert not isinstance(caught.value, errors.SignedOut)
    assert store.load(session.name) == session


async def test_an_answer_to_a_refresh_that_was_lost_is_asked_for_again(store: SessionStore) -> None:
    async def lost(talk: Talk) -> None:
        talk.reset()

    async with raw_server(problem(401, "unauthenticated"), lost, says(TOKENS), says(ME)) as server:
        session = known(store, server.url)
        async with open_api(store, session, LinkSettings(server=server.url)) as api:
            assert (await api.me()).value.name == "Anna"


async def test_whoever_stops_waiting_does_not_stop_the_refresh(store: SessionStore) -> None:
    async def slowly(talk: Talk) -> None:
        await asyncio.sleep(0.1)
        await says(TOKENS)(talk)

    async with raw_server(problem(401, "unauthenticated"), slowly, says(ME)) as server:
        session = known(store, server.url)
        async with open_api(store, session, LinkSettings(server=server.url)) as api:
            waiting = asyncio.ensure_future(api.me())
            await asyncio.sleep(0.05)
            waiting.cancel()
            await asyncio.sleep(0.2)
    kept = store.load(session.name)
    assert kept is not None
    assert kept.refresh_token == "r2"


async def test_tokens_that_cannot_be_kept_still_serve_this_process(
    store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise errors.NotKept("The disk is full.")

    async with raw_server(problem(401, "unauthenticated"), says(TOKENS), says(ME)) as server:
        session = known(store, server.url)
        async with open_api(store, session, LinkSettings(server=server.url)) as api:
            monkeypatch.setattr(PrivateFolder, "write", full)
            assert (await api.me()).value.name == "Anna"
            assert (await api.me()).value.name == "Anna"


@pytest.mark.parametrize(
    "given",
    [
        {"access_token": "a b"},
        {"access_token": "a\nX-Evil: 1"},
        {"refresh_token": ""},
        {"refresh_token": "r" * 5000},
        {"token_type": "mac"},
        {"expires_in": None},
    ],
)
async def test_tokens_that_cannot_travel_are_not_taken(store: SessionStore, given: dict[str, Any]) -> None:
    async with raw_server(problem(401, "unauthenticated"), says(TOKENS | given)) as server:
        session = known(store, server.url)
        async with open_api(store, session, LinkSettings(server=server.url)) as api:
            with pytest.raises(errors.NotTheApi) as caught:
                await api.me()
    assert caught.value.__cause__ is None
    assert store.load(session.name) == session


async def test_a_token_that_lasts_for_ever_is_not_believed(store: SessionStore) -> None:
    behaviours = (problem(401, "x"), says(TOKENS | {"expires_in": 10**400}), says(ME))
    async with (
        raw_server(*behaviours) as server,
        open_api(store, known(store, server.url), LinkSettings(server=server.url)) as api,
    ):
        await api.me()
    kept = store.load("anna")
    assert kept is not None
    assert kept.expires_at < time.time() + 8 * 24 * 3600


@pytest.mark.parametrize("other", [{"server": "http://127.0.0.2:1"}, {"login": "bob"}])
async def test_a_name_given_to_another_session_never_lends_its_tokens(
    store: SessionStore, other: dict[str, Any]
) -> None:
    async with raw_server(problem(401, "unauthenticated")) as server:
        session = known(store, server.url)
        async with open_api(store, session, LinkSettings(server=server.url)) as api:
            store.save(replace(session, **other).with_tokens("other", "other", 600, time.time()))
            with pytest.raises(errors.SignedOut):
                await api.me()
        assert not any("other" in talk.head + talk.body.decode() for talk in server.talks)
    kept = store.load(session.name)
    assert kept is not None
    assert kept.refresh_token == "other"


async def test_leaving_in_the_middle_of_a_refresh_keeps_its_answer(store: SessionStore) -> None:
    asked = asyncio.Event()

    async def slowly(talk: Talk) -> None:
        asked.set()
        await asyncio.sleep(0.2)
        await says(TOKENS)(talk)

    async with raw_server(problem(401, "unauthenticated"), slowly) as server:
        session = known(store, server.url)
        api = open_api(store, session, LinkSettings(server=server.url))
        asking = asyncio.ensure_future(api.me())
        await asked.wait()
        asking.cancel()
        await api.close()
    kept = store.load(session.name)
    assert kept is not None
    assert kept.refresh_token == "r2"


def metadata(there: str) -> dict[str, Any]:
    token, revocation = f"{there}/v1/oauth/token", f"{there}/v1/oauth/revoke"
    return {
        "issuer": there,
        "token_endpoint": token,
        "revocation_endpoint": revocation,
        "grant_types_supported": ["password"],
    }


@pytest.mark.parametrize(
    "there", ["https://evil.example", "http://127.0.0.1:1", "//evil.example", "javascript:x", ""]
)
async def test_a_server_that_names_another_address_for_passwords_gets_none(
    store: SessionStore, there: str
) -> None:
    async with raw_server(says(metadata(there))) as server:
        async with Transport(LinkSettings(server=server.url)) as transport:
            with pytest.raises(errors.NotTheApi):
                await sign_in(transport, store, "anna", grants.password("anna", PASSWORD))
        assert PASSWORD.encode() not in b"".join(talk.body for talk in server.talks)


@pytest.mark.parametrize(
    "address",
    [
        "http://desk.example",
        "ftp://desk.example",
        "https://",
        "https://a b",
        "https://u:p@desk.example",
        "x" * 5000,
        "https://desk.example?x",
        "https://desk.example#x",
        "https://[::1",
        "https://desk.example:99999",
        "\x1b[2J",
    ],
)
async def test_an_address_that_is_none_or_not_safe_is_refused(address: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        Transport(LinkSettings(server=address))
    assert caught.value.sentence


def test_addresses_as_people_type_them_are_made_whole() -> None:
    assert server_address("desk.example.org") == "https://desk.example.org"
    assert server_address(" HTTPS://Desk.Example.org/v1/ ") == "https://desk.example.org"
    assert server_address("127.0.0.1:8765") == "http://127.0.0.1:8765"
    assert server_address("localhost:80") == "http://localhost:80"
    assert server_address("[::1]:80") == "http://[::1]:80"


async def test_a_server_refused_a_way_of_signing_in_is_not_asked_for_it(store: SessionStore) -> None:
    async with raw_server(problem(404, "not_found")) as server:
        server.behaviours[:] = [says(metadata(server.url))]
        async with Transport(LinkSettings(server=server.url)) as transport:
            with pytest.raises(errors.Unsupported):
                await sign_in(transport, store, "anna", grants.refresh("r"))
        assert len(server.talks) == 1


async def test_an_api_that_nobody_signed_in_to_says_so(desk: Desk) -> None:
    async with CustomerApi(Transport(LinkSettings(server=desk.url))) as api:
        assert (await api.service()).value.permissions == []
        with pytest.raises(errors.SignedOut):
            await api.me()

"""Signing in from another device (RFC 8628): the client, a browser, and a real server on a real socket."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from client import errors
from client.auth import grants
from client.auth.device import DeviceSignIn, device_sign_in
from client.auth.grants import DEVICE_CODE
from client.auth.sign_in import open_api, sign_in
from client.models import DeviceAuthorization
from client.session import Session, SessionStore
from client.transport import LinkSettings, Transport
from tests.browser import Browser
from tests.client.conftest import Desk
from tests.client.cutting_proxy import cutting_proxy
from tests.client.raw_server import Behaviour, RawServer, raw_server, resets, says
from tests.client.test_sign_in import ME
from tests.desk import PASSWORD
from tests.fixtures import Template
from tests.live import live

BEGUN = {
    "device_code": "d1",
    "user_code": "WDJB-MJHT",
    "verification_uri": "https://desk.example.org/device",
    "verification_uri_complete": "https://desk.example.org/device?user_code=WDJB-MJHT",
    "expires_in": 600,
    "interval": 5,
}
TOKENS = {"access_token": "a", "token_type": "Bearer", "expires_in": 600, "refresh_token": "r"}


@pytest.fixture(params=["sqlite", "postgresql"])
def either_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """Give a server of this test alone, on each kind of database in turn, that may be asked every second."""
    kind = "sqlite_template" if request.param == "sqlite" else "postgres_template"
    template: Template = request.getfixturevalue(kind)
    with live(template.copy(tmp_path), device_poll_seconds=1) as server:
        yield Desk(server.url)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield Browser(client)


def shown(waiting: DeviceSignIn) -> dict[str, Any]:
    return waiting.begun.model_dump()


async def no_pause(_seconds: float) -> None:
    await asyncio.sleep(0)


@pytest.mark.feature("F12.1")
async def test_who_approves_in_a_browser_is_signed_in_here(
    either_desk: Desk, store: SessionStore, browser: Browser
) -> None:
    async with (
        Transport(LinkSettings(server=either_desk.url)) as transport,
        device_sign_in(transport) as waiting,
    ):
        assert waiting.begun.verification_uri == f"{either_desk.url}/device"
        finishing = asyncio.create_task(waiting.finished(store))
        await asyncio.sleep(1.5)
        assert not finishing.done()
        page = await browser.approve(shown(waiting), "staff", PASSWORD)
        assert "Approved." in page.text
        session = await finishing
    assert session.name == f"staff@127.0.0.1:{either_desk.port}"
    assert store.current() == session.name
    kept = store.load(session.name)
    assert kept == session
    async with open_api(store, session, LinkSettings(server=session.server)) as api:
        assert (await api.me()).value.login == "staff"


async def test_who_refuses_in_a_browser_is_said_here_and_nothing_is_kept(
    either_desk: Desk, store: SessionStore, browser: Browser
) -> None:
    async with (
        Transport(LinkSettings(server=either_desk.url)) as transport,
        device_sign_in(transport, pause=no_pause) as waiting,
    ):
        page = await browser.identify(shown(waiting), "staff", PASSWORD)
        await browser.send(page, decision="refuse")
        with pytest.raises(errors.NotApproved, match="refused on the other device"):
            await waiting.finished(store)
    assert store.sessions() == []


async def test_leaving_takes_the_code_back_at_the_server(
    either_desk: Desk, store: SessionStore, browser: Browser
) -> None:
    begun: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    async def wait(transport: Transport) -> None:
        async with device_sign_in(transport) as waiting:
            begun.set_result(shown(waiting))
            await waiting.finished(store)

    async with Transport(LinkSettings(server=either_desk.url)) as transport:
        task = asyncio.create_task(wait(transport))
        await begun
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    page = await browser.identify(begun.result(), "staff", PASSWORD)
    assert page.answer.status_code == 404


@pytest.mark.timeout(240)
async def test_the_answer_that_signs_in_may_be_cut_at_any_byte(
    either_desk: Desk, store: SessionStore, browser: Browser
) -> None:
    async with cutting_proxy(either_desk.port) as proxy:
        step, cut = 61, 0
        for way, most in (("up", 400), ("down", 1500)):
            for after in range(0, most, step):
                async with Transport(LinkSettings(server=proxy.url, read_seconds=5)) as transport:
                    async with device_sign_in(transport, pause=no_pause) as waiting:
                        await browser.approve(shown(waiting), "staff", PASSWORD)
                        proxy.arm(way, after)  # type: ignore[arg-type]
                        session = await waiting.finished(store)
                    cut += proxy.way is None
                    proxy.way = None
                async with open_api(store, session, LinkSettings(server=either_desk.url)) as api:
                    assert (await api.me()).value.login == "staff", (way, after)
        assert cut >= 15


class Clock:
    """Takes the pauses down instead of waiting."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)


def refuses(error: str) -> Behaviour:
    return says({"error": error, "error_description": "No."}, "400 X")


def metadata(server: RawServer) -> dict[str, Any]:
    oauth = f"{server.url}/v1/oauth"
    return {
        "issuer": server.url,
        "token_endpoint": f"{oauth}/token",
        "revocation_endpoint": f"{oauth}/revoke",
        "device_authorization_endpoint": f"{oauth}/device",
        "grant_types_supported": ["password", DEVICE_CODE],
    }


async def wait_for(
    store: SessionStore, clock: Clock, *answers: Behaviour, begun: dict[str, Any] | None = None
) -> tuple[Session, RawServer]:
    """Wait for a server that gives these answers to the questions whether somebody approved."""
    async with raw_server() as server:
        server.behaviours[:] = [says(metadata(server)), says(begun or BEGUN), *answers]
        async with (
            Transport(LinkSettings(server=server.url, read_seconds=0.3), pause=no_pause) as transport,
            device_sign_in(transport, pause=clock.pause) as waiting,
        ):
            return await waiting.finished(store), server


async def test_the_pauses_are_those_that_the_server_wants(store: SessionStore) -> None:
    clock, pending, slower = Clock(), refuses("authorization_pending"), refuses("slow_down")
    session, server = await wait_for(store, clock, pending, slower, pending, slower, says(TOKENS), says(ME))
    assert session.login == "anna"
    assert clock.pauses == [5, 5, 10, 10, 15, 0]
    begin, poll = server.talks[1], server.talks[2]
    assert (begin.line.split()[1], begin.body) == ("/v1/oauth/device", b"client_id=keeptabs")
    assert poll.body == (
        b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=d1&client_id=keeptabs"
    )


async def test_a_server_without_an_interval_is_asked_every_five_seconds(store: SessionStore) -> None:
    clock = Clock()
    begun = {name: value for name, value in BEGUN.items() if name != "interval"}
    await wait_for(store, clock, refuses("authorization_pending"), says(TOKENS), says(ME), begun=begun)
    assert clock.pauses == [5, 5, 0]


async def test_a_link_that_is_lost_while_waiting_only_makes_it_take_longer(store: SessionStore) -> None:
    clock = Clock()
    lost, failed = [resets] * 4, [says({"status": 503, "code": "x"}, "503 X")] * 4
    answers = (*lost, *failed, refuses("authorization_pending"), says(TOKENS), *lost, says(ME))
    session, _ = await wait_for(store, clock, *answers)
    assert session.login == "anna"
    assert clock.pauses == [5, 10, 20, 5, 0, 2], "slower while it fails, as before once it answers"


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        ("access_denied", errors.NotApproved),
        ("expired_token", errors.CodeOver),
        ("invalid_grant", errors.CodeOver),
        ("invalid_request", errors.Invalid),
    ],
)
async def test_a_refusal_ends_the_wait_with_what_it_means(
    store: SessionStore, error: str, meaning: type[errors.CustomerApiError]
) -> None:
    with pytest.raises(meaning) as caught:
        await wait_for(store, Clock(), refuses(error), says({}))
    assert type(caught.value) is meaning
    assert store.sessions() == []


async def test_a_code_that_nobody_approves_ends_by_itself(store: SessionStore) -> None:
    with pytest.raises(errors.CodeOver, match="Begin again"):
        await wait_for(store, Clock(), refuses("authorization_pending"), begun=BEGUN | {"expires_in": 0})


@pytest.mark.parametrize(
    "given",
    [
        {"verification_uri": "http://desk.example.org/device\x1b]0;x"},
        {"verification_uri": "javascript:alert(1)"},
        {"verification_uri": "https://desk.example.org@evil.example/"},
        {"verification_uri": "https://пример.example/"},
        {"verification_uri": "https://desk.example.org/" + "x" * 300},
        {"verification_uri": ""},
        {"user_code": "x" * 41},
        {"user_code": "a\nb"},
        {"user_code": ""},
        {"device_code": ""},
    ],
)
async def test_what_cannot_be_shown_is_not_waited_for(store: SessionStore, given: dict[str, Any]) -> None:
    with pytest.raises(errors.NotTheApi):
        await wait_for(store, Clock(), says(TOKENS), begun=BEGUN | given)


async def test_a_private_server_does_not_send_people_to_a_page_that_others_read(store: SessionStore) -> None:
    from client.auth.device import _plain

    begun = DeviceAuthorization.model_validate(BEGUN | {"verification_uri": "http://desk.example.org/device"})
    assert _plain(begun, "http://127.0.0.1:8765").verification_uri
    with pytest.raises(errors.NotTheApi):
        _plain(begun, "https://desk.example.org")


@pytest.mark.parametrize(
    "said",
    [
        {"grant_types_supported": ["password"]},
        {"device_authorization_endpoint": ""},
        {"device_authorization_endpoint": "https://evil.example/v1/oauth/device"},
    ],
)
async def test_a_server_without_it_or_with_it_elsewhere_is_not_asked(
    store: SessionStore, said: dict[str, Any]
) -> None:
    async with raw_server() as server:
        server.behaviours[:] = [says(metadata(server) | said), says(TOKENS)]
        async with Transport(LinkSettings(server=server.url)) as transport:
            with pytest.raises(errors.Unsupported):
                async with device_sign_in(transport):
                    pass
            assert len(server.talks) == 1
            server.behaviours[:] = [says(metadata(server) | said), says(TOKENS)]
            session = await sign_in(transport, store, "anna", grants.password("anna", PASSWORD))
    assert session.signed_in

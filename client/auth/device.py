"""Signing in from another device (RFC 8628): this one shows a code, and waits until it is approved."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Final, TypeVar
from urllib.parse import urlsplit

from client import errors
from client.api import CustomerApi
from client.auth.authority import SessionAuthority
from client.auth.endpoints import Endpoints, ask_for_tokens, discover, revoke
from client.auth.grants import CLIENT_ID, device_code
from client.auth.sign_in import kept, opened_session
from client.collection import parsed_as
from client.models import DeviceAuthorization
from client.session.names import session_name
from client.session.store import Session, SessionStore
from client.transport import Transport

T = TypeVar("T")

_USUAL_INTERVAL: Final = 5
_SLOWER: Final = 5
"""Seconds more between questions, each time that the server says `slow_down` (RFC 8628, section 3.5)."""
_LONGEST_BACKOFF: Final = 20
_LONGEST_SECONDS: Final = 3600
_LONGEST_ADDRESS: Final = 300
_LONGEST_CODE: Final = 40
_GIVING_UP_SECONDS: Final = 3.0
_LINK_FAULTS: Final = (
    errors.Unreachable,
    errors.TimedOut,
    errors.Interrupted,
    errors.ServerFault,
    errors.TooMany,
)


class DeviceSignIn:
    """One sign-in that waits for its person on another device."""

    def __init__(
        self,
        transport: Transport,
        endpoints: Endpoints,
        begun: DeviceAuthorization,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self.begun = begun
        """The code to show, and the address to show it with."""
        self._transport = transport
        self._endpoints = endpoints
        self._pause = pause

    async def finished(self, store: SessionStore, *, now: Callable[[], float] = time.time) -> Session:
        """Wait until the person has approved, keep the session in `store`, and make it the current one.

        A link that is lost meanwhile only makes it take longer. Raises NotApproved, CodeOver, and
        CustomerApiError.
        """
        grant = device_code(self.begun.device_code)
        interval = self.begun.interval
        tokens = await self._persistently(
            lambda: ask_for_tokens(self._transport, self._endpoints.token, grant),
            interval,
            self.begun.expires_in,
        )
        session = opened_session(self._transport.server, "", self._endpoints, tokens, now())
        self._transport.authority = SessionAuthority(self._transport, store, session)
        me = await self._persistently(CustomerApi(self._transport).me, 0, tokens.expires_in)
        login = me.value.login
        return await kept(store, replace(session, login=login, name=session_name(session.server, login)))

    async def given_up(self) -> None:
        """Tell the server that nobody waits any more; where it cannot be told at once, the code just ends."""
        with suppress(errors.CustomerApiError, TimeoutError):
            async with asyncio.timeout(_GIVING_UP_SECONDS):
                await revoke(self._transport, self._endpoints.revocation, self.begun.device_code)

    async def _persistently(self, ask: Callable[[], Awaitable[T]], interval: float, good_for: float) -> T:
        """Ask until there is an answer, at most `good_for` seconds, with pauses as the server wants them."""
        until = time.monotonic() + good_for
        backoff = 0.0
        while time.monotonic() < until:
            await self._pause(max(interval, backoff))
            try:
                return await ask()
            except errors.Invalid as waiting:
                if waiting.code not in ("authorization_pending", "slow_down"):
                    raise
                interval += _SLOWER if waiting.code == "slow_down" else 0
                backoff = 0.0
            except _LINK_FAULTS as fault:
                backoff = _longer(backoff or max(interval, 1), fault)
        raise errors.CodeOver


def _longer(backoff: float, fault: errors.CustomerApiError) -> float:
    """Give the next pause: longer where a server is slow, the same where nothing reaches it at all."""
    wanted = backoff if isinstance(fault, errors.Unreachable) else backoff * 2
    return min(max(wanted, fault.retry_after or 0), _LONGEST_BACKOFF)


@asynccontextmanager
async def device_sign_in(
    transport: Transport, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> AsyncIterator[DeviceSignIn]:
    """Begin a sign-in, to be waited for inside the block; who leaves it early gives the code up.

    Raises Unsupported where the server offers none, and CustomerApiError.
    """
    endpoints = await discover(transport)
    if not endpoints.by_device:
        raise errors.Unsupported("This server does not let people sign in from another device.")
    reply = await transport.request(
        "POST", endpoints.device, form={"client_id": CLIENT_ID}, signed_in=False, repeatable=True
    )
    begun = _plain(parsed_as(DeviceAuthorization, reply.body), transport.server)
    waiting = DeviceSignIn(transport, endpoints, begun, pause)
    try:
        yield waiting
    except BaseException:
        await waiting.given_up()
        raise


def _plain(begun: DeviceAuthorization, server: str) -> DeviceAuthorization:
    """Give what a server said as it may be shown and waited for. Raises NotTheApi for what cannot."""
    complete = begun.verification_uri_complete
    shown = _is_page(begun.verification_uri, server) and 0 < len(begun.user_code) <= _LONGEST_CODE
    if not shown or not begun.user_code.isprintable() or not begun.device_code:
        raise errors.NotTheApi("The server gives a code that this application cannot show.")
    return begun.model_copy(
        update={
            "verification_uri_complete": complete if _is_page(complete, server) else "",
            "interval": min(begun.interval if begun.interval > 0 else _USUAL_INTERVAL, _LONGEST_SECONDS),
            "expires_in": min(max(begun.expires_in, 0), _LONGEST_SECONDS),
        }
    )


def _is_page(address: str, server: str) -> bool:
    """Say whether an address can be shown and opened: readable, and no less private than the server's own."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    plain = address.isascii() and address.isprintable() and " " not in address
    private = parts.scheme == "https" or (parts.scheme == "http" and server.startswith("http:"))
    return (
        plain
        and private
        and bool(parts.netloc)
        and "@" not in parts.netloc
        and len(address) <= _LONGEST_ADDRESS
    )

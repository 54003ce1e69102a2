"""Keeps one session alive: hands out its access token and gets the next one in time.

The refresh token is good for one use and every process of the person uses the same one, so a refresh
happens under a lock that holds across processes, and looks first whether another process was faster.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, TypeVar

from client import errors
from client.auth.endpoints import ask_for_tokens
from client.auth.grants import refresh
from client.session.lock import POLL_SECONDS, in_use
from client.session.store import Session, SessionStore
from client.transport import Transport

T = TypeVar("T")

LATE_SECONDS: Final = 3.0
"""With less left than this, requests wait for the next token; before, it is got while they go out."""
_REFRESH_SECONDS: Final = 30.0
_LOCK_SECONDS: Final = 45.0
_SETTLE_SECONDS: Final = 3.0


class SessionAuthority:
    """The authority of one session; every transport of the session has one."""

    def __init__(
        self,
        transport: Transport,
        store: SessionStore,
        session: Session,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Take a `transport` that tokens are asked for through; it may be the one that this serves."""
        self._transport = transport
        self._store = store
        self._session = session
        self._now = now
        self._refreshing: asyncio.Task[str] | None = None

    @property
    def session(self) -> Session:
        """The session as it was last seen."""
        return self._session

    async def token(self) -> str:
        """Give the access token to send; renewed first where it is about to end. Raises SignedOut."""
        session, now = self._session, self._now()
        if not session.access_token or now > max(session.renew_at, session.expires_at - LATE_SECONDS):
            return await self.renewed(session.access_token)
        if now > session.renew_at:
            self._start(session.access_token)
        return session.access_token

    async def renewed(self, refused: str) -> str:
        """Give another access token than the `refused` one. Raises SignedOut."""
        if self._session.access_token not in ("", refused) and self._fresh(self._session):
            return self._session.access_token
        # Whoever waits may leave; the refresh goes on, for its answer is good for one use.
        return await asyncio.shield(self._start(refused))

    async def settled(self) -> None:
        """Wait a moment for a refresh under way: its answer, thrown away, would cost the session."""
        if self._refreshing is not None and not self._refreshing.done():
            await asyncio.wait([self._refreshing], timeout=_SETTLE_SECONDS)

    def _start(self, refused: str) -> "asyncio.Task[str]":
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.ensure_future(self._refresh(refused))
            # Nobody may be waiting; the next request will find out what is wrong.
            self._refreshing.add_done_callback(lambda task: task.cancelled() or task.exception())
        return self._refreshing

    async def _refresh(self, refused: str) -> str:
        async with alone(self._store, self._session.name):
            session = await _in_thread(lambda: self._store.load(self._session.name))
            if session is None or not session.refresh_token or not self._is_ours(session):
                self._session = self._session.ended()
                raise errors.SignedOut
            if session.access_token not in ("", refused) and self._fresh(session):
                self._session = session
                return session.access_token
            if session.expires_at < self._session.expires_at:
                session = self._session  # The newest tokens could not be kept last time.
            await self._take_successor(session)
            return self._session.access_token

    async def _take_successor(self, session: Session) -> None:
        try:
            async with asyncio.timeout(_REFRESH_SECONDS):
                tokens = await ask_for_tokens(
                    self._transport, session.token_path, refresh(session.refresh_token)
                )
        except TimeoutError:
            raise errors.TimedOut from None
        except errors.SignedOut:
            self._session = session.ended()
            await self._keep()
            raise
        self._session = session.with_tokens(
            tokens.access_token, tokens.refresh_token, tokens.expires_in, self._now()
        )
        await self._keep()

    async def _keep(self) -> None:
        session = self._session
        # With a full disk the work goes on while this process runs; the next one asks to sign in.
        with suppress(errors.NotKept, errors.NotPrivate):
            await _in_thread(lambda: self._store.save(session))

    def _is_ours(self, session: Session) -> bool:
        """Say whether a session is still of the same person and server: its name may have been given anew."""
        return (session.server, session.login) == (self._session.server, self._session.login)

    def _fresh(self, session: Session) -> bool:
        return self._now() < session.renew_at


@asynccontextmanager
async def alone(store: SessionStore, name: str) -> AsyncIterator[None]:
    """Hold the lock of a session while the block runs, waiting for it beside the loop. Raises NotKept."""
    with store.lock(name) as lock:
        until = time.monotonic() + _LOCK_SECONDS
        while not lock.taken():
            if time.monotonic() > until:
                raise in_use()
            await asyncio.sleep(POLL_SECONDS)
        yield


async def _in_thread(work: Callable[[], T]) -> T:
    """Do what may wait for a disk or a keyring beside the loop; done when this ends, cancelled or not."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise

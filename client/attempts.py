"""One request through all its attempts: token, retries, and what the answer means."""

from collections.abc import Awaitable, Callable
from random import random
from typing import Any, Final, Protocol

from client import errors
from client.answers import ACCEPT_ENCODING, Reply, parsed
from client.exchange import Failure, Incoming, Outgoing, Sender
from client.refusals import refusal, seconds_to_wait
from client.retry import Outcome, wait_before_retry

_LEAN_HEADERS: Final = {"Accept-Encoding": ACCEPT_ENCODING}
_MAYBE_DONE: Final = frozenset({"lost", "timed_out", "running", 502, 504})


class Authority(Protocol):
    """Knows the access token of a session and how to get the next one."""

    async def token(self) -> str:
        """Give the access token to send, empty before sign-in. Raises SignedOut."""

    async def renewed(self, refused: str) -> str:
        """Give another token than the one the server `refused`. Raises SignedOut."""

    async def settled(self) -> None:
        """Wait a moment for what is under way, before the connections go."""


class Attempts:
    """Sends one request until it is answered or asking again is of no use."""

    def __init__(
        self,
        sender: Sender,
        outgoing: Outgoing,
        authority: Authority | None,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._sender = sender
        self._outgoing = outgoing
        self._authority = authority
        self._pause = pause
        self._maybe_done = False
        self._abandoned = False
        self._under_way = False

    async def reply(self) -> Reply:
        """Send as the signed-in person; once more with another token where the server refused the first."""
        if self._authority is None:
            return await self._with_retries("")
        token = await self._authority.token()
        try:
            return await self._with_retries(token)
        except errors.SignedOut:
            if not token or self._abandoned:
                raise
            return await self._with_retries(await self._authority.renewed(token))

    def abandon(self) -> bool:
        """Note that nobody waits for the reply any more; say whether something is on its way all the same.

        Then it should be let finish, but nothing is sent again.
        """
        self._abandoned = True
        return self._under_way

    def _begun(self) -> None:
        self._under_way = True

    async def _with_retries(self, token: str) -> Reply:
        headers = _LEAN_HEADERS | ({"Authorization": f"Bearer {token}"} if token else {})
        attempt = 1
        while True:
            outcome: Outcome | None
            try:
                incoming = await self._sender.send(self._outgoing, headers, self._begun)
                return understood(incoming, as_bytes=self._outgoing.as_bytes, repeated=self._maybe_done)
            except Failure as failure:
                outcome, error = failure.outcome, failure.error
            except errors.CustomerApiError as refused:
                outcome, error = _outcome_of(refused), refused
            self._under_way = False
            error.repeated = self._maybe_done
            wait = self._wait(attempt, outcome, error.retry_after)
            if wait is None:
                raise self._honest(error)
            self._maybe_done = self._maybe_done or outcome in _MAYBE_DONE
            await self._pause(wait)
            attempt += 1

    def _honest(self, error: errors.CustomerApiError) -> errors.CustomerApiError:
        """Take back that nothing was changed, where an earlier sending was lost and may have worked."""
        decided = 400 <= error.status < 500
        if self._maybe_done and not decided and error.safe == errors.CustomerApiError.safe:
            error.safe = errors.Interrupted.safe
        return error

    def _wait(self, attempt: int, outcome: Outcome | None, retry_after: float | None) -> float | None:
        if outcome is None or self._abandoned:
            return None
        return wait_before_retry(
            attempt,
            self._outgoing.method,
            outcome,
            retry_after=retry_after,
            idempotent=self._outgoing.idempotent,
            jitter=random(),  # noqa: S311 - spreads clients apart, guards nothing
        )


def understood(incoming: Incoming, *, as_bytes: bool, repeated: bool) -> Reply:
    """Give the reply of an answer, or raise what its refusal means."""
    headers = incoming.headers
    if 200 <= incoming.status < 300 or incoming.status == 304:
        if as_bytes:
            return Reply(incoming.status, headers, None, incoming.content, repeated)
        body = parsed(incoming.content, headers.get("content-type", ""))
        return Reply(incoming.status, headers, body, repeated=repeated)
    if 300 <= incoming.status < 400:
        raise errors.NotTheApi("The server sends this application elsewhere.", status=incoming.status)
    raise refusal(
        incoming.status,
        _problem(incoming),
        request_id=headers.get("x-request-id", "")[:100],
        retry_after=seconds_to_wait(headers.get("retry-after", "")),
    )


def _problem(incoming: Incoming) -> dict[str, Any] | None:
    try:
        body = parsed(incoming.content, incoming.headers.get("content-type", ""))
    except errors.NotTheApi:
        return None
    return body if isinstance(body, dict) else None


def _outcome_of(refused: errors.CustomerApiError) -> Outcome | None:
    if refused.code == "idempotency_running":
        return "running"
    return refused.status if refused.status and not isinstance(refused, errors.NotTheApi) else None

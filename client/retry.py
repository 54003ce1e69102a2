"""Whether and when to ask again: one pure function."""

from typing import Final, Literal

Outcome = Literal["refused", "unreachable", "lost", "timed_out", "running"] | int
"""How an attempt ended: no connection, said at once; no connection in time; the link lost after sending; no
answer in time; a request with the same idempotency key still running; or an HTTP status."""

ATTEMPTS: Final = 4
"""How often a request is sent at most."""
LONGEST_WAIT: Final = 10.0
"""Seconds; a server that asks for more is not waited for: the person is told instead."""

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "QUERY"})
_FIRST_WAIT: Final = 0.25
_AGAIN: Final = frozenset({429, 502, 503, 504})


def wait_before_retry(
    attempt: int,
    method: str,
    outcome: Outcome,
    *,
    retry_after: float | None = None,
    idempotent: bool = False,
    jitter: float = 0.5,
) -> float | None:
    """Give the seconds to wait before asking again, or None where that is not right.

    `attempt` counts from 1. `idempotent` says that sending twice does no more than sending once: an
    idempotency key or an `If-Match` rides along. `jitter` in 0..1 spreads clients apart.
    """
    if attempt >= ATTEMPTS:
        return None
    backoff = _FIRST_WAIT * 4 ** (attempt - 1) * (0.5 + jitter)
    if outcome in ("refused", "unreachable"):
        # Nothing was sent, so any method may try again; but a person who is offline should hear it soon.
        return backoff if outcome == "refused" and attempt == 1 else None
    if not (idempotent or method in _SAFE_METHODS):
        return None
    if outcome == "lost":
        # Most often the server closed a connection that was idle: a new one works at once.
        return 0.0 if attempt == 1 else backoff
    if outcome == "timed_out":
        return 0.0 if attempt == 1 else None
    if outcome == "running" or outcome in _AGAIN:
        wait = backoff if retry_after is None else max(retry_after, 0.0)
        return wait if wait <= LONGEST_WAIT else None
    return None

"""Passwords: hashed with Argon2id (RFC 9106) in threads of their own, so that nobody else waits for it."""

import asyncio
import contextlib
import os
import re
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

from server.config import ServerSettings
from server.problems import Refusal

T = TypeVar("T")

SHORTEST: Final = 10
LONGEST: Final = 1000
"""Characters in a password; the upper bound is there so that a request cannot be a piece of work."""

_COMMON: Final = {
    *("abc", "abcdef", "admin", "administrator", "asdfghjkl", "baseball", "changeme", "dragon", "football"),
    *("iloveyou", "letmein", "login", "master", "monkey", "password", "passwort", "princess", "qwerty"),
    *("qwertyuiop", "qwertz", "secret", "sunshine", "superman", "trustno", "welcome"),
}
"""Words that guessing begins with, whatever digits and signs are put around them."""

_WAITING: Final = 16
"""So many may wait in one queue; the next one is told to come back."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of checking a password."""

    right: bool
    rehashed: str | None = None
    """The same password hashed anew, where the stored hash was made with other parameters."""


def weakness(password: str, login: str) -> str | None:
    """Give the sentence that tells why a new password is not taken, or None."""
    if len(password) < SHORTEST:
        return (
            f"A password needs at least {SHORTEST} characters. A few words in a row are easy to keep in mind."
        )
    if len(password) > LONGEST:
        return f"A password may have at most {LONGEST} characters."
    if login and password.strip().casefold() == login.casefold():
        return "The password must not be the sign-in name."
    letters = re.sub(r"[\W\d_]", "", password.casefold())
    if not letters or letters in _COMMON:
        return "This is among the first passwords that are guessed. A few words in a row are better."
    if len(set(password)) < 4:
        return "The password repeats too few characters. A few words in a row are better."
    return None


class Passwords:
    """Makes and checks hashes, a few at a time."""

    def __init__(self, settings: ServerSettings) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.password_passes,
            memory_cost=max(settings.password_memory_kib, 8 * settings.password_lanes),
            parallelism=settings.password_lanes,
            type=Type.ID,
        )
        self._queues = {known: _Queue(settings.password_hashes_at_once) for known in (True, False)}

    async def check(self, stored: str, password: str, *, known: bool) -> Verdict:
        """Say whether `password` is the one behind the hash `stored`.

        Who is `known` waits in another queue than strangers. An empty hash is never right, and takes as
        long to say so. Raises 429 where too many wait.
        """
        return await self._queues[known].run(self._check, stored, password)

    async def hash(self, password: str) -> str:
        """Give the hash to store. Raises 429 where too many wait."""
        return await self._queues[True].run(self.hash_now, password)

    def hash_now(self, password: str) -> str:
        """Give the hash to store, at once, in this thread: for commands that run without a loop."""
        return self._hasher.hash(_prepared(password))

    def close(self) -> None:
        """Wait for what is being hashed."""
        for queue in self._queues.values():
            queue.close()

    def _check(self, stored: str, password: str) -> Verdict:
        if not stored:
            self.hash_now(password)
            return Verdict(right=False)
        try:
            self._hasher.verify(stored, _prepared(password))
        except (Argon2Error, InvalidHashError):
            return Verdict(right=False)
        outdated = self._hasher.check_needs_rehash(stored)
        return Verdict(right=True, rehashed=self.hash_now(password) if outdated else None)


class _Queue:
    """Hashes a few at a time, and lets a few more wait."""

    def __init__(self, at_once: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, "password", initializer=_step_back)
        self._waiting = 0

    async def run(self, work: Callable[..., T], *arguments: str) -> T:
        """Do `work` when its turn comes. Raises 429 where too many wait."""
        if self._waiting >= _WAITING:
            sentence = "Many people are signing in right now. Try again in a few seconds."
            raise Refusal(429, sentence, headers={"Retry-After": "3"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Wait for what is being hashed."""
        self._threads.shutdown()


def _step_back() -> None:
    """Let whoever answers requests go first: hashing takes every core that it gets."""
    with contextlib.suppress(OSError, AttributeError):
        # On Linux a thread has a priority of its own; elsewhere this is refused.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)


def _prepared(password: str) -> str:
    """Give a password as every keyboard and system would have typed it (RFC 8265, OpaqueString)."""
    return unicodedata.normalize("NFC", re.sub(r"[^\S\x00-\x7f]", " ", password))

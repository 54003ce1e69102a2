"""Passwords: hashed with Argon2id (RFC 9106) in threads of their own, so that nobody else waits for it."""

import asyncio
import re
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

_WAITING: Final = 32


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
        self._threads = ThreadPoolExecutor(settings.password_hashes_at_once, "password")
        self._waiting = 0

    async def check(self, stored: str, password: str) -> Verdict:
        """Say whether `password` is the one behind the hash `stored`.

        An empty hash is never right, and takes as long to say so. Raises 429 where too many wait.
        """
        return await self._in_thread(self._check, stored, password)

    async def hash(self, password: str) -> str:
        """Give the hash to store. Raises 429 where too many wait."""
        return await self._in_thread(self.hash_now, password)

    def hash_now(self, password: str) -> str:
        """Give the hash to store, at once, in this thread: for commands that run without a loop."""
        return self._hasher.hash(_prepared(password))

    def close(self) -> None:
        """Wait for what is being hashed."""
        self._threads.shutdown()

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

    async def _in_thread(self, work: Callable[..., T], *arguments: str) -> T:
        if self._waiting >= _WAITING:
            sentence = "Many people are signing in right now. Try again in a few seconds."
            raise Refusal(429, sentence, headers={"Retry-After": "3"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._waiting -= 1


def _prepared(password: str) -> str:
    """Give a password as every keyboard and system would have typed it (RFC 8265, OpaqueString)."""
    return unicodedata.normalize("NFC", re.sub(r"[^\S\x00-\x7f]", " ", password))

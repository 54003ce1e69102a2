"""Where the tokens of a session rest: the system's keyring if there is a real one, else a file.

A keyring may ask its owner to unlock it, on a screen nobody sits at, or its bus may hang: it is asked in a
thread that nobody waits for longer than a moment. Over SSH, and on Linux without a session bus, it is not
asked at all. Backends that keep secrets in clear, or nothing, are no keyrings.
"""

import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol, TypeVar

from client.errors import NotKept

T = TypeVar("T")

SERVICE: Final = "keeptabs"
"""The name under which the keyring shows our entries."""
SWITCH: Final = "KEEPTABS_KEYRING"
"""Environment variable: `no` keeps tokens in 0600 files, `yes` asks the keyring over SSH too."""

_REAL_BACKENDS: Final = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
)
_SECONDS: Final = 5.0


class Keyring(Protocol):
    """What is asked of a backend of the keyring library."""

    def get_password(self, service: str, username: str) -> str | None:
        """Give a secret."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget a secret."""


class KeyringKeeper:
    """Keeps secrets in the system's keyring, and never waits for it longer than `seconds`."""

    def __init__(
        self, find: Callable[[], Keyring | None] | None = None, *, seconds: float = _SECONDS
    ) -> None:
        self._find = find or real_keyring
        self._seconds = seconds

    def put(self, name: str, secret: str) -> bool:
        """Keep a secret; say whether the keyring took it and gives it back."""

        def put_and_look() -> bool:
            keyring = self._find()
            if keyring is None:
                return False
            keyring.set_password(SERVICE, name, secret)
            return keyring.get_password(SERVICE, name) == secret

        try:
            return self._within_time(put_and_look)
        except NotKept:
            return False

    def get(self, name: str) -> str | None:
        """Give a secret, None where there is none. Raises NotKept where the keyring does not answer."""

        def look() -> str | None:
            keyring = self._find()
            return None if keyring is None else keyring.get_password(SERVICE, name)

        return self._within_time(look)

    def drop(self, name: str) -> None:
        """Forget a secret; it is fine if there is none. Raises NotKept where the keyring does not answer."""

        def forget() -> None:
            keyring = self._find()
            if keyring is not None and keyring.get_password(SERVICE, name) is not None:
                keyring.delete_password(SERVICE, name)

        self._within_time(forget)

    def _within_time(self, work: Callable[[], T]) -> T:
        results: list[T] = []
        problems: list[BaseException] = []

        def run() -> None:
            try:
                results.append(work())
            except Exception as problem:  # noqa: BLE001 - backends raise whatever their system does
                problems.append(problem)

        thread = threading.Thread(target=run, name="keyring", daemon=True)
        thread.start()
        thread.join(self._seconds)
        if results:
            return results[0]
        raise NotKept(
            "The keyring of this machine does not answer.",
            remedy="Unlock it, or sign in again without it.",
        ) from (problems[0] if problems else None)


def keyring_wanted(environment: Mapping[str, str]) -> bool:
    """Say whether to ask the keyring at all for a new session."""
    switch = environment.get(SWITCH, "").lower()
    if switch in ("no", "0", "off", "false"):
        return False
    if switch in ("yes", "1", "on", "true"):
        return True
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        return False
    return sys.platform == "darwin" or bool(environment.get("DBUS_SESSION_BUS_ADDRESS"))


def real_keyring() -> Keyring | None:
    """Find a backend that keeps secrets from other users of the machine, None where there is none."""
    import keyring

    backend: Any = keyring.get_keyring()
    for candidate in getattr(backend, "backends", [backend]):
        if type(candidate).__module__.startswith(_REAL_BACKENDS):
            found: Keyring = candidate
            return found
    return None

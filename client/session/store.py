"""Sessions on this machine: one private file each, with the tokens in it or in the keyring."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

from client.address import server_address
from client.errors import Invalid, NotKept, NotPrivate
from client.session.keeper import KeyringKeeper, keyring_wanted
from client.session.lock import Lock
from client.session.names import file_name
from client.session.private_files import PrivateFolder

_SUFFIX: Final = ".json"
_CURRENT: Final = "current"
_TIMES: Final = ("expires_at", "renew_at")
_SECRETS: Final = ("access_token", "refresh_token", *_TIMES)
_EARLY_SECONDS: Final = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One person signed in to one server."""

    name: str
    """What the person calls it, such as `anna@desk.example.org`."""
    server: str
    """Address of the server."""
    login: str
    """Sign-in name."""
    token_path: str = "/v1/oauth/token"  # noqa: S105 - a path, no secret
    """Where tokens are given, as discovered at sign-in."""
    revocation_path: str = "/v1/oauth/revoke"
    """Where they are revoked."""
    access_token: str = ""
    """Empty once the session has ended."""
    refresh_token: str = ""
    """Good for one use."""
    expires_at: float = 0.0
    """When the access token ends, in seconds since 1970."""
    renew_at: float = 0.0
    """When the next one is asked for."""

    demo: str = ""
    """Not empty: the session of a demo, whose server ends with it; only who names it gets it."""
    kept: str = "file"
    """Where the tokens rest: `file` or `keyring`."""
    locked: str = ""
    """Not empty: the screen was locked, and whoever opens the application shows the password first."""

    @property
    def signed_in(self) -> bool:
        """Whether the session is open, as far as this machine knows."""
        return bool(self.refresh_token) or self.kept == "keyring"

    def with_tokens(self, access_token: str, refresh_token: str, expires_in: float, now: float) -> "Session":
        """Give the session with the tokens that came at `now`, good for `expires_in` seconds."""
        return replace(
            self,
            access_token=access_token,
            refresh_token=refresh_token,
            expires_at=now + expires_in,
            renew_at=now + max(expires_in - _EARLY_SECONDS, expires_in * 0.75),
        )

    def ended(self) -> "Session":
        """Give the session without its tokens: where and who are kept for the next sign-in."""
        return replace(self, access_token="", refresh_token="", expires_at=0.0, renew_at=0.0, kept="file")

    def __repr__(self) -> str:
        return f"Session({self.name!r}, {self.server!r}, signed_in={self.signed_in})"


class SessionStore:
    """Keeps sessions by name and remembers the one used last. Raises NotPrivate and NotKept."""

    def __init__(
        self, root: Path, *, keyring: KeyringKeeper | None = None, prefer_keyring: bool = False
    ) -> None:
        """Take `root`, the folder of all that is kept, and whether new sessions go into the keyring."""
        self._folder = PrivateFolder(root / "sessions")
        self._keyring = keyring or KeyringKeeper()
        self._prefer_keyring = prefer_keyring

    @classmethod
    def of_this_user(cls, environment: Mapping[str, str]) -> Self:
        """Give the store of the person at this machine."""
        return cls(state_folder(), prefer_keyring=keyring_wanted(environment))

    def sessions(self) -> list[Session]:
        """Give all sessions in order of name, the keyring not asked: tokens kept there are left empty.

        A file that others could have read is left out here; `load` says what is wrong with it.
        """
        found: list[Session] = []
        for file in self._folder.names(_SUFFIX):
            with suppress(NotPrivate):
                entry = self._read(file)
                if entry:
                    found.append(_session(entry))
        return sorted(found, key=lambda session: session.name)

    def find(self, server: str = "", login: str = "") -> Session | None:
        """Give the session of a server and user; of several, or with neither given, the one used last.

        A demo is for who names it.
        """
        with suppress(Invalid):
            server = server and server_address(server, allow_plain_http=True)
        fitting = [
            session
            for session in self.sessions()
            if server in ("", session.server)
            and login in ("", session.login)
            and (server or not session.demo)
        ]
        last = self.current()
        return next((session for session in fitting if session.name == last), fitting[0] if fitting else None)

    def load(self, name: str) -> Session | None:
        """Give a session with its tokens, None where there is no such session."""
        entry = self._read(file_name(name) + _SUFFIX)
        if not entry or entry["name"] != name:
            return None
        session = _session(entry)
        secret = self._keyring.get(name) if session.kept == "keyring" else None
        return _with_secrets(session, secret) if secret else session

    def save(self, session: Session) -> None:
        """Keep a session; when this returns, it is on disk."""
        known = self._known(session.name)
        was_in_keyring = known is not None and known["kept"] == "keyring"
        entry = asdict(session) | {"kept": "file"}
        secrets = {name: entry[name] for name in _SECRETS}
        wanted = session.refresh_token and (was_in_keyring or self._prefer_keyring)
        if wanted and self._keyring.put(session.name, json.dumps(secrets)):
            entry = {name: value for name, value in entry.items() if name not in _SECRETS} | {
                "kept": "keyring"
            }
        elif was_in_keyring:
            self._forget_secret(session.name)
        if entry != known:
            self._folder.write(file_name(session.name) + _SUFFIX, json.dumps(entry).encode())

    def mark_locked(self, name: str, *, locked: bool) -> None:
        """Note whether the screen of a session is locked: leaving the application must not open it."""
        file = file_name(name) + _SUFFIX
        entry = self._read(file)
        if entry is not None and bool(entry.get("locked")) != locked:
            self._folder.write(file, json.dumps(entry | {"locked": "yes" if locked else ""}).encode())

    def remove(self, name: str) -> None:
        """Forget a session and its tokens."""
        known = self._known(name)
        if known and known["kept"] == "keyring":
            self._forget_secret(name)
        self._folder.remove(file_name(name) + _SUFFIX)

    def current(self) -> str | None:
        """Name the session that was used last."""
        try:
            content = self._folder.read(_CURRENT)
        except NotPrivate:
            return None
        return content.decode(errors="replace") if content else None

    def choose(self, name: str) -> None:
        """Remember a session as the one used last."""
        if self.current() != name:
            self._folder.write(_CURRENT, name.encode())

    def lock(self, name: str) -> Lock:
        """Give the lock that whoever refreshes this session holds."""
        return self._folder.lock(file_name(name))

    def _known(self, name: str) -> dict[str, Any] | None:
        """Read a session that is to be replaced or removed: then it does not matter who else has read it."""
        with suppress(NotPrivate):
            return self._read(file_name(name) + _SUFFIX)
        return None

    def _read(self, file: str) -> dict[str, Any] | None:
        content = self._folder.read(file)
        if content is None:
            return None
        try:
            entry: dict[str, Any] = {"kept": "file"} | json.loads(content)
            _session(entry)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self._folder.set_aside(file)
            return None
        return entry

    def _forget_secret(self, name: str) -> None:
        try:
            self._keyring.drop(name)
        except NotKept:
            return  # A keyring that is gone keeps a token that was used up or revoked: nothing of worth.


def state_folder() -> Path:
    """Name the folder of all that is kept for the person at this machine."""
    from platformdirs import user_state_path

    return user_state_path("keeptabs", appauthor=False)


def _session(entry: Mapping[str, Any]) -> Session:
    fields: dict[str, Any] = {name: entry[name] for name in Session.__dataclass_fields__ if name in entry}
    for name, value in fields.items():
        if not isinstance(value, (int, float) if name in _TIMES else str):
            raise TypeError(f"{name} is not of its kind")
    return Session(**fields)


def _with_secrets(session: Session, secret: str) -> Session:
    try:
        return _session(asdict(session) | json.loads(secret))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return session

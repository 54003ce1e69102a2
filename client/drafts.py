"""What was typed and not yet saved, on disk within a second: offered again after a crash."""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from client.errors import CustomerApiError
from client.session.names import account_folder, file_name
from client.session.private_files import PrivateFolder

_SUFFIX: Final = ".draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Unsaved work on one record."""

    key: str
    """What it is a draft of, such as `customers/0198…` or `notes/new/0198…`."""
    title: str = ""
    """What a person calls it, such as the customer's name."""
    base_version: int = 0
    """The version that the work began with; 0 for a new record."""
    base: dict[str, Any] = field(default_factory=dict)
    """The record that the work began with, as JSON."""
    patch: dict[str, Any] = field(default_factory=dict)
    """What was changed, as a merge patch (RFC 7396)."""
    typed: dict[str, str] = field(default_factory=dict)
    """What stands in fields just as it was typed, by JSON Pointer: also what is not valid yet."""
    idempotency_key: str = ""
    """For a new record: sent along, so that it is made only once however often it is tried."""
    saved_at: float = 0.0
    """When the draft was written, in seconds since 1970."""


class DraftStore:
    """The drafts of one user of one server: one private file each. Raises NotPrivate and NotKept."""

    def __init__(
        self,
        root: Path,
        server: str,
        login: str,
        folder: Callable[[Path], PrivateFolder] = PrivateFolder,
    ) -> None:
        """Take `root`, the folder of all that is kept."""
        self._folder = folder(root / account_folder(server, login) / "drafts")

    def save(self, draft: Draft) -> None:
        """Keep a draft in the place of the one before; when this returns, it is on disk."""
        content = json.dumps(asdict(draft) | {"saved_at": time.time()}, separators=(",", ":"))
        self._folder.write(file_name(draft.key) + _SUFFIX, content.encode())

    def load(self, key: str) -> Draft | None:
        """Give the draft of `key`, None where there is none. A damaged file is set aside."""
        return self._read(file_name(key) + _SUFFIX)

    def discard(self, key: str) -> None:
        """Remove a draft; it is fine if there is none."""
        self._folder.remove(file_name(key) + _SUFFIX)

    def list(self) -> list[Draft]:
        """Give all drafts, newest first."""
        found = [self._read(name) for name in self._folder.names(_SUFFIX)]
        return sorted((draft for draft in found if draft), key=lambda draft: -draft.saved_at)

    def _read(self, name: str) -> Draft | None:
        content = self._folder.read(name)
        if content is None:
            return None
        try:
            return _draft(json.loads(content))
        except (ValueError, TypeError, RecursionError):
            self._folder.set_aside(name)
            return None


class DraftSaver:
    """Writes drafts from an event loop: soon after the last key, and never long after the first."""

    def __init__(
        self,
        store: DraftStore,
        *,
        quiet_seconds: float = 0.25,
        longest_seconds: float = 0.6,
        failed: Callable[[CustomerApiError], None] = lambda _: None,
    ) -> None:
        """Take `failed`, which is told when a draft cannot be kept."""
        self._store = store
        self._quiet_seconds = quiet_seconds
        self._longest_seconds = longest_seconds
        self._failed = failed
        self._waiting: dict[str, Draft | None] = {}
        self._taking = threading.Lock()
        self._writing = threading.Lock()
        self._since: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def keep(self, draft: Draft) -> None:
        """Have a draft written soon; a newer one of the same key takes its place."""
        self._plan(draft.key, draft)

    def discard(self, key: str) -> None:
        """Have a draft removed, also one that is still to be written."""
        self._plan(key, None)

    def flush(self) -> None:
        """Write what waits now, in this thread: at the end of a screen or of the program."""
        if self._timer is not None:
            self._timer.cancel()
        problem = self._write()
        if problem is not None:
            self._failed(problem)

    def _plan(self, key: str, draft: Draft | None) -> None:
        loop = asyncio.get_running_loop()
        with self._taking:
            self._waiting[key] = draft
            self._since = loop.time() if self._since is None else self._since
            latest = self._since + self._longest_seconds
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(min(loop.time() + self._quiet_seconds, latest), self._begin)

    def _begin(self) -> None:
        task = asyncio.ensure_future(self._write_beside())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write_beside(self) -> None:
        problem = await asyncio.to_thread(self._write)
        if problem is not None:
            self._failed(problem)

    def _write(self) -> CustomerApiError | None:
        # What waits is taken only when it is this thread's turn, so that an older draft never comes last.
        with self._writing:
            with self._taking:
                waiting, self._waiting, self._since = self._waiting, {}, None
            problem: CustomerApiError | None = None
            for key, draft in waiting.items():
                try:
                    if draft is None:
                        self._store.discard(key)
                    else:
                        self._store.save(draft)
                except CustomerApiError as found:
                    problem = found
            return problem


def _draft(entry: Any) -> Draft:
    kinds: dict[str, Any] = {
        "base_version": int,
        "saved_at": (int, float),
        "base": dict,
        "patch": dict,
        "typed": dict,
    }
    fields = {name: entry[name] for name in Draft.__dataclass_fields__ if name in entry}
    for name, value in fields.items():
        if not isinstance(value, kinds.get(name, str)):
            raise TypeError(f"{name} is no {kinds.get(name, str)}")
    return Draft(**fields)

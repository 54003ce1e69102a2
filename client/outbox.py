"""Edits that wait for the link: on disk before anything is said, sent in order, and counted once."""

import json
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from client import errors, models
from client.session.names import account_folder
from client.session.private_files import PrivateFolder

if TYPE_CHECKING:
    from client.collection import Collection
    from client.saving import Choose, Saved
    from client.session.lock import Lock
    from client.transport import Transport

KEY_SECONDS: Final = 6 * 24 * 3600.0
"""So long a server surely knows an idempotency key; after that, a lost answer leaves a doubt."""

_SUFFIX: Final = ".edit"
_LOCK: Final = "sender"

State = Literal["waiting", "clash", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One save that the server has not answered yet."""

    name: str = ""
    """Its place in the order; given by the outbox."""
    title: str
    """What a person calls it, such as `1263 Sophie Lynn Buchanan, note`."""
    customer_id: str = ""
    """Whom it is about; empty for a new customer."""
    address: str
    """The path of the collection."""
    record_id: str = ""
    """Which record is changed; empty: a new one is made."""
    model: str
    """What the records of the collection are, by the name in `client.models`."""
    base: dict[str, Any] = field(default_factory=dict)
    """The record that the change began with, as JSON with its version."""
    mine: dict[str, Any]
    """The record as it shall be, or the members of a new one."""
    idempotency_key: str
    """The same for every sending, so that it counts once."""
    wish: str = ""
    """What the server may do besides (RFC 7240)."""
    draft_key: str = ""
    """The draft that it becomes again where it must be corrected."""
    draft: dict[str, Any] = field(default_factory=dict)
    """What was typed, as that draft holds it."""
    kept_at: float = 0.0
    """When it was put here, in seconds since 1970."""
    maybe_done: bool = False
    """Whether it was sent and its answer never came."""
    state: State = "waiting"
    said: str = ""
    """Why it was not taken: a sentence."""

    @property
    def target(self) -> str:
        """The record that it changes or makes: edits of one record are sent one after the other."""
        return f"{self.address}/{self.record_id or self.unsent_id}"

    @property
    def unsent_id(self) -> str:
        """The id of the record that will be made, until the server gives it one."""
        return f"unsent-{self.idempotency_key}"


class Outbox:
    """The edits of one user of one server: one private file each. Raises NotPrivate and NotKept."""

    def __init__(self, root: Path, server: str, login: str) -> None:
        """Take `root`, the folder of all that is kept."""
        self._folder = PrivateFolder(root / account_folder(server, login) / "outbox")

    def put(self, edit: Edit) -> Edit:
        """Keep an edit behind all others; when this returns, it is on disk."""
        last = self._folder.names(_SUFFIX)[-1:]
        number = int(last[0].partition("-")[0]) + 1 if last and last[0][:9].isdigit() else 1
        placed = replace(edit, name=f"{number:09}-{os.urandom(3).hex()}", kept_at=time.time())
        self.replace(placed)
        return placed

    def replace(self, edit: Edit) -> None:
        """Keep an edit as it is now, in its place."""
        content = json.dumps(asdict(edit), separators=(",", ":"))
        self._folder.write(edit.name + _SUFFIX, content.encode())

    def remove(self, edit: Edit) -> None:
        """Let go of an edit: it is done, or not wanted."""
        self._folder.remove(edit.name + _SUFFIX)

    def list(self) -> list[Edit]:
        """Give all edits in order. A damaged file is set aside."""
        found = [self._read(name) for name in self._folder.names(_SUFFIX)]
        return [edit for edit in found if edit is not None]

    def find(self, name: str) -> Edit | None:
        """Give one edit as it is now, None where it is there no more."""
        return self._read(name + _SUFFIX)

    def lock(self) -> "Lock":
        """Give the lock that whoever sends holds: one process at a time."""
        return self._folder.lock(_LOCK)

    def _read(self, name: str) -> Edit | None:
        content = self._folder.read(name)
        if content is None:
            return None
        try:
            return _edit(json.loads(content))
        except (ValueError, TypeError, RecursionError, AttributeError):
            self._folder.set_aside(name)
            return None


@dataclass(frozen=True, slots=True)
class Round:
    """What came of sending what waits."""

    sent: tuple[Edit, ...] = ()
    stopped: errors.CustomerApiError | None = None
    """Why the round ended before everything was tried."""


async def send_waiting(
    transport: "Transport", outbox: Outbox, told: Callable[[], None] = lambda: None
) -> Round:
    """Send what waits, in order; what must be decided by a person waits on, and with it what comes behind.

    `told` is called after each edit. Another process that sends already is left alone. Raises NotKept.
    """
    sent: list[Edit] = []
    with outbox.lock() as lock:
        if not lock.taken():
            return Round()
        clashed: set[str] = set()
        for edit in sendable(outbox.list()):
            if edit.target in clashed:
                continue
            try:
                if await send(transport, outbox, edit, _ask_later):
                    sent.append(edit)
                else:
                    clashed.add(edit.target)
            except errors.CustomerApiError as problem:
                if not is_refusal(problem):
                    return Round(tuple(sent), problem)
                outbox.replace(replace(edit, state="refused", said=problem.sentence))
            told()
    return Round(tuple(sent))


def sendable(edits: Iterable[Edit]) -> list[Edit]:
    """Give what can be sent without asking anybody: nothing behind a clash of the same record."""
    found: list[Edit] = []
    clashed: set[str] = set()
    for edit in edits:
        if edit.state == "clash":
            clashed.add(edit.target)
        elif edit.state == "waiting" and edit.target not in clashed:
            found.append(edit)
    return found


async def send(transport: "Transport", outbox: Outbox, edit: Edit, choose: "Choose") -> bool:
    """Send one edit and let go of it once it is done; say whether it is. Raises CustomerApiError.

    Where it clashes with what somebody else saved, `choose` is asked; None keeps the edit as a clash.
    """
    if not edit.record_id and edit.maybe_done and time.time() - edit.kept_at > KEY_SECONDS:
        doubt = (
            "It was sent long ago and the answer was lost. Look whether it is there before sending it again."
        )
        outbox.replace(replace(edit, state="refused", said=doubt, kept_at=time.time(), maybe_done=False))
        return False
    collection = collection_of(transport, edit)
    if not edit.record_id:
        # From here on it may have been made, whatever becomes of this process.
        outbox.replace(edit := replace(edit, maybe_done=True, state="waiting", said=""))
        await collection.create(edit.mine, idempotency_key=edit.idempotency_key)
    elif await _update(collection, edit, choose) is None:
        clash = "Somebody else changed the same in the meantime."
        outbox.replace(replace(edit, state="clash", said=clash))
        return False
    outbox.remove(edit)
    return True


def is_refusal(problem: errors.CustomerApiError) -> bool:
    """Say whether the server has decided: sending the same again would change nothing."""
    later = (errors.SignedOut, errors.TooMany, errors.NotKept, errors.NotPrivate)
    decided = 400 <= problem.status < 500 or problem.code == "shape"
    return decided and not isinstance(problem, later) and problem.code != "idempotency_running"


def collection_of(transport: "Transport", edit: Edit) -> "Collection[Any]":
    """Give the collection that an edit belongs to."""
    from client.collection import Collection

    return Collection(transport, edit.address, getattr(models, edit.model))


async def _update(collection: "Collection[Any]", edit: Edit, choose: "Choose") -> "Saved[Any] | None":
    from client.saving import save_merged

    return await save_merged(
        collection, edit.record_id, edit.base, edit.mine, choose, edit.wish, edit.idempotency_key
    )


def _edit(kept: Any) -> Edit:
    usual = Edit(title="", address="", model="", mine={}, idempotency_key="")
    edit = Edit(**{member: kept[member] for member in Edit.__dataclass_fields__ if member in kept})
    for member in Edit.__dataclass_fields__:
        kind: Any = type(getattr(usual, member))
        if not isinstance(getattr(edit, member), (int, float) if kind is float else kind):
            raise TypeError(f"{member} is no {kind}")
    return edit


async def _ask_later(clashes: Iterable[Any]) -> None:
    """Choose nothing: nobody is asked behind the screen."""
    del clashes

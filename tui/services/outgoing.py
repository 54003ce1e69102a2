"""Saving with the link up or down: what cannot be sent now waits in the outbox, and is sent by itself."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import uuid4

from client.errors import CustomerApiError, SignedOut, Unreachable
from client.models.base import Record
from tui.services.unsent import as_record

if TYPE_CHECKING:
    from client.collection import Collection
    from client.outbox import Edit, Outbox, Round
    from client.saving import Choose, Saved
    from tui.services.desk import Desk

T = TypeVar("T", bound=Record)

_OTHERS_SECONDS: Final = 5.0
"""After so long it is looked whether another program of this person has sent what waits."""
_FAULT_SECONDS: Final = 60.0
"""After so long it is tried again where the server failed."""


@dataclass(frozen=True, slots=True)
class About:
    """What a save is of, for whoever reads later what waits."""

    title: str
    customer_id: str = ""
    draft_key: str = ""
    draft: Mapping[str, Any] = field(default_factory=dict)
    """What was typed, as a draft holds it: where it is refused, it is corrected there."""
    waits: bool = True
    """Whether it may wait for the link; what goes to others at once may not."""


class Outgoing:
    """Saves for one person at one server. Whatever screens save goes through here."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.edits: tuple[Edit, ...] = ()
        """What waits, as far as this program knows."""
        self.counted: Callable[[], None] = lambda: None
        """Hears that more or less waits."""
        self.done: Callable[[Sequence[Edit], bool], None] = lambda _edits, _saved: None
        """Hears what waits no longer, and whether that is because it is saved."""
        self._gone: list[Edit] = []
        self._task: asyncio.Task[None] | None = None
        self._later: asyncio.TimerHandle | None = None

    @cached_property
    def outbox(self) -> "Outbox | None":
        """Where edits wait; None where nothing may be kept on this machine."""
        from client.outbox import Outbox

        return Outbox(self._desk.root, self._desk.server, self._desk.login) if self._desk.keeps else None

    async def save(
        self,
        collection: "Collection[T, Any]",
        base: dict[str, Any],
        mine: dict[str, Any],
        choose: "Choose",
        about: About,
        wish: str = "",
    ) -> "Saved[T] | None":
        """Save what `mine` changes of the record `base`, as `save_merged` does; without a link, keep it.

        What waits of the same record already is not overtaken. Raises CustomerApiError.
        """
        from client.saving import save_merged

        edit = self._edit(collection, mine, about, base=base, record_id=base["id"], wish=wish)
        if any(before.target == edit.target and before.state != "refused" for before in self.edits):
            return self._kept(edit)
        try:
            return await save_merged(collection, base["id"], base, mine, choose, wish, edit.idempotency_key)
        except CustomerApiError as problem:
            if not (problem.out_of_reach and about.waits and self.outbox is not None):
                raise
            return self._kept(edit)

    async def create(
        self, collection: "Collection[T, Any]", values: Mapping[str, Any], key: str, about: About
    ) -> "Saved[T]":
        """Make a record; without a link, keep it. `key` is of every try. Raises CustomerApiError."""
        from client.saving import Saved

        try:
            made = await collection.create(values, idempotency_key=key)
        except CustomerApiError as problem:
            if not (problem.out_of_reach and about.waits and self.outbox is not None):
                raise
            # What was lost on the way may have been made.
            maybe = problem.repeated or not isinstance(problem, Unreachable)
            edit = self._edit(collection, dict(values), about, key=key)
            return self._kept(replace(edit, maybe_done=maybe))
        return Saved(made.value, {})

    def look(self) -> None:
        """Read what waits."""
        before, self.edits = self.edits, tuple(self.outbox.list()) if self.outbox is not None else ()
        left = {edit.name for edit in self.edits}
        self._gone += [edit for edit in before if edit.name not in left]
        if before != self.edits:
            self.counted()

    def start(self) -> None:
        """Send what waits, behind whatever is shown; nothing happens where nothing does."""
        if self._later is not None:
            self._later.cancel()
            self._later = None
        try:
            self.look()
        except CustomerApiError as problem:
            self._desk.tell(problem)
            return
        # Another program of this person may have sent some.
        self._tell_gone(saved=True)
        if self._task is None and self._can_send and not self._desk.read_only:
            self._task = asyncio.create_task(self._send())

    async def close(self) -> None:
        """Send no more; what is on its way is sent again at the next start, and counts once."""
        if self._later is not None:
            self._later.cancel()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def send_now(self, edit: "Edit", choose: "Choose") -> bool:
        """Send one edit, asking what must be asked; say whether it is done. Raises CustomerApiError."""
        from client.outbox import is_refusal, send

        if self.outbox is None:
            return False
        with self.outbox.lock() as lock:
            if self._task is not None or not lock.taken() or self.outbox.find(edit.name) is None:
                return False
            try:
                done = await send(self._desk.api.transport, self.outbox, edit, choose)
            except CustomerApiError as problem:
                if is_refusal(problem):
                    self.outbox.replace(replace(edit, state="refused", said=problem.sentence))
                raise
            finally:
                self.look()
        if done:
            self.start()
        return done

    def model_of(self, edit: "Edit") -> type[Record] | None:
        """Give what an edit changes, for words about its fields."""
        from client import models

        found: type[Record] | None = getattr(models, edit.model, None)
        return found

    def to_draft(self, edit: "Edit") -> None:
        """Make an edit unsaved work again, offered where it was typed."""
        from client.drafts import Draft
        from client.saving import shared

        changed = {name: value for name, value in shared(edit.mine).items() if value != edit.base.get(name)}
        # Under another key: what was refused is no answer to what will be sent.
        draft = Draft(
            key=edit.draft_key,
            title=edit.title,
            base=edit.base,
            patch=edit.draft or {"values": changed},
            idempotency_key="" if edit.record_id else uuid4().hex,
        )
        self._desk.flush()
        self._desk.drafts.save(draft)
        self.discard(edit)

    def discard(self, edit: "Edit") -> None:
        """Let go of an edit."""
        if self.outbox is not None:
            self.outbox.remove(edit)
            self.look()
            self._tell_gone(saved=False)

    def forget(self, customer_id: str) -> None:
        """Let go of all that waits for somebody who was erased."""
        for edit in self.of(customer_id):
            self.discard(edit)

    def of(self, customer_id: str) -> "list[Edit]":
        """Give what waits for one customer."""
        return [edit for edit in self.edits if edit.customer_id == customer_id]

    def _edit(
        self,
        collection: "Collection[T, Any]",
        mine: dict[str, Any],
        about: About,
        *,
        base: dict[str, Any] | None = None,
        record_id: str = "",
        wish: str = "",
        key: str = "",
    ) -> "Edit":
        from client.outbox import Edit
        from client.transport import new_idempotency_key

        return Edit(
            title=about.title,
            customer_id=about.customer_id,
            draft_key=about.draft_key,
            draft=dict(about.draft),
            address=collection.address,
            record_id=record_id,
            model=collection.model.__name__,
            base=base or {},
            mine=mine,
            wish=wish,
            idempotency_key=key or new_idempotency_key(),
        )

    def _kept(self, edit: "Edit") -> "Saved[Any]":
        """Put an edit on disk before anything is said. Raises NotKept and NotPrivate."""
        from client.saving import Saved

        if self.outbox is None:
            raise LookupError("Nothing may be kept here.")
        edit = self.outbox.put(edit)
        self.look()
        self._desk.link_back.wait(self, self.start)
        # None where only the server can tell what becomes of it.
        record: Any = as_record(edit)
        return Saved(record, edit.base, waits=True)

    @property
    def _can_send(self) -> bool:
        from client.outbox import sendable

        return bool(sendable(self.edits))

    async def _send(self) -> None:
        from client.outbox import send_waiting

        try:
            if self.outbox is not None:
                self._ended(await send_waiting(self._desk.api.transport, self.outbox, self.look))
        except CustomerApiError as problem:
            self._desk.tell(problem)
        finally:
            self._task = None

    def _tell_gone(self, *, saved: bool) -> None:
        gone, self._gone = self._gone, []
        if gone:
            self.done(gone, saved)

    def _ended(self, came: "Round") -> None:
        self.look()
        self._tell_gone(saved=True)
        if came.stopped is not None and came.stopped.out_of_reach:
            self._desk.link_back.wait(self, self.start)
        elif self._can_send and not isinstance(came.stopped, SignedOut):
            # Another program of this person sends, the server failed, or something stands before it.
            pause = _FAULT_SECONDS if came.stopped is not None else _OTHERS_SECONDS
            self._later = asyncio.get_running_loop().call_later(pause, self.start)

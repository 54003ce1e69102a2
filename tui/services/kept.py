"""What a desk keeps on this machine for one person at one server: typed, opened, seen."""

import asyncio
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from client.errors import CustomerApiError

if TYPE_CHECKING:
    from client.api import CustomerApi
    from client.cache import SeenAnswers
    from client.drafts import DraftSaver, DraftStore
    from client.models import CustomerRow
    from client.recents import RecentStore
    from client.session.private_files import PrivateFolder

_ROWS_LATER: Final = 5.0
"""Seconds after which the customers that lists showed are written down, all together."""


class KeepsOnThisMachine:
    """The stores on disk. Each is opened when it is first used, and all are of whoever is signed in."""

    root: Path
    keeps: bool
    """Whether anything of a customer may be at rest on this machine."""
    tell: Callable[[CustomerApiError], None]

    @property
    def server(self) -> str:
        """The address of the server."""
        raise NotImplementedError

    @property
    def login(self) -> str:
        """The sign-in name."""
        raise NotImplementedError

    @property
    def folder(self) -> "Callable[[Path], PrivateFolder]":
        """Makes the folders that all of this lies in."""
        from client.session.private_files import PrivateFolder

        if self.keeps:
            return PrivateFolder
        from client.session.nothing_kept import NothingKept

        return NothingKept

    @cached_property
    def drafts(self) -> "DraftStore":
        """Unsaved work."""
        from client.drafts import DraftStore

        return DraftStore(self.root, self.server, self.login, self.folder)

    @cached_property
    def draft_saver(self) -> "DraftSaver":
        """Writes drafts behind the typing."""
        from client.drafts import DraftSaver

        return DraftSaver(self.drafts, failed=lambda problem: self.tell(problem))

    @cached_property
    def recents(self) -> "RecentStore":
        """Recently opened and pinned customers."""
        from client.recents import RecentStore

        if not self.keeps:
            RecentStore(self.root, self.server, self.login).clear()
        return RecentStore(self.root, self.server, self.login, self.folder)

    @cached_property
    def seen(self) -> "SeenAnswers | None":
        """The last answers of the server; None where nothing may be kept."""
        from client.cache import SeenAnswers

        seen = SeenAnswers(self.root, self.server, self.login)
        if not self.keeps:
            seen.clear()
        return seen if self.keeps else None

    @cached_property
    def seen_rows(self) -> "SeenRows":
        """The customers that lists showed."""
        return SeenRows(self.seen)

    def seen_api(self) -> "tuple[CustomerApi, Callable[[], float]]":
        """Give the server as it was seen: at once, without the link. Raises NotSeen for everything else.

        Gives beside it what says when the oldest was so that was given, in seconds since 1970.
        """
        from client.api import CustomerApi
        from client.remembering import SeenTransport

        transport = SeenTransport(self.seen)
        return CustomerApi(cast("Any", transport)), lambda: transport.as_of

    def saw(self, rows: "Iterable[CustomerRow]") -> None:
        """Hear which customers a list shows."""
        self.seen_rows.saw(rows)

    def customer_gone(self, customer_id: str) -> None:
        """Forget a customer who is no longer there, or not to be shown to this person."""
        self.recents.forget(customer_id)
        self.seen_rows.forget(customer_id)
        if self.seen is not None:
            self.seen.forget(f"/v1/customers/{customer_id}")

    def forget_seen(self) -> None:
        """Forget what the server answered; who was opened and pinned stays, and what was typed."""
        self.seen_rows.clear()
        if self.seen is not None:
            self.seen.clear()

    def close_stores(self) -> None:
        """Let go of the stores: whoever signs in next has others."""
        for name in ("drafts", "draft_saver", "recents", "seen", "seen_rows"):
            self.__dict__.pop(name, None)


class SeenRows:
    """The customers that lists showed, those seen last first; written a while later, not at every letter."""

    def __init__(self, seen: "SeenAnswers | None") -> None:
        self._seen = seen
        self._new: dict[str, CustomerRow] = {}
        self._known: tuple[CustomerRow, ...] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def saw(self, rows: "Iterable[CustomerRow]") -> None:
        """Remember customers that a list shows."""
        if self._seen is None:
            return
        shown = {row.id: row for row in rows}
        new = shown | {row_id: row for row_id, row in self._new.items() if row_id not in shown}
        if new != self._new and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_ROWS_LATER, self._write_beside)
        self._new = new

    def rows(self) -> "tuple[CustomerRow, ...]":
        """Give the customers who were seen."""
        from pydantic import ValidationError

        from client.models import CustomerRow

        if self._known is None:
            known: list[CustomerRow] = []
            for row in self._seen.rows() if self._seen is not None else ():
                # A row that another version of the program wrote in another shape is passed over.
                try:
                    known.append(CustomerRow.model_validate(row))
                except ValidationError:
                    continue
            self._known = tuple(known)
        return (*self._new.values(), *(row for row in self._known if row.id not in self._new))

    def forget(self, customer_id: str) -> None:
        """Show a customer no more."""
        self._new.pop(customer_id, None)
        self._known = tuple(row for row in self._known or () if row.id != customer_id) or None

    def clear(self) -> None:
        """Forget everyone."""
        self._new, self._known = {}, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def flush(self) -> None:
        """Write what waits, now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._write()

    def _write_beside(self) -> None:
        self._timer = None
        asyncio.get_running_loop().run_in_executor(None, self._write)

    def _write(self) -> None:
        if self._seen is not None:
            new = {row_id: row.to_json() for row_id, row in tuple(self._new.items())}
            self._seen.keep_rows([*new.values(), *(row for row in self._seen.rows() if row["id"] not in new)])

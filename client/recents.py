"""Recently opened and pinned customers: on the screen before any network answer."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from client.errors import CustomerApiError
from client.session.names import account_folder
from client.session.private_files import PrivateFolder
from client.text import clean_json

LONGEST: Final = 50
"""How many customers each of the two lists keeps."""

_FILE: Final = "recents.json"
Row = Mapping[str, Any]
"""A CustomerRow as JSON."""


@dataclass(frozen=True, slots=True)
class Recents:
    """What one user of one server opened and pinned, newest first."""

    opened: tuple[Row, ...] = ()
    pinned: tuple[Row, ...] = ()

    def is_pinned(self, customer_id: str) -> bool:
        """Say whether a customer is pinned."""
        return any(row["id"] == customer_id for row in self.pinned)


class RecentStore:
    """Keeps the lists in one private file. Losing it is a pity, never an error: nothing here raises."""

    def __init__(
        self,
        root: Path,
        server: str,
        login: str,
        folder: Callable[[Path], PrivateFolder] = PrivateFolder,
    ) -> None:
        """Take `root`, the folder of all that is kept."""
        self._folder = folder(root / account_folder(server, login))

    def load(self) -> Recents:
        """Give the lists; empty where there are none, or none that can be read."""
        try:
            content = self._folder.read(_FILE)
        except CustomerApiError:
            return Recents()
        if content is None:
            return Recents()
        try:
            kept = json.loads(content)
            return Recents(_rows(kept["opened"]), _rows(kept["pinned"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            with suppress(CustomerApiError):
                self._folder.set_aside(_FILE)
            return Recents()

    def opened(self, row: Row) -> Recents:
        """Put a customer on top of the opened ones; a pinned one is brought up to date."""
        return self._change(lambda known: Recents(_on_top(row, known.opened), _replaced(row, known.pinned)))

    def pin(self, row: Row) -> Recents:
        """Pin a customer."""
        return self._change(lambda known: Recents(known.opened, _on_top(row, known.pinned)))

    def unpin(self, customer_id: str) -> Recents:
        """Pin a customer no more."""
        return self._change(lambda known: Recents(known.opened, _without(customer_id, known.pinned)))

    def forget(self, customer_id: str) -> Recents:
        """Take a customer who is gone out of both lists."""
        return self._change(
            lambda known: Recents(_without(customer_id, known.opened), _without(customer_id, known.pinned))
        )

    def follow(self, customer_id: str, row: Row) -> Recents:
        """Put a customer in the place of one who was merged into it, in both lists."""
        return self._change(
            lambda known: Recents(
                _moved(customer_id, row, known.opened), _moved(customer_id, row, known.pinned)
            )
        )

    def clear(self) -> None:
        """Forget everyone, for instance at sign-out."""
        with suppress(CustomerApiError):
            self._folder.remove(_FILE)

    def _change(self, change: Callable[[Recents], Recents]) -> Recents:
        with suppress(CustomerApiError), self._folder.locked(_FILE, seconds=2.0):
            changed = change(self.load())
            kept = {"opened": changed.opened, "pinned": changed.pinned}
            self._folder.write(_FILE, json.dumps(kept, separators=(",", ":")).encode())
            return changed
        return change(self.load())


def _rows(value: Any) -> tuple[Row, ...]:
    rows = clean_json(value)
    return tuple(row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str))[:LONGEST]


def _on_top(row: Row, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return (dict(row), *_without(row["id"], rows))[:LONGEST]


def _replaced(row: Row, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(dict(row) if known["id"] == row["id"] else known for known in rows)


def _moved(customer_id: str, row: Row, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    if not any(known["id"] == customer_id for known in rows):
        return _replaced(row, rows)
    followed = (dict(row) if known["id"] in (customer_id, row["id"]) else known for known in rows)
    return tuple({known["id"]: known for known in followed}.values())


def _without(customer_id: str, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row["id"] != customer_id)

"""What was seen before, on this machine: the last answers to reads, to show at once and with the link down.

An answer is kept under its address, with its entity tag and the time at which the server last vouched for it.
All answers about one customer lie in one private file, and so do those of each list that everyone shares:
opening a customer reads one file, and forgetting one removes one.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

from client.errors import CustomerApiError
from client.session.names import account_folder, file_name
from client.session.private_files import PrivateFolder
from client.text import clean_json

MOST_FILES: Final = 200
"""Customers and lists; those that were seen last are kept."""
MOST_BYTES: Final = 16 * 1024 * 1024
"""Of all files together."""
LONGEST: Final = 512 * 1024
"""Characters of one answer; what is longer is not kept."""
MOST_ANSWERS: Final = 40
"""In one file."""
OLDEST_SECONDS: Final = 30 * 24 * 3600.0
"""What is older is neither shown nor kept."""
MOST_ROWS: Final = 500

_SUFFIX: Final = ".seen"
_ROWS: Final = "rows.list"
_LOCK: Final = "seen"
_CUSTOMERS: Final = "/v1/customers"

Row = Mapping[str, Any]
"""A CustomerRow as JSON."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was."""

    body: Any
    etag: str
    """Empty where the server cannot be asked whether it still holds."""
    as_of: float
    """When the server last vouched for it, in seconds since 1970."""


class SeenAnswers:
    """What one user of one server saw. Losing it is a pity, never an error: nothing here raises."""

    def __init__(
        self,
        root: Path,
        server: str,
        login: str,
        *,
        folder: Callable[[Path], PrivateFolder] = PrivateFolder,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Take `root`, the folder of all that is kept."""
        self._folder = folder(root / account_folder(server, login) / "seen")
        self._now = now

    def find(self, target: str) -> Kept | None:
        """Give the answer to a GET of `target`, path and query, None where it was not seen.

        A customer with parts is put together from several answers where no single one had them all.
        """
        answers = self._read(owner_of(target))
        found = answers.get(target)
        if found is not None:
            return Kept(found["body"], found["etag"], found["at"])
        return _put_together(target, answers)

    def keep(self, target: str, etag: str, body: Any) -> None:
        """Keep the answer to a GET of `target` in the place of the one before."""
        owner = owner_of(target)
        if len(json.dumps(body)) > LONGEST:
            self.forget(target)
            return
        with suppress(CustomerApiError), self._folder.locked(_LOCK, seconds=2.0):
            answers = self._read(owner)
            name = _name_in(body)
            if name and any(_name_in(known["body"]) not in ("", name) for known in answers.values()):
                # Somebody who is called otherwise may be one who was erased: what else was seen goes.
                answers = {}
            answers.pop(target, None)
            answers[target] = {"etag": etag, "at": self._now(), "body": body}
            self._write(owner, answers)
            self._make_room()

    def vouched(self, target: str) -> None:
        """Hear that the server says that an answer still holds."""
        with suppress(CustomerApiError), self._folder.locked(_LOCK, seconds=2.0):
            answers = self._read(owner_of(target))
            if target in answers:
                answers[target] = answers.pop(target) | {"at": self._now()}
                self._write(owner_of(target), answers)

    def renew(self, path: str, record: Mapping[str, Any]) -> None:
        """Show a record as it was saved wherever it was seen under its `path`."""
        with suppress(CustomerApiError), self._folder.locked(_LOCK, seconds=2.0):
            answers = self._read(owner_of(path))
            for target, known in answers.items():
                if target.partition("?")[0] == path and isinstance(known["body"], dict):
                    gone = dict.fromkeys(known["body"].keys() - record.keys() - _parts_in(target))
                    merged = known["body"] | gone | dict(record)
                    body = {name: value for name, value in merged.items() if value is not None}
                    answers[target] = known | {"body": body, "etag": ""}
            self._write(owner_of(path), answers)

    def forget(self, target: str) -> None:
        """Forget what was seen at a path and below it, with every query."""
        path = target.partition("?")[0]
        owner = owner_of(path)
        with suppress(CustomerApiError), self._folder.locked(_LOCK, seconds=2.0):
            answers = {} if path == owner else self._read(owner)
            left = {
                known: answer
                for known, answer in answers.items()
                if not f"{known.partition('?')[0]}/".startswith(f"{path}/")
            }
            if left:
                self._write(owner, left)
            else:
                self._folder.remove(_file(owner))
        if path == owner and path.startswith(f"{_CUSTOMERS}/"):
            customer_id = path.rpartition("/")[2]
            self.keep_rows(row for row in self.rows() if row["id"] != customer_id)

    def rows(self) -> tuple[Row, ...]:
        """Give the customers that lists showed, those that were seen last first."""
        try:
            kept = clean_json(json.loads(self._folder.read(_ROWS) or b"[]"))
            return tuple(row for row in kept if isinstance(row, dict) and isinstance(row.get("id"), str))
        except (CustomerApiError, ValueError, TypeError, RecursionError):
            return ()

    def keep_rows(self, rows: Iterable[Row]) -> None:
        """Keep these customers, and no others, as those that lists showed."""
        kept = list({row["id"]: dict(row) for row in rows}.values())[:MOST_ROWS]
        with suppress(CustomerApiError):
            self._folder.write(_ROWS, json.dumps(kept, separators=(",", ":")).encode())

    def clear(self) -> None:
        """Forget everything, for instance at sign-out."""
        with suppress(CustomerApiError):
            self._folder.empty()

    def _read(self, owner: str) -> dict[str, dict[str, Any]]:
        """Give the answers in one file that are not too old, those that came last at the end."""
        name = _file(owner)
        try:
            content = self._folder.read(name)
        except CustomerApiError:
            return {}
        if content is None:
            return {}
        try:
            kept = clean_json(json.loads(content))
            since = self._now() - OLDEST_SECONDS
            return {
                str(target): answer
                for target, answer in kept["answers"].items()
                if isinstance(answer["etag"], str) and float(answer["at"]) > since and "body" in answer
            }
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            with suppress(CustomerApiError):
                self._folder.set_aside(name)
            return {}

    def _write(self, owner: str, answers: Mapping[str, Any]) -> None:
        latest = dict(list(answers.items())[-MOST_ANSWERS:])
        content = json.dumps({"of": owner, "answers": latest}, separators=(",", ":"))
        self._folder.write(_file(owner), content.encode())

    def _make_room(self) -> None:
        """Remove the files that were not written for the longest time, once there is more than may be."""
        since, size = self._now() - OLDEST_SECONDS, 0
        newest_first = sorted(self._folder.sizes().items(), key=lambda found: -found[1].at)
        for place, (name, file) in enumerate(newest_first):
            size += file.size
            if place > MOST_FILES or size > MOST_BYTES or file.at < since:
                self._folder.remove(name)


def owner_of(target: str) -> str:
    """Give what an address is about: a customer, or a list that everyone shares."""
    steps = target.partition("?")[0].split("/")
    return "/".join(steps[:4] if steps[2:3] == ["customers"] else steps[:3])


def _file(owner: str) -> str:
    return file_name(owner) + _SUFFIX


def _name_in(body: Any) -> str:
    """Give what a customer is called; nothing of what is no customer."""
    name = body.get("display_name", "") if isinstance(body, dict) and "number" in body else ""
    return str(name)


def _parts_in(target: str) -> set[str]:
    """Name what an address asks for besides the record."""
    given = parse_qs(target.partition("?")[2]).get("include", [])
    return {name for names in given for name in names.split(",")}


def _put_together(target: str, answers: Mapping[str, Mapping[str, Any]]) -> Kept | None:
    """Give a record with its parts from the newest answers that had them, as old as the oldest of these."""
    path, wanted = target.partition("?")[0], _parts_in(target)
    fitting = [
        (known, answer)
        for known, answer in reversed(list(answers.items()))
        if known.partition("?")[0] == path and isinstance(answer["body"], dict)
    ]
    if not wanted or not fitting:
        return None
    sources = []
    for part in wanted:
        source = next((answer for known, answer in fitting if part in _parts_in(known)), None)
        if source is None:
            return None
        sources.append((part, source))
    record, newest = fitting[0]
    body = {name: value for name, value in newest["body"].items() if name not in _parts_in(record)}
    body |= {part: source["body"][part] for part, source in sources if part in source["body"]}
    return Kept(body, "", min(source["at"] for source in (newest, *(source for _, source in sources))))

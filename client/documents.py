"""Documents on their way: up piece by piece, going on where the link was cut, and down the same way."""

import asyncio
import errno
import os
import re
import stat
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from client import errors, models
from client.api import CustomerApi
from client.collection import below
from client.models.files import LARGEST_DOCUMENT, LARGEST_PIECE, MEDIA_TYPES

Progress = Callable[[int, int], None]
"""Hears how many bytes of how many are there."""

_SMALLEST_PIECE: Final = 16 * 1024
_SECONDS_A_PIECE: Final = 1.5
"""A piece that takes longer makes the progress stand still, and more is lost when the link is cut."""
_PRIVATE: Final = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
_SAID: Final[tuple[str, ...]] = ("type", "show_to_customer")
"""What a person says of a document beside its name."""
_LONGEST_STEM: Final = 200
"""In bytes; names of files have at most 255 on the usual systems."""
_HARMLESS: Final = re.compile(r"[^\w .()+,=@\[\]-]")


class Pace:
    """How large the next piece should be, from how long the last one took."""

    def __init__(self) -> None:
        self.size = 4 * _SMALLEST_PIECE

    def took(self, seconds: float) -> None:
        """Take the time that a piece of this size needed."""
        if seconds < _SECONDS_A_PIECE / 2:
            self.size = min(LARGEST_PIECE, self.size * 2)
        elif seconds > _SECONDS_A_PIECE:
            self.size = max(_SMALLEST_PIECE, self.size // 2)


async def upload(
    api: CustomerApi, customer_id: str, path: Path, members: dict[str, Any], progress: Progress
) -> models.Document:
    """Send a file and give the document it has become.

    `members` are those that a person says: `name`, `type`, `show_to_customer`. An upload of the same file for
    this customer that was cut earlier, by a crash too, goes on where it ended, with what is said of it now.
    Raises CustomerApiError.
    """
    content = await asyncio.to_thread(read_file, path)
    digest = await asyncio.to_thread(lambda: sha256(content).hexdigest())
    documents = api.documents(customer_id)
    document = await _begun(api, customer_id, digest, len(content))
    if document is None:
        sent = {**members, "size": len(content), "sha256": digest}
        document = (await documents.create(sent)).value
    elif said := {
        name: members[name] for name in _SAID if name in members and members[name] != getattr(document, name)
    }:
        document = (await documents.update(document.id, said, version=document.version)).value
    place = below(documents.path(document.id), "content")
    received, pace = document.received, Pace()
    while received < len(content):
        progress(received, len(content))
        piece = content[received : received + pace.size]
        started = perf_counter()
        received = await _send(api, place, received, piece)
        pace.took(perf_counter() - started)
    progress(received, len(content))
    return (await documents.get(document.id)).value


async def _begun(api: CustomerApi, customer_id: str, digest: str, size: int) -> models.Document | None:
    """Give the unfinished upload of the same content, where there is one."""
    async for document in api.documents(customer_id).each():
        if document.state == "receiving" and document.sha256 == digest and document.size == size:
            return document
    return None


async def _send(api: CustomerApi, place: str, begins: int, piece: bytes) -> int:
    """Send one piece and give how much has come, also where the server has had this piece already."""
    try:
        await api.transport.request(
            "PATCH",
            place,
            content=piece,
            media_type="application/octet-stream",
            headers={"Upload-Offset": str(begins)},
            repeatable=True,
        )
    except errors.Conflict as conflict:
        if conflict.code not in ("other_piece_next", "complete"):
            raise
        document = await api.transport.request("GET", place.rpartition("/")[0])
        received = int(document.body.get("received", 0))
        if received == begins:
            raise
        return received
    return begins + len(piece)


async def fetch(
    api: CustomerApi,
    customer_id: str,
    document: models.Document,
    progress: Progress,
    part: "Part | None" = None,
) -> bytes:
    """Give the content of a document; what `part` has of an earlier try is not fetched again.

    Raises CustomerApiError; NotTheApi where what came is not what was stored.
    """
    place = below(api.documents(customer_id).path(document.id), "content")
    part, pace = part or Part(), Pace()
    again = bool(part.content)
    while len(part.content) < document.size:
        progress(len(part.content), document.size)
        started = perf_counter()
        begins, ends = len(part.content), min(len(part.content) + pace.size, document.size)
        headers = {"Range": f"bytes={begins}-{ends - 1}"}
        reply = await api.transport.request("GET", place, headers=headers, as_bytes=True)
        if reply.status not in (200, 206) or len(reply.content) != ends - begins:
            raise errors.NotTheApi("The server sent something else than it announced.")
        part.add(reply.content)
        pace.took(perf_counter() - started)
    if sha256(part.content).hexdigest() == document.sha256:
        progress(document.size, document.size)
        return bytes(part.content)
    part.clear()
    if again:
        return await fetch(api, customer_id, document, progress, part)
    raise errors.NotTheApi("What came is not what was stored. Nothing was saved.")


async def download(
    api: CustomerApi, customer_id: str, document: models.Document, folder: Path, progress: Progress
) -> Path:
    """Save a document in a folder, for its owner's eyes only, and give where it is.

    Nothing is overwritten: a name that is taken gets a number. What came of an earlier try is used. Raises
    Raises CustomerApiError.
    """
    try:
        folder = await asyncio.to_thread(made, folder)
        part = Part(folder / f".{safe_name(document.name)}.{document.id[-8:]}.part", document.size)
        content = await fetch(api, customer_id, document, progress, part)
        path = await asyncio.to_thread(saved, folder, safe_name(document.name), content)
        part.clear()
    except OSError as problem:
        raise errors.NotKept(f"{folder} cannot be written to: {problem.strerror}.") from problem
    return path


class Part:
    """What has come of a document so far; with a `path`, on disk too, so that a crash loses nothing of it."""

    def __init__(self, path: Path | None = None, most: int = 0) -> None:
        self.content = bytearray()
        self._path = path
        if path is None or not os.path.lexists(path):
            return
        if _is_own(path.lstat()):
            self.content += path.read_bytes()[:most]
        else:
            # Made by somebody else, who could read on, or left open to others: not used.
            with suppress(OSError):
                path.unlink()

    def add(self, piece: bytes) -> None:
        """Keep the next piece. Raises OSError."""
        self.content += piece
        if self._path is not None:
            with os.fdopen(os.open(self._path, _PRIVATE | os.O_APPEND, 0o600), "ab") as stream:
                if not _is_own(os.fstat(stream.fileno())):
                    raise PermissionError(errno.EACCES, f"{self._path.name} belongs to somebody else")
                stream.write(piece)

    def clear(self) -> None:
        """Forget it. Raises OSError."""
        self.content.clear()
        if self._path is not None:
            self._path.unlink(missing_ok=True)


def _is_own(found: os.stat_result) -> bool:
    """Say whether this is a file that only this person can read or write."""
    own = os.name != "posix" or (found.st_uid == os.geteuid() and not found.st_mode & 0o077)
    return own and stat.S_ISREG(found.st_mode)


def read_file(path: Path) -> bytes:
    """Give what a file holds. Raises NotKept, with a sentence, where it cannot be sent."""
    path = path.expanduser()
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise errors.NotKept(f"{path} is no file.", remedy="Name a file.")
        if not 0 < size <= LARGEST_DOCUMENT:
            most = LARGEST_DOCUMENT // 1024 // 1024
            what = "empty" if not size else f"larger than {most} MiB"
            raise errors.NotKept(f"{path.name} is {what}.", remedy="Choose another file.")
        return path.read_bytes()
    except OSError as problem:
        raise errors.NotKept(f"{path} cannot be read: {problem.strerror}.", remedy="") from problem


def safe_name(name: str) -> str:
    """Give a name under which a file from elsewhere can lie in a folder: no path, nothing hidden."""
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    stem, _, suffix = _HARMLESS.sub("_", bare).strip(" .").rpartition(".")
    if not stem or suffix.lower() not in MEDIA_TYPES:
        stem, suffix = f"{stem}.{suffix}".strip(" .") or "document", "bin"
    # Systems count bytes, and a letter may have four; a number and `.part` still fit behind it.
    stem = stem.encode()[:_LONGEST_STEM].decode(errors="ignore").strip(" .")
    return f"{stem or 'document'}.{suffix}"


def made(folder: Path) -> Path:
    """Give a folder as a person typed it, made where it is not there. Raises OSError."""
    folder = folder.expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def saved(folder: Path, name: str, content: bytes) -> Path:
    """Write a file that only its owner can read and give where it is; a name that is taken gets a number.

    Raises OSError.
    """
    stem, _, suffix = name.rpartition(".")
    for number in range(1, 1000):
        path = folder / (name if number == 1 else f"{stem} ({number}).{suffix}")
        try:
            descriptor = os.open(path, _PRIVATE | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        return path
    raise FileExistsError(0, "there are a thousand files of this name")

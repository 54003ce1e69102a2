"""Exports on their way: streamed to a private file, or to whoever reads, without ever holding the whole."""

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from client import errors
from client.api import CustomerApi
from client.models import ExportRequest

Progress = Callable[[int, int], None]
"""Hears how many customers of how many have come."""
Take = Callable[[bytes], Awaitable[None]]
"""Takes the next piece."""

SUFFIXES: Final = {"csv": "csv", "vcard": "vcf", "jsonl": "jsonl"}
_ENDS: Final = {"csv": b"\r\n", "vcard": b"END:VCARD\r\n", "jsonl": b"\n"}
"""What each customer ends with."""
_COUNTS: Final = ("x-total-count", "x-left-out", "x-unreachable")
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of an export."""

    total: int
    """Customers that the server announced."""
    left_out: int
    """Who said no to marketing by the channel."""
    unreachable: int
    """Who has no address or number for it."""
    path: Path | None = None


class _NotTaken(Exception):
    """Whoever reads takes no more: nothing that the link has done."""

    def __init__(self, problem: OSError) -> None:
        super().__init__(str(problem))
        self.problem = problem


async def stream(
    api: CustomerApi, request: ExportRequest, take: Take, progress: Progress | None = None
) -> Exported:
    """Have customers exported and hand on what comes.

    Raises CustomerApiError, also in the middle, and the OSError of `take`.
    """
    try:
        return await _streamed(api, request, take, progress)
    except _NotTaken as not_taken:
        raise not_taken.problem from None


async def _streamed(
    api: CustomerApi, request: ExportRequest, take: Take, progress: Progress | None
) -> Exported:
    ends, have = _ENDS[request.format], -1 if request.format == "csv" else 0
    before = b""
    async with api.transport.download("/v1/customers/export", _sent(request)) as answer:
        counts = [_number(answer.headers, name) for name in _COUNTS]
        told = Exported(counts[0], counts[1], counts[2])
        async for piece in answer.unpacked():
            try:
                await take(piece)
            except OSError as problem:
                raise _NotTaken(problem) from problem
            # An end may lie across two pieces.
            have += (before + piece).count(ends)
            before = (before + piece)[-len(ends) + 1 :] if len(ends) > 1 else b""
            if progress is not None:
                progress(min(max(have, 0), told.total), told.total)
    return told


async def save(
    api: CustomerApi, request: ExportRequest, path: Path, progress: Progress, *, exact: bool = False
) -> Exported:
    """Have customers exported into a file that only its owner can read, and say where it is.

    Nothing is overwritten: a name that is taken gets a number, or with `exact` is refused. Until all has come
    the file ends in `.part`; of an export that is stopped or breaks off nothing stays. Raises
    CustomerApiError.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(await asyncio.to_thread(_begun, part, path, exact=exact), "wb") as file:

            async def take(piece: bytes) -> None:
                await asyncio.to_thread(file.write, piece)

            told = await stream(api, request, take, progress)
            file.flush()
            await asyncio.to_thread(os.fsync, file.fileno())
        place = _placed(part, path, exact=exact)
    except OSError as problem:
        raise errors.NotKept(f"{path.parent} cannot be written to: {problem.strerror}.") from problem
    finally:
        with suppress(OSError):
            os.unlink(part)  # noqa: PTH108 - at once, also while this is cancelled
    return Exported(told.total, told.left_out, told.unreachable, place)


def _begun(part: Path, path: Path, *, exact: bool) -> int:
    """Give the descriptor of a new file. Raises OSError, NotKept."""
    if exact and path.exists():
        raise errors.NotKept(f"{path} is there already.", remedy="Choose another name.")
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(part, _NEW, 0o600)


def _placed(part: Path, path: Path, *, exact: bool) -> Path:
    """Give a complete file its name, or the next one that is free. Raises OSError, NotKept."""
    for number in range(1, 2 if exact else 1000):
        place = path if number == 1 else path.with_name(f"{path.stem} ({number}){path.suffix}")
        try:
            os.close(os.open(place, _NEW, 0o600))
        except FileExistsError:
            continue
        part.replace(place)
        return place
    raise errors.NotKept(f"{path} is there already.", remedy="Choose another name.")


def _sent(request: ExportRequest) -> dict[str, Any]:
    """Give the request as it travels: everyone, where the search leaves nobody out, is a search too."""
    sent = request.to_json()
    if request.search is not None:
        sent["search"] = {
            name: value for name, value in request.search.to_json().items() if name not in _OF_PAGES
        }
    return sent


_OF_PAGES: Final = frozenset({"sort", "limit", "cursor", "fields"})


def _number(headers: Any, name: str) -> int:
    text = headers.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0

"""Imports on their way: rows up in pieces, going on where the link was cut; then the check, then the run."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from client import errors, models
from client.api import CustomerApi
from client.collection import answered, below
from client.models.importing import MOST_ROWS_SENT

Progress = Callable[[int, int], None]
"""Hears how many rows of how many."""
_LARGEST: Final = 256 * 1024
"""Characters of one request."""


async def begin(api: CustomerApi, members: dict[str, Any]) -> models.Import:
    """Give a new import; where one of the same file with the same columns was cut off, that one."""
    async for known in api.imports.each():
        same = known.sha256 == members["sha256"] and list(known.columns) == members["columns"]
        if same and known.state == "receiving":
            return known
    return (await api.imports.create(members)).value


async def send(
    api: CustomerApi, one: models.Import, rows: Iterable[Sequence[str]], whole: int, progress: Progress
) -> None:
    """Send rows, but for those that have come already. Raises CustomerApiError."""
    received = one.received
    left = islice(iter(rows), received, None)
    place = below(api.imports.path(one.id), "rows")
    pieces = _pieces(left)
    # Reading and converting takes its time; the screen goes on meanwhile.
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        progress(received, whole)
        body = {"first": received, "rows": piece}
        reply = await api.transport.request("POST", place, body=body, repeatable=True)
        received = int(reply.body["received"])
    progress(received, whole)


def _pieces(rows: Iterator[Sequence[str]]) -> Iterator[list[list[str]]]:
    piece: list[list[str]] = []
    size = 0
    for row in rows:
        piece.append(list(row))
        size += sum(map(len, row)) + 4 * len(row)
        if size > _LARGEST or len(piece) == MOST_ROWS_SENT:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


async def check(api: CustomerApi, import_id: str, progress: Progress) -> models.Import:
    """Have every row looked at, and give what was found. Raises CustomerApiError."""
    place = below(api.imports.path(import_id), "check")
    before = -1
    while True:
        reply = await api.transport.request("POST", place, repeatable=True)
        one = answered(reply, models.Import).value
        progress(one.report.checked, one.received)
        if one.report.checked >= one.received or one.state == "done":
            return one
        if one.report.checked <= before:
            raise errors.NotTheApi("The check does not go on.")
        before = one.report.checked


async def findings(api: CustomerApi, import_id: str, about: str, after: int = 0) -> models.ImportFindings:
    """Give some of what was found about single rows. Raises CustomerApiError."""
    place = below(api.imports.path(import_id), "findings")
    reply = await api.transport.request("GET", place, params={"about": about, "after": after})
    return answered(reply, models.ImportFindings).value


async def run(
    api: CustomerApi, one: models.Import, duplicates: str, faulty: str, progress: Progress
) -> models.Import:
    """Have everything written at once, and give what became of it. Raises CustomerApiError."""
    if one.state != "done" and (one.duplicates, one.faulty) != (duplicates, faulty):
        patch = {"duplicates": duplicates, "faulty": faulty}
        one = (await api.imports.update(one.id, patch, version=one.version)).value
    place = below(api.imports.path(one.id), "run")
    while True:
        progress(0, one.received)
        reply = await api.transport.request("POST", place, repeatable=True)
        if reply.status != 202:
            progress(one.received, one.received)
            return answered(reply, models.Import).value

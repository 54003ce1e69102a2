"""Exports end in a private file, whole, or nowhere."""

import errno
from pathlib import Path

import pytest

from client.api import CustomerApi
from client.errors import Invalid, NotKept
from client.exporting import save, stream
from client.models import CustomerSearch, ExportRequest
from client.transport import LinkSettings, Transport
from tests.live import LiveServer

pytestmark = pytest.mark.feature("F10.2")


class SignedIn:
    """One token that is good."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        return self._token

    async def renewed(self, refused: str) -> str:
        return refused

    async def settled(self) -> None:
        """Have nothing under way."""


async def test_an_export_that_cannot_be_taken_leaves_nothing_behind(
    live_server: LiveServer, tmp_path: Path
) -> None:
    async def full(piece: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    transport = Transport(LinkSettings(server=live_server.url), SignedIn(live_server.tokens["staff"]))
    request = ExportRequest(format="csv", search=CustomerSearch())
    async with CustomerApi(transport) as api:
        with pytest.raises(OSError, match="No space"):
            await stream(api, request, full)
        seen: list[tuple[int, int]] = []
        path = tmp_path / "new" / "all.csv"
        told = await save(api, request, path, lambda have, whole: seen.append((have, whole)))
        assert seen[-1] == (told.total, told.total)
        second = await save(api, request, path, lambda *_: None)
        assert second.path == tmp_path / "new" / "all (2).csv"
        with pytest.raises(NotKept):
            await save(api, request, path, lambda *_: None, exact=True)
        wrong = request.model_copy(update={"columns": ["password"]})
        with pytest.raises(Invalid):
            await save(api, wrong, path, lambda *_: None)
    assert sorted(file.name for file in path.parent.iterdir()) == ["all (2).csv", "all.csv"]

"""Fetching map tiles from the server that the configuration names; without one nothing is ever asked."""

import asyncio
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

import httpx

from tui.map.png import NotAPicture, read_png
from tui.map.streets import NoTiles, Tile, standing_out

LARGEST_TILE: Final = 512 * 1024
_SECONDS: Final = 8.0
_AT_ONCE: Final = 4
_MOST_KEPT: Final = 64


class TileServer:
    """One tile server, and the tiles that came from it."""

    def __init__(self, template: str, carrier: httpx.AsyncBaseTransport | None = None) -> None:
        """Take the address with {z}, {x} and {y}; `carrier` stands in for the network in tests."""
        self._template = template
        self._carrier = carrier
        self.host = urlsplit(template).hostname or ""
        self.tiles: dict[Tile, list[bytes]] = {}

    async def fetch(self, wanted: Iterable[Tile]) -> None:
        """Fetch those tiles that are not there yet. Raises `NoTiles`."""
        missing = list(dict.fromkeys(tile for tile in wanted if tile not in self.tiles))
        if not missing:
            return
        gate = asyncio.Semaphore(_AT_ONCE)
        limits = httpx.Timeout(_SECONDS)
        agent = {"User-Agent": "keeptabs (map of an address)"}
        async with httpx.AsyncClient(
            transport=self._carrier, timeout=limits, headers=agent, trust_env=False
        ) as client:

            async def one(tile: Tile) -> tuple[Tile, list[bytes]]:
                async with gate:
                    content = await self._content(client, tile)
                # Reading a picture takes tens of milliseconds: keys are not to wait for it.
                return tile, await asyncio.to_thread(lambda: standing_out(read_png(content)))

            try:
                async with asyncio.timeout(2 * _SECONDS):
                    fetched = await asyncio.gather(*(one(tile) for tile in missing))
            except (httpx.HTTPError, TimeoutError) as error:
                raise NoTiles(f"The tile server {self.host} does not answer: outlines are shown.") from error
            except NotAPicture as error:
                raise NoTiles(f"What {self.host} sends are no map tiles: outlines are shown.") from error
        self.tiles |= fetched
        for tile in list(self.tiles)[:-_MOST_KEPT]:
            del self.tiles[tile]

    async def _content(self, client: httpx.AsyncClient, tile: Tile) -> bytes:
        address = self._template
        for name, number in zip("zxy", tile, strict=True):
            address = address.replace(f"{{{name}}}", str(number))
        content = bytearray()
        async with client.stream("GET", address) as answer:
            if answer.status_code != httpx.codes.OK:
                raise NoTiles(
                    f"The tile server {self.host} refuses ({answer.status_code}): outlines are shown."
                )
            async for block in answer.aiter_bytes():
                content += block
                if len(content) > LARGEST_TILE:
                    raise NoTiles(f"What {self.host} sends is too large for a tile: outlines are shown.")
        return bytes(content)

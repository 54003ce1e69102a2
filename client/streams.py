"""Answers without end: opened as the signed-in person, read as they come."""

import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx

from client import errors
from client.answers import LARGEST_ANSWER, read_bounded
from client.attempts import Authority, understood
from client.exchange import Incoming, classified, size_of_head, size_of_request
from client.meter import LinkMeter
from client.text import clean

_LARGEST_PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer that is read while it comes."""

    headers: Mapping[str, str]
    """By lower-case name, cleaned."""
    pieces: AsyncIterator[bytes]
    """As they came over the link."""

    async def unpacked(self) -> AsyncIterator[bytes]:
        """Give the content in pieces of bounded size. Raises NotTheApi where it is not complete."""
        if self.headers.get("content-encoding", "") in ("", "identity"):
            async for piece in self.pieces:
                yield piece
            return
        unpacking = zlib.decompressobj(wbits=31)
        try:
            async for piece in self.pieces:
                rest = piece
                while rest:
                    yield unpacking.decompress(rest, _LARGEST_PIECE)
                    rest = unpacking.unconsumed_tail
        except zlib.error as problem:
            raise errors.NotTheApi("What came cannot be read: it is incomplete or broken.") from problem
        if not unpacking.eof:
            raise errors.NotTheApi("What came cannot be read: it is incomplete or broken.")


class Streams:
    """Opens streams over an httpx client of their own: the lanes of requests stay free."""

    def __init__(self, client: httpx.AsyncClient, meter: LinkMeter) -> None:
        self._client = client
        self._meter = meter

    @asynccontextmanager
    async def opened(
        self,
        url: str,
        headers: Mapping[str, str],
        authority: Authority | None,
        sent: bytes | None = None,
    ) -> AsyncIterator["Stream"]:
        """Open a stream, with a POST of what is `sent`. Raises CustomerApiError, also while it is read."""
        token = await authority.token() if authority is not None else ""
        try:
            response = await self._begun(url, headers, token, sent)
            if response.status_code == 401 and authority is not None and token:
                await response.aclose()
                response = await self._begun(url, headers, await authority.renewed(token), sent)
            try:
                if response.status_code != 200:
                    raise await _refused(response)
                told = {name.lower(): clean(value) for name, value in response.headers.items()}
                yield Stream(told, self._counted(response))
            finally:
                self._meter.wires.look()
                await response.aclose()
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise classified(error).error from error

    async def close(self) -> None:
        """Let the connection go."""
        await self._client.aclose()

    async def _begun(
        self, url: str, headers: Mapping[str, str], token: str, sent: bytes | None
    ) -> httpx.Response:
        signed = {"Authorization": f"Bearer {token}"} if token else {}
        extensions = {"timeout": self._client.timeout.as_dict(), "trace": self._meter.trace}
        method = "GET" if sent is None else "POST"
        request = httpx.Request(
            method, url, headers={**headers, **signed}, content=sent, extensions=extensions
        )
        self._meter.bytes_up += size_of_request(request)
        response = await self._client.send(request, stream=True, follow_redirects=False)
        self._meter.bytes_down += size_of_head(response)
        return response

    async def _counted(self, response: httpx.Response) -> AsyncIterator[bytes]:
        async for piece in response.aiter_raw():
            self._meter.bytes_down += len(piece)
            yield piece


async def _refused(response: httpx.Response) -> errors.CustomerApiError:
    """Give what an answer means that is no stream."""
    headers = {name.lower(): clean(value) for name, value in response.headers.items()}
    encoding = headers.get("content-encoding", "")
    content, _ = await read_bounded(response.aiter_raw(), encoding, LARGEST_ANSWER)
    try:
        understood(Incoming(response.status_code, headers, content), as_bytes=False, repeated=False)
    except errors.CustomerApiError as refusal:
        return refusal
    return errors.NotTheApi(status=response.status_code)

"""Answers without end: opened as the signed-in person, read as they come."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx

from client import errors
from client.answers import LARGEST_ANSWER, read_bounded
from client.attempts import Authority, understood
from client.exchange import Incoming, classified
from client.meter import LinkMeter
from client.text import clean


class Streams:
    """Opens streams over an httpx client of their own: the lanes of requests stay free."""

    def __init__(self, client: httpx.AsyncClient, meter: LinkMeter) -> None:
        self._client = client
        self._meter = meter

    @asynccontextmanager
    async def opened(
        self, url: str, headers: Mapping[str, str], authority: Authority | None
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Open a stream and give its pieces. Raises CustomerApiError, also while it is read."""
        token = await authority.token() if authority is not None else ""
        try:
            response = await self._begun(url, headers, token)
            if response.status_code == 401 and authority is not None and token:
                await response.aclose()
                response = await self._begun(url, headers, await authority.renewed(token))
            try:
                if response.status_code != 200:
                    raise await _refused(response)
                yield self._counted(response)
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise classified(error).error from error

    async def close(self) -> None:
        """Let the connection go."""
        await self._client.aclose()

    async def _begun(self, url: str, headers: Mapping[str, str], token: str) -> httpx.Response:
        signed = {"Authorization": f"Bearer {token}"} if token else {}
        waits = {"timeout": self._client.timeout.as_dict()}
        request = httpx.Request("GET", url, headers={**headers, **signed}, extensions=waits)
        return await self._client.send(request, stream=True, follow_redirects=False)

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

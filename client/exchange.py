"""One request sent once: what came back, or how it failed."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

import httpx

from client import errors
from client.answers import read_bounded
from client.lanes import Lanes
from client.meter import Exchange, LinkMeter
from client.retry import Outcome
from client.text import clean


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request, ready to be sent as often as needed."""

    method: str
    server: str
    """`scheme://host`, with the path that everything on it starts with."""
    target: str
    """Path and query."""
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    repeatable: bool = False
    """Whether the caller knows that sending twice does no more than sending once."""
    as_bytes: bool = False
    """Whether the answer is wanted as it comes, not as JSON."""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def idempotent(self) -> bool:
        """Say whether sending twice does no more than sending once."""
        keyed = "Idempotency-Key" in self.headers or "If-Match" in self.headers
        return self.repeatable or keyed or self.method == "DELETE"


@dataclass(frozen=True, slots=True)
class Incoming:
    """An answer, complete and decompressed."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name, cleaned like all that comes from outside."""
    content: bytes


class Failure(Exception):
    """An attempt that brought no answer."""

    def __init__(self, outcome: Outcome | None, error: errors.CustomerApiError) -> None:
        super().__init__(str(error))
        self.outcome = outcome
        """For the retry rule; None where asking again cannot help."""
        self.error = error


class Sender:
    """Sends over one httpx client and meters every exchange."""

    def __init__(
        self, client: httpx.AsyncClient, meter: LinkMeter, *, total_seconds: float, largest_answer: int
    ) -> None:
        self._client = client
        self._meter = meter
        self._lanes = Lanes(meter)
        self._total_seconds = total_seconds
        self._largest_answer = largest_answer

    async def send(
        self, outgoing: Outgoing, headers: Mapping[str, str], begun: Callable[[], None]
    ) -> Incoming:
        """Send once, with `headers` beside the request's own; call `begun` at the start. Raises Failure."""
        async with self._lanes.taken():
            begun()
            return await self._sent(outgoing, headers)

    async def _sent(self, outgoing: Outgoing, headers: Mapping[str, str]) -> Incoming:
        attempt = _Attempt(outgoing, self._meter)
        try:
            # Built by hand, so that no header, cookie or login travels that was not asked for.
            request = httpx.Request(
                outgoing.method,
                outgoing.server + outgoing.target,
                headers={**headers, **outgoing.headers},
                content=outgoing.content or None,
                extensions={"timeout": self._client.timeout.as_dict(), "trace": attempt.trace},
            )
            attempt.bytes_up = size_of_request(request)
            async with asyncio.timeout(self._total_seconds):
                return await self._exchange(request, attempt)
        except errors.CustomerApiError as error:
            raise Failure(None, error) from error
        except (
            httpx.HTTPError,
            httpx.InvalidURL,
            httpx.StreamError,
            OSError,
            ValueError,
            RuntimeError,
        ) as error:
            raise classified(error) from error
        finally:
            self._meter.record(attempt.measured())

    async def _exchange(self, request: httpx.Request, attempt: "_Attempt") -> Incoming:
        response = await self._client.send(request, stream=True, follow_redirects=False)
        try:
            attempt.answered(response)
            headers = {name.lower(): clean(value) for name, value in response.headers.items()}
            content, size = await read_bounded(
                response.aiter_raw(), headers.get("content-encoding", ""), self._largest_answer
            )
            attempt.bytes_down += size
        finally:
            await response.aclose()
        return Incoming(response.status_code, headers, content)


class _Attempt:
    """What one sending costs, gathered while it runs."""

    def __init__(self, outgoing: Outgoing, meter: LinkMeter) -> None:
        self._outgoing = outgoing
        self._meter = meter
        self._begun = perf_counter()
        self._seconds: float | None = None
        self._status = 0
        self.bytes_up = 0
        self.bytes_down = 0

    async def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Start the clock when the request leaves: making a connection is no round trip of the link's."""
        await self._meter.trace(name, info)
        if name.endswith("send_request_headers.started"):
            self._begun = perf_counter()

    def answered(self, response: httpx.Response) -> None:
        """Stop the clock at the first byte of the answer."""
        self._seconds = perf_counter() - self._begun
        self._status = response.status_code
        self.bytes_down = size_of_head(response)

    def measured(self) -> Exchange:
        """Give what is known now."""
        return Exchange(
            self._outgoing.method,
            self._outgoing.path,
            self._status,
            perf_counter() - self._begun if self._seconds is None else self._seconds,
            self.bytes_up,
            self.bytes_down,
            reached=self._status != 0,
        )


def classified(error: Exception) -> Failure:
    """Say what an exception of the HTTP library, the socket or TLS means."""
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return Failure("unreachable", errors.Unreachable("The server does not answer."))
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        if _untrusted(error):
            return Failure(None, _untrusted_server())
        return Failure("refused", errors.Unreachable())
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return Failure("timed_out", errors.TimedOut())
    if isinstance(error, httpx.RemoteProtocolError) and not _ended_early(str(error)):
        return Failure(None, errors.NotTheApi())
    if isinstance(error, httpx.RemoteProtocolError | httpx.NetworkError | OSError):
        return Failure("lost", errors.Interrupted())
    return Failure(None, errors.CustomerApiError("The request could not be sent.", remedy=""))


def _ended_early(message: str) -> bool:
    """Tell an answer that was cut off from one that is no HTTP at all: both are one class in httpcore."""
    return "disconnected" in message or "closed connection" in message


_CUT_OFF: Final = (ssl.SSLEOFError, ssl.SSLZeroReturnError)


def _untrusted(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError) and not isinstance(error, _CUT_OFF):
            return True
        error = error.__cause__ or error.__context__
    return False


def _untrusted_server() -> errors.Unreachable:
    return errors.Unreachable(
        "The server could not prove who it is, so nothing was sent to it.",
        code="untrusted_server",
        remedy="Check the address; for a certificate of your own office, name its authority with ca_file.",
    )


def size_of_request(request: httpx.Request) -> int:
    """Give the bytes of a request in HTTP/1.1."""
    line = len(request.method) + len(request.url.raw_path) + 12
    return line + _size(request.headers) + len(request.content)


def size_of_head(response: httpx.Response) -> int:
    """Give the bytes of an answer before its content."""
    return _size(response.headers) + 15 + len(response.reason_phrase)


def _size(headers: httpx.Headers) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.raw) + 2

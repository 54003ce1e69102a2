"""The one place that builds HTTP clients: time limits, retries, compression, metering, cancelling."""

import asyncio
import json
import secrets
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlencode

import httpcore
import httpx

from client import errors
from client.address import server_address
from client.answers import LARGEST_ANSWER, Reply
from client.attempts import Attempts, Authority
from client.early_connection import EarlyConnection
from client.exchange import Outgoing, Sender
from client.lanes import MOST
from client.meter import LinkMeter
from client.network import OpenedBefore
from client.streams import Stream, Streams

_FINISHING_SECONDS: Final = 5.0
_IDLE_SECONDS: Final = 600.0
_SILENCE_SECONDS: Final = 120.0
"""A stream that is silent for longer is dead: the server says something more often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettings:
    """How a server is reached."""

    server: str
    """Its address, such as `https://desk.example.org`."""
    connect_seconds: float = 10.0
    """Longest wait for a connection, TLS included."""
    read_seconds: float = 20.0
    """Longest silence while an answer is awaited."""
    total_seconds: float = 120.0
    """Longest time for one whole answer, however slowly it drips."""
    ca_file: str = ""
    """Certificates to trust instead of the usual ones, for an office with an authority of its own."""
    proxy: str = ""
    """An HTTP proxy to go through to an `https` server."""
    allow_plain_http: bool = False
    """Take `http://` for more than this machine. Passwords then travel readable."""
    largest_answer: int = LARGEST_ANSWER
    """Bytes, decompressed."""
    opened: EarlyConnection | None = None
    """A connection that was opened before; good for one place and one use."""

    @classmethod
    def of(cls, server: str, environment: Mapping[str, str]) -> Self:
        """Give the settings for a server with what `KEEPTABS_*` variables say about the way to it."""
        return cls(
            server=server,
            ca_file=environment.get("KEEPTABS_CA_FILE", ""),
            proxy=environment.get("KEEPTABS_PROXY", ""),
            allow_plain_http=environment.get("KEEPTABS_ALLOW_PLAIN_HTTP", "") == "yes",
        )


class Transport:
    """Sends requests to one server and gives replies; whatever goes wrong is a CustomerApiError."""

    def __init__(
        self,
        settings: LinkSettings,
        authority: Authority | None = None,
        *,
        meter: LinkMeter | None = None,
        carrier: httpx.AsyncBaseTransport | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Send nothing yet. `carrier` and `pause` stand in for the network and the clock in tests."""
        self.server = server_address(settings.server, allow_plain_http=settings.allow_plain_http)
        self.authority = authority
        self.meter = meter or LinkMeter()
        self._settings = settings
        self._carrier = carrier
        self._trust = _trusted(settings.ca_file) if self.server.startswith("https:") else False
        self._client = self._built_client(MOST, settings.read_seconds)
        self._streams: Streams | None = None
        self._downloads: Streams | None = None
        self._sender = Sender(
            self._client,
            self.meter,
            total_seconds=settings.total_seconds,
            largest_answer=settings.largest_answer,
        )
        self._pause = pause
        self._running: set[asyncio.Task[Reply]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let the connections go."""
        if self.authority is not None:
            await self.authority.settled()
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._client.aclose()
        for streams in (self._streams, self._downloads):
            if streams is not None:
                await streams.close()

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        content: bytes | None = None,
        form: Mapping[str, str] | None = None,
        media_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
        idempotency_key: str = "",
        repeatable: bool = False,
        signed_in: bool = True,
        as_bytes: bool = False,
    ) -> Reply:
        """Send a request, again where that is safe, and give the reply (2xx or 304).

        What writes JSON gets an `Idempotency-Key` by itself, the same one however often it is sent, unless it
        is `repeatable` by its nature, like a search. Whoever is cancelled here leaves at once; what is on its
        way already is read to its end behind, since a connection kept is worth more on a slow link than an
        answer not read. `content` is sent as it is; `as_bytes` gives the answer so. Raises CustomerApiError.
        """
        fields = dict(headers or {})
        sent = content or b""
        if form is not None:
            sent = urlencode(form).encode()
            # Sessions are listed by the program that opened them; elsewhere its name would only cost bytes.
            fields |= {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "keeptabs"}
        elif content is not None or body is not None:
            sent = sent or encoded_json(body)
            fields["Content-Type"] = media_type
        if method in ("POST", "PATCH") and form is None and not repeatable:
            fields["Idempotency-Key"] = idempotency_key or new_idempotency_key()
        target = f"{path}?{urlencode(params, doseq=True, safe=',')}" if params else path
        attempts = Attempts(
            self._sender,
            Outgoing(method, self.server, target, fields, sent, repeatable, as_bytes),
            self.authority if signed_in else None,
            self._pause,
        )
        task = asyncio.ensure_future(attempts.reply())
        self._running.add(task)
        task.add_done_callback(self._finished)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            wait = _FINISHING_SECONDS if attempts.abandon() else 0.0
            asyncio.get_running_loop().call_later(wait, task.cancel)
            raise

    def saved(self, path: str, record: Mapping[str, Any]) -> None:
        """Hear how a record is that was saved."""

    def stream(
        self, path: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> AbstractAsyncContextManager[Stream]:
        """Open an answer without end on a connection of its own, and give it as it comes.

        Raises CustomerApiError, also while it is read.
        """
        if self._streams is None:
            self._streams = Streams(self._built_client(1, _SILENCE_SECONDS), self.meter)
        return self._streams.opened(f"{self.server}{path}?{urlencode(params)}", headers, self.authority)

    def download(self, path: str, body: Any) -> AbstractAsyncContextManager[Stream]:
        """Ask for something long with JSON, on a connection of its own, and give it as it comes.

        Raises CustomerApiError, also while it is read; an answer that breaks off is `Interrupted`.
        """
        if self._downloads is None:
            self._downloads = Streams(self._built_client(2, _SILENCE_SECONDS), self.meter)
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
        return self._downloads.opened(f"{self.server}{path}", headers, self.authority, encoded_json(body))

    def _built_client(self, connections: int, silence_seconds: float) -> httpx.AsyncClient:
        settings = self._settings
        timeout = httpx.Timeout(silence_seconds, connect=settings.connect_seconds)
        carrier = self._carrier
        if carrier is None:
            carrier = _Carrier(
                settings.opened,
                verify=self._trust,
                proxy=(settings.proxy or None) if self.server.startswith("https:") else None,
                limits=httpx.Limits(
                    max_connections=connections,
                    max_keepalive_connections=connections,
                    keepalive_expiry=_IDLE_SECONDS,
                ),
                socket_options=_socket_options(),
            )
        # The environment of a shared host must not choose the proxy that sees every customer.
        return httpx.AsyncClient(transport=carrier, timeout=timeout, trust_env=False)

    def _finished(self, task: "asyncio.Task[Reply]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # An answer nobody waits for any more may also be an error nobody reads.


class _Carrier(httpx.AsyncHTTPTransport):
    """Sends over connections that are kept; the first may have been opened before."""

    def __init__(self, opened: EarlyConnection | None, **options: Any) -> None:
        super().__init__(**options)
        if opened is not None and opened.pending and options["proxy"] is None:
            limits, verify = options["limits"], options["verify"]
            # httpx has no word for it, though httpcore below has.
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=verify or None,
                max_connections=limits.max_connections,
                max_keepalive_connections=limits.max_keepalive_connections,
                keepalive_expiry=limits.keepalive_expiry,
                socket_options=options["socket_options"],
                network_backend=OpenedBefore(opened),
            )


def new_idempotency_key() -> str:
    """Give a key that no other request of this person has; short, for it travels with every save."""
    return secrets.token_urlsafe(9)


def encoded_json(value: Any) -> bytes:
    """Give JSON as short as it can be. Raises Invalid for text that is none, such as a lone surrogate."""
    try:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, TypeError, RecursionError) as problem:
        raise errors.Invalid("Something in this is no text or number that can be sent.") from problem


def _socket_options() -> list[tuple[int, int, int]]:
    """Notice a dead link in seconds instead of many minutes, where the system can."""
    wanted = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 20_000}
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    for name, value in wanted.items():
        if hasattr(socket, name):
            options.append((socket.IPPROTO_TCP, getattr(socket, name), value))
    return options


def _trusted(ca_file: str) -> ssl.SSLContext:
    try:
        if ca_file:
            return ssl.create_default_context(cafile=Path(ca_file).expanduser())
        context = ssl.create_default_context()
        places = ssl.get_default_verify_paths()
        if not any((places.cafile, places.capath)):
            return httpx.create_ssl_context()
    except (OSError, ValueError) as problem:
        raise errors.NotKept(
            f"The certificates in {ca_file} cannot be read.", remedy="Check ca_file."
        ) from problem
    return context

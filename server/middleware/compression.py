"""Answers in fewer bytes: zstd (RFC 8878) where the client reads it, else gzip (RFC 1952)."""

import re
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import zstandard
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]
Encoder = Callable[[bytes, bool], bytes]
"""Gives the compressed form of the next piece of a body, complete so far; True says it is the last."""
_LEVEL: Final = 6


class Compression:
    """Compresses text of at least `above` bytes.

    Not what is `no-store`: secrets beside words that a stranger may choose could be guessed from the
    length (BREACH). Two codings of one state are two representations (RFC 9110, 8.8.3.3), so a strong
    entity tag gets a mark of its coding, and a mark that comes back is taken off before it is compared.
    """

    def __init__(self, app: ASGIApp, above: int) -> None:
        self._app = app
        self._above = above
        # One for all whole bodies, which an application answers in one thread: making it costs ten times
        # as much as using it.
        self._zstd = zstandard.ZstdCompressor(level=_LEVEL, write_content_size=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: Headers = scope["headers"]
        accepted = b",".join(value for name, value in headers if name == b"accept-encoding")
        known = b",".join(value for name, value in headers if name == b"if-none-match")
        answer = _Answer(send, _chosen(accepted), self._above, known, self._zstd)
        answer.stored = scope["method"] in ("GET", "HEAD")
        # In place: the layers around this one see the scope that the routes fill.
        scope["headers"] = [
            (name, _MARKED.sub(b'"', value) if name in (b"if-match", b"if-none-match") else value)
            for name, value in headers
        ]
        await self._app(scope, receive, answer.send)


class _Answer:
    """One answer on its way out; its start waits until the first piece of the body shows how large it is."""

    def __init__(
        self, send: Send, coding: str, above: int, known: bytes, zstd: zstandard.ZstdCompressor
    ) -> None:
        self._send = send
        self._coding = coding
        self._above = above
        self._known = known
        self._zstd = zstd
        self.stored = True
        """Whether a cache may keep it, and so must hear what it depends on."""
        self._start: Message | None = None
        self._encode: Encoder | None = None

    async def send(self, message: Message) -> None:
        """Pass a message on, compressed where that is worth it."""
        if message["type"] == "http.response.body":
            await self._send_body(message.get("body", b""), message.get("more_body", False))
        elif message["type"] != "http.response.start":
            await self._send(message)
        elif _may_be_coded(message):
            self._start = message
        elif message["status"] == 304:
            await self._send({**message, "headers": _as_known(message["headers"], self._known)})
        else:
            await self._send(message)

    async def _send_body(self, body: bytes, more: bool) -> None:
        start, self._start = self._start, None
        coding = self._coding if more or len(body) >= self._above else ""
        if start is not None and coding == "zstd" and not more:
            body = self._zstd.compress(body)
        elif start is not None and coding:
            self._encode = _ENCODERS[coding]()
        if self._encode is not None:
            body = self._encode(body, not more)
        if start is not None:
            headers = _described(start["headers"], coding, None if more else len(body), stored=self.stored)
            await self._send({**start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body, "more_body": more})


def _zstd() -> Encoder:
    compressor = zstandard.ZstdCompressor(level=_LEVEL, write_content_size=False).compressobj()

    def encode(piece: bytes, last: bool) -> bytes:
        end = zstandard.COMPRESSOBJ_FLUSH_FINISH if last else zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return compressor.compress(piece) + compressor.flush(end)

    return encode


def _gzip() -> Encoder:
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)

    def encode(piece: bytes, last: bool) -> bytes:
        return compressor.compress(piece) + compressor.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)

    return encode


_ENCODERS: Final[Mapping[str, Callable[[], Encoder]]] = {"zstd": _zstd, "gzip": _gzip}
"""The best first."""
_MARKS: Final[Mapping[str, bytes]] = {"zstd": b'-e"', "gzip": b'-d"'}
"""Ends of marked entity tags. Tags of the server are hexadecimal and have no part of a single digit."""
_MARKED: Final = re.compile(rb'-[de]"')


@lru_cache(maxsize=64)
def _chosen(accepted: bytes) -> str:
    """Choose a coding by `Accept-Encoding` (RFC 9110, 12.5.3); empty for none."""
    weights: dict[str, float] = {}
    for choice in accepted.decode("latin-1").lower().split(","):
        coding, _, weight = choice.partition(";")
        try:
            weights[coding.strip()] = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            weights[coding.strip()] = 0
    return next((coding for coding in _ENCODERS if weights.get(coding, weights.get("*", 0)) > 0), "")


def _may_be_coded(start: Message) -> bool:
    headers = {name.lower(): value for name, value in start["headers"]}
    content_type = headers.get(b"content-type", b"")
    return (
        start["status"] >= 200
        and start["status"] not in (204, 205, 206, 304)
        and content_type.startswith((b"text/", b"application/json", b"application/problem+json"))
        and b"content-encoding" not in headers
        and b"no-store" not in headers.get(b"cache-control", b"")
    )


def _described(headers: Headers, coding: str, length: int | None, *, stored: bool) -> Headers:
    """Give the headers of an answer that might have been coded, and that was where `coding` names one."""
    vary = b", ".join([value for name, value in headers if name.lower() == b"vary"] + [b"accept-encoding"])
    described = [pair for pair in headers if not stored or pair[0].lower() != b"vary"]
    if coding:
        described = [
            (name, value[:-1] + _MARKS[coding] if name.lower() == b"etag" and value[:1] == b'"' else value)
            for name, value in described
            if name.lower() != b"content-length"
        ]
        described.append((b"content-encoding", coding.encode()))
        if length is not None:
            described.append((b"content-length", str(length).encode()))
    return [*described, (b"vary", vary)] if stored else described


def _as_known(headers: Headers, known: bytes) -> Headers:
    """Give the headers of a 304 with the entity tag as the client has it."""

    def tag(value: bytes) -> bytes:
        return next((value[:-1] + mark for mark in _MARKS.values() if value[:-1] + mark in known), value)

    return [(name, tag(value) if name.lower() == b"etag" else value) for name, value in headers]

"""Reading an answer: bounded in size, decompressed, parsed, and cleaned before anyone sees it."""

import json
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from client.errors import NotTheApi
from client.text import clean_json

LARGEST_ANSWER: Final = 8 * 1024 * 1024
"""Bytes, decompressed; what is larger is refused before it fills the memory."""

try:
    import zstandard
except ImportError:  # pragma: no cover - an optional part of httpx
    ACCEPT_ENCODING = "gzip"
else:
    ACCEPT_ENCODING = "zstd,gzip"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the server that is no refusal."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name."""
    body: Any
    """The JSON value, cleaned; None where there was none."""
    content: bytes = b""
    """What came, where it was asked for as bytes."""
    repeated: bool = False
    """Whether an earlier sending of the same request was lost on the way and may have worked."""
    as_of: float = 0.0
    """When this was the answer, in seconds since 1970, where it comes from this machine; else 0."""

    @property
    def etag(self) -> str:
        """The entity tag as it came, empty where there was none or one that nobody needs to send back."""
        tag = self.headers.get("etag", "")
        return tag if len(tag) <= 200 and tag.isascii() else ""

    @property
    def request_id(self) -> str:
        """Names the request in the server's log."""
        return self.headers.get("x-request-id", "")[:100]


async def read_bounded(chunks: AsyncIterator[bytes], encoding: str, limit: int) -> tuple[bytes, int]:
    """Give the decoded body and how many bytes came over the link. Raises NotTheApi."""
    encoded = bytearray()
    async for chunk in chunks:
        encoded += chunk
        if len(encoded) > limit:
            raise _too_long()
    return _decoded(bytes(encoded), encoding.strip().lower(), limit), len(encoded)


def parsed(content: bytes, content_type: str) -> Any:
    """Give the JSON value of a body, cleaned; None for an empty body. Raises NotTheApi."""
    if not content:
        return None
    kind = content_type.partition(";")[0].strip().lower()
    if not (kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))):
        raise NotTheApi(f"The server answered with {_named(kind)} instead of data.")
    try:
        return clean_json(json.loads(content.decode("utf-8"), parse_constant=_refuse_constant))
    except (ValueError, RecursionError) as problem:
        raise NotTheApi("The server's answer cannot be read: it is incomplete or broken.") from problem


def _decoded(encoded: bytes, encoding: str, limit: int) -> bytes:
    if not encoded or encoding in ("", "identity"):
        return encoded
    try:
        if encoding == "gzip":
            return _gunzipped(encoded, limit)
        if encoding == "zstd" and "zstd" in ACCEPT_ENCODING:
            return _unzstd(encoded, limit)
    except (zlib.error, EOFError, ValueError, MemoryError) as problem:
        raise NotTheApi("The server's answer cannot be read: it is incomplete or broken.") from problem
    raise NotTheApi("The server's answer is compressed in a way that was not asked for.")


def _gunzipped(encoded: bytes, limit: int) -> bytes:
    stream = zlib.decompressobj(wbits=31)
    content = stream.decompress(encoded, limit + 1)
    if len(content) > limit:
        raise _too_long()
    if not stream.eof:
        raise EOFError
    return content


def _unzstd(encoded: bytes, limit: int) -> bytes:
    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 24).stream_reader(encoded) as stream:
            content = stream.read(limit + 1)
    except zstandard.ZstdError as problem:
        raise ValueError(str(problem)) from problem
    if len(content) > limit:
        raise _too_long()
    return content


def _too_long() -> NotTheApi:
    return NotTheApi("The server's answer is far longer than it should be.")


def _named(kind: str) -> str:
    return "a web page" if kind in ("text/html", "application/xhtml+xml") else "something else"


def _refuse_constant(name: str) -> float:
    raise ValueError(name)

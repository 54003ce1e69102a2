"""An answer before it is sent: plain enough to be stored, compared and repeated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from fastapi import Request, Response
from pydantic_core import to_json

PEOPLE = "private, no-cache"
"""What is kept of people is asked about again each time; an ETag makes that cheap."""
REFERENCE = "private, max-age=60, stale-while-revalidate=600"
"""Reference lists may be a minute old."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body of an answer in JSON."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def response(self) -> Response:
        """Give it as what is sent."""
        media_type = "application/json" if self.body else None
        return Response(self.body, self.status, dict(self.headers), media_type)


def version_tag(version: int, body: bytes | None = None) -> str:
    """Give the strong ETag of a version; of one that is shown in part or with parts, from its `body` too."""
    return f'"{version}"' if body is None else f'"{version}-{_digest(body, 4)}"'


def found(
    request: Request,
    value: Any,
    cache: str,
    version: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Answer a read with `value`, or with 304 where the caller has it already (RFC 9110, section 13.1.2).

    `version` makes the ETag; without one it comes from the body.
    """
    if version is None:
        body = to_json(value)
        return conditional(request, body, f'"{_digest(body, 8)}"', cache, headers or {})
    return conditional(request, to_json(value), version_tag(version), cache, headers or {})


def conditional(request: Request, body: bytes, tag: str, cache: str, headers: Mapping[str, str]) -> Answer:
    """Answer with `body`, or with 304 where `If-None-Match` names its ETag."""
    headers = {"ETag": tag, "Cache-Control": cache, **headers}
    if has_already(request, tag):
        return Answer(304, headers)
    return Answer(200, headers, body)


def has_already(request: Request, tag: str) -> bool:
    """Say whether a GET's `If-None-Match` names this ETag; weakness does not matter here."""
    known = request.headers.get("If-None-Match")
    if known is None or request.method != "GET":
        return False
    return known.strip() == "*" or tag in {part.strip().removeprefix("W/") for part in known.split(",")}


def _digest(body: bytes, size: int) -> str:
    return blake2b(body, digest_size=size).hexdigest()

"""Cursors: where the next page begins, told by what was shown and not by how much."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Final

_NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")
"""What no database keeps as text."""


class BadCursor(ValueError):
    """A cursor that this server did not give for this search."""


def encode(place: list[Any]) -> str:
    """Give a place in a list as an opaque string."""
    plain = json.dumps(place, separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(plain.encode()).rstrip(b"=").decode()


def decode(cursor: str, *kinds: type | tuple[type, ...]) -> list[Any]:
    """Read what `encode` gave; every member must be of its kind. Raises `BadCursor`."""
    try:
        place = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except ValueError:
        raise BadCursor("This cursor is not one that the server gave.") from None
    if (
        not isinstance(place, list)
        or len(place) != len(kinds)
        or not all(isinstance(part, kind) for part, kind in zip(place, kinds, strict=True))
        or any(isinstance(part, int) and abs(part) >= 1 << 62 for part in place)
        or any(isinstance(part, str) and _NO_TEXT.search(part) for part in place)
    ):
        raise BadCursor("This cursor belongs to another list.")
    return place

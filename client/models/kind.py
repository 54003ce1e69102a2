"""What every kind of field shares: how it refuses, and what else is said about a field."""

from dataclasses import dataclass
from typing import Any, Final


class Refused(ValueError):
    """A value that a field does not take: a `code` for programs and a `sentence` for a person."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Marker:
    """Says something about a field that is true whatever it holds."""

    name: str


READ_ONLY: Final = Marker("read_only")
"""The server sets it; it is not part of what is sent."""
CREATE_ONLY: Final = Marker("create_only")
"""Given when the record is made, never changed afterwards."""
ADMIN_ONLY: Final = Marker("admin_only")
"""Leaves the server for admins only, and never enters an e-mail."""
STAFF_ONLY: Final = Marker("staff_only")
"""Never shown to the customer."""
WRITE_ONLY: Final = Marker("write_only")
"""Sent, and never given back: it is in no answer, no history, no log, and no draft on disk."""


@dataclass(frozen=True, slots=True)
class Initially:
    """The value that a new record gets when the one who makes it says nothing."""

    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a field holds. Subclasses say how a value is checked and how JSON Schema describes it."""

    def check(self, value: Any) -> Any:
        """Give `value` in its stored form. Raises `Refused` where it is not taken."""
        return value

    def take(self, value: Any) -> Any:
        """Give `value` as it came, before it is read. Raises `Refused` where reading would be too lenient."""
        return value

    def schema(self) -> dict[str, Any]:
        """Give the JSON Schema keywords that describe what may be written."""
        return {}

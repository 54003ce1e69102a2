"""Passwords that are set for somebody: sent, and never given back."""

from dataclasses import dataclass
from typing import Any

from client.models.kind import Kind, Refused
from client.text import harmful


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret(Kind):
    """A password. Its field also carries `WRITE_ONLY`."""

    min_length: int = 10
    max_length: int = 1000

    def check(self, value: str) -> str:
        """Give the password as it is. Refuses one that is too short or cannot be typed."""
        if harmful(value) is not None or "\n" in value or "\t" in value:
            raise Refused("control_character", "This contains a character that nobody can type.")
        if not self.min_length <= len(value) <= self.max_length:
            raise Refused(
                "wrong_length",
                f"A password has {self.min_length} to {self.max_length:,} characters. "
                "A few words in a row are easy to keep in mind.",
            )
        return value

    def schema(self) -> dict[str, Any]:
        """Describe the length."""
        return {"minLength": self.min_length, "maxLength": self.max_length, "format": "password"}

"""What becomes of a record when the person it is about is erased: declared by each collection."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Erasure:
    """Whether a record stays, and which of its members lose what they hold."""

    removes: bool = False
    """The record goes as a whole."""
    blanked: frozenset[str] = frozenset()
    """Members that are set to their defaults."""
    only: frozenset[str] | None = None
    """Where this is not None, every member that is not named here is blanked."""

    def blanks(self, member: str) -> bool:
        """Say whether a member loses what it holds."""
        return member in self.blanked if self.only is None else member not in self.only

    @property
    def keeps_all(self) -> bool:
        """Whether nothing happens to the record."""
        return not self.removes and not self.blanked and self.only is None


REMOVED: Final = Erasure(removes=True)
"""The record is about the person, and goes with what is known of that person."""
KEPT: Final = Erasure()
"""The record belongs to the books, and tells nothing about the person but by the number."""


def without(*members: str) -> Erasure:
    """Keep the record, but blank these members."""
    return Erasure(blanked=frozenset(members))


def only(members: Iterable[str]) -> Erasure:
    """Keep the record with these members alone, so that a new one is blanked unless somebody decides else."""
    return Erasure(only=frozenset(members) | {"id", "version", "created_at", "updated_at"})

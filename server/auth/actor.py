"""Who is asking, and what that role may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ROLE_ORDER: Final = ("viewer", "staff", "admin")
"""Each role may do what the ones before it may, and more."""

_GRANTED: Final[Mapping[str, str]] = {
    # The lowest role that may do it. Words of RFC 6749 scopes: `collection:verb`.
    "customers:read": "viewer",
    "customers:write": "staff",
    "customers:delete": "staff",
    "notes:read": "viewer",
    "notes:write": "staff",
    "notes:delete": "staff",
    "events:read": "viewer",
    "labels:read": "viewer",
    "labels:write": "staff",
    "labels:delete": "admin",
    "branches:read": "viewer",
    "branches:write": "admin",
    "branches:delete": "admin",
    "partners:read": "viewer",
    "partners:write": "admin",
    "partners:delete": "admin",
    "locations:read": "viewer",
    "locations:write": "admin",
    "locations:delete": "admin",
    "staff:read": "staff",
    "staff:write": "admin",
    "staff:delete": "admin",
}

PERMISSIONS: Final[Mapping[str, frozenset[str]]] = {
    role: frozenset(
        word for word, lowest in _GRANTED.items() if ROLE_ORDER.index(lowest) <= ROLE_ORDER.index(role)
    )
    for role in ROLE_ORDER
}
"""What each role may do."""

_MEANINGS: Final = {"read": "See", "write": "Add and change", "delete": "Remove"}

SCOPES: Final[Mapping[str, str]] = {
    word: f"{_MEANINGS[verb]} {collection}"
    for word in _GRANTED
    for collection, _, verb in [word.partition(":")]
}
"""Every permission word with its meaning, for the contract."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person behind a request."""

    id: str
    """The id of the staff record."""
    name: str
    """As the history shows it."""
    role: str
    """viewer, staff or admin."""
    session_id: str
    """The sign-in that the request's token belongs to."""

    @property
    def permissions(self) -> frozenset[str]:
        """Every permission word of this person. A role that this server does not know may do nothing."""
        return PERMISSIONS.get(self.role, frozenset())

    @property
    def is_admin(self) -> bool:
        """Whether admin-only fields may be shown to this person."""
        return self.role == "admin"

    def may(self, permission: str) -> bool:
        """Say whether the role grants `permission`, such as `customers:write`."""
        return permission in self.permissions

"""Who is asking, and what that role may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ROLE_ORDER: Final = ("viewer", "staff", "admin")
"""Each role may do what the ones before it may, and more."""

_LOWEST: Final[Mapping[str, tuple[str, str, str]]] = {
    # The lowest roles that may read, write and delete in a collection.
    "customers": ("viewer", "staff", "staff"),
    "notes": ("viewer", "staff", "staff"),
    "messages": ("viewer", "staff", "staff"),
    "portal-account": ("viewer", "staff", "staff"),
    "events": ("viewer", "", ""),
    "personal-data": ("admin", "", "admin"),
    "labels": ("viewer", "staff", "admin"),
    "custom-fields": ("viewer", "admin", "admin"),
    "branches": ("viewer", "admin", "admin"),
    "partners": ("viewer", "admin", "admin"),
    "locations": ("viewer", "admin", "admin"),
    "staff": ("staff", "admin", "admin"),
    "payment-methods": ("viewer", "staff", "staff"),
    "invoices": ("viewer", "staff", ""),
    "purchases": ("viewer", "staff", "staff"),
    "subscriptions": ("viewer", "staff", ""),
    "tax-rates": ("viewer", "admin", "admin"),
    "tax": ("viewer", "staff", "staff"),
    "services": ("viewer", "admin", "admin"),
    "disliked-services": ("viewer", "staff", "staff"),
    "consents": ("viewer", "staff", ""),
    "contacts": ("viewer", "staff", "staff"),
    "acts-for": ("viewer", "", ""),
    "bookings": ("viewer", "staff", ""),
    "devices": ("viewer", "staff", ""),
    "allowances": ("viewer", "staff", "admin"),
    "usage": ("", "staff", ""),
    "plans": ("viewer", "admin", "admin"),
    "memberships": ("viewer", "staff", ""),
    "credits": ("viewer", "staff", ""),
    "payments": ("viewer", "", ""),
    "gift-cards": ("viewer", "staff", ""),
    "rewards": ("viewer", "staff", ""),
    "form-templates": ("viewer", "admin", "admin"),
    "forms": ("viewer", "staff", "staff"),
    "imports": ("admin", "admin", "admin"),
    "documents": ("viewer", "staff", "staff"),
    "tickets": ("viewer", "staff", ""),
    "replies": ("viewer", "staff", ""),
    "reports": ("viewer", "staff", "staff"),
}

_GRANTED: Final[Mapping[str, str]] = {
    # Words of RFC 6749 scopes: `collection:verb`.
    f"{collection}:{verb}": lowest
    for collection, roles in _LOWEST.items()
    for verb, lowest in zip(("read", "write", "delete"), roles, strict=True)
    if lowest
} | {"memberships:waive": "admin", "customers:export": "staff"}

PERMISSIONS: Final[Mapping[str, frozenset[str]]] = {
    role: frozenset(
        word for word, lowest in _GRANTED.items() if ROLE_ORDER.index(lowest) <= ROLE_ORDER.index(role)
    )
    for role in ROLE_ORDER
}
"""What each role may do."""

_MEANINGS: Final = {
    "read": "See",
    "write": "Add and change",
    "delete": "Remove",
    "waive": "Let go the cancellation fee of",
    "export": "Take lists of",
}

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
    offered: frozenset[str] | None = None
    """The permission words that this server has a use for; None where that makes no difference."""

    @property
    def permissions(self) -> frozenset[str]:
        """Every permission word of this person. A role that this server does not know may do nothing."""
        granted = PERMISSIONS.get(self.role, frozenset())
        return granted if self.offered is None else granted & self.offered

    @property
    def is_admin(self) -> bool:
        """Whether admin-only fields may be shown to this person."""
        return self.role == "admin"

    def may(self, permission: str) -> bool:
        """Say whether the role grants `permission`, such as `customers:write`."""
        return permission in self.permissions

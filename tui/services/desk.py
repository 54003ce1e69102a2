"""The desk: everything the screens share, with one owner.

It holds the signed-in session's client, what the server said of itself, reference lists, the open profiles,
and the stores on disk: drafts, recently opened and pinned customers.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from client.models import Service

if TYPE_CHECKING:
    from client.api import CustomerApi
    from client.models.base import Record
    from tui.screens.profile import ProfileScreen

REFERENCES: Final = ("labels", "branches", "partners", "locations")
"""Collections that are small enough to be known as a whole."""


class Desk:
    """State and services of one signed-in person at one server."""

    def __init__(self, api: "CustomerApi | None" = None) -> None:
        self.api = api
        self.service = Service()
        self.open_profiles: dict[str, ProfileScreen] = {}
        self._references: dict[str, Sequence[Record]] = {}

    async def reference(self, name: str) -> Sequence[Any]:
        """Give all records of a reference list, fetched once. Raises CustomerApiError."""
        if name not in self._references:
            records = [record async for record in getattr(self.api, name).each(limit=200)]
            self._references[name] = records
        return self._references[name]

    def forget_reference(self, name: str) -> None:
        """Fetch a reference list anew when it is next needed: it was changed here."""
        self._references.pop(name, None)

    def may(self, permission: str) -> bool:
        """Say whether the signed-in person may do something, as `collection:verb`."""
        return permission in self.service.permissions

    def has(self, feature: str) -> bool:
        """Say whether the server has a part."""
        return feature in self.service.features

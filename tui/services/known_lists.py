"""The lists that everyone shares, such as labels and branches: fetched once; without a link, as seen."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from client.errors import CustomerApiError, NotSeen

if TYPE_CHECKING:
    from client.api import CustomerApi
    from client.models.base import Record


class KnowsLists:
    """Reference lists of one person at one server."""

    @property
    def api(self) -> "CustomerApi":
        """The server."""
        raise NotImplementedError

    seen_api: "Callable[[], tuple[CustomerApi, Callable[[], float]]]"

    def forget_references(self) -> None:
        """Know no list."""
        self._references: dict[str, Sequence[Record]] = {}

    async def reference(self, name: str) -> Sequence[Any]:
        """Give all records of a reference list, such as `labels`, fetched once. Raises CustomerApiError."""
        member = name.replace("-", "_")
        if member not in self._references:
            try:
                records = [one async for one in getattr(self.api, member).each(limit=200)]
            except CustomerApiError as problem:
                if not problem.out_of_reach:
                    raise
                with suppress(NotSeen):
                    return [one async for one in getattr(self.seen_api()[0], member).each(limit=200)]
                raise
            self.learn_reference(member, records)
        return self._references[member]

    def known_reference(self, name: str) -> Sequence[Any] | None:
        """Give a reference list that was fetched before."""
        return self._references.get(name.replace("-", "_"))

    def learn_reference(self, name: str, records: Sequence[Any]) -> None:
        """Take a reference list that came along with something else."""
        self._references[name.replace("-", "_")] = records

    def forget_reference(self, name: str) -> None:
        """Fetch a reference list anew when it is next needed: it was changed here."""
        self._references.pop(name.replace("-", "_"), None)

    def known_name(self, record_id: str) -> str:
        """Give the name behind the id, or the key, of a reference record that was fetched before, else ""."""
        for records in self._references.values():
            for record in records:
                if record_id in (record.id, getattr(record, "key", "")):
                    return str(getattr(record, "name", ""))
        return ""

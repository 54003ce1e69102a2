"""What is asked of the index."""

from collections.abc import Sequence

from server.store.search.document import ARCHIVED
from server.store.search.filters import Filters
from server.store.search.terms import Expression


class Query:
    """Tokens that a customer must have, and tokens that it must not have."""

    __slots__ = ("_filters", "archived", "checked", "excluded", "required")

    def __init__(
        self, required: Sequence[Expression], filters: Filters, excluded: Expression | None = None
    ) -> None:
        self.required: list[Expression] = [*required, *filters.required]
        self._filters = filters
        self.excluded = excluded
        self.checked = filters.checked
        self.archived = filters.archived
        """no, yes or any."""

    def only_excluded(self) -> "Query":
        """Give the question for what is excluded here, under the same filters."""
        return Query([] if self.excluded is None else [self.excluded], self._filters)


def spelled(token: str, archived: str) -> tuple[str, ...]:
    """Give a token as customers have it that are archived, are not, or may be either."""
    if archived == "no":
        return (token,)
    return (ARCHIVED + token,) if archived == "yes" else (token, ARCHIVED + token)

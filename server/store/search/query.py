"""What is asked of the index."""

from collections.abc import Sequence

from server.store.search.filters import Filters
from server.store.search.terms import Expression


class Query:
    """Tokens that a customer must have, and tokens that it must not have."""

    __slots__ = ("excluded", "required")

    def __init__(
        self, required: Sequence[Expression], filters: Filters, excluded: Expression | None = None
    ) -> None:
        self.required: list[Expression] = [*required, *filters.required]
        self.excluded: list[Expression] = [*filters.excluded, *([] if excluded is None else [excluded])]

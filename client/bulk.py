"""Bulk work over the network: a hundred customers a request, done once however often it is sent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from client.models.bulk import MOST, BulkOutcome, BulkRequest

if TYPE_CHECKING:
    from client.customers import Customers

Progress = Callable[[int, int], None]
"""Hears how many customers are done, of how many."""


@dataclass
class BulkWork:
    """One thing to do to many customers; broken off, it can be gone on with where it stopped.

    Each hundred has a key of its own: one whose answer was lost is asked for again, not done again.
    """

    customers: "Customers"
    ids: list[str]
    operation: str
    """label, unlabel, archive or unarchive."""
    label: str = ""
    outcomes: list[BulkOutcome] = field(default_factory=list)
    """What became of those that are answered for, in the order of `ids`."""
    stopped: bool = False
    """Set to stop after the hundred that is under way."""
    key: str = field(default_factory=lambda: uuid4().hex)

    def __post_init__(self) -> None:
        self.ids = list(dict.fromkeys(self.ids))

    @property
    def left(self) -> int:
        """How many are not answered for."""
        return len(self.ids) - len(self.outcomes)

    @property
    def changed(self) -> list[str]:
        """The ids of those that are other than before."""
        return [outcome.id for outcome in self.outcomes if outcome.outcome == "changed"]

    @property
    def refused(self) -> list[BulkOutcome]:
        """Those that it could not be done to, each with the reason."""
        return [outcome for outcome in self.outcomes if outcome.outcome not in ("changed", "unchanged")]

    async def run(self, progress: Progress = lambda _done, _whole: None) -> None:
        """Go on until all are done or `stopped`. Raises CustomerApiError; what is done stays done."""
        self.stopped = False
        progress(len(self.outcomes), len(self.ids))
        while self.left and not self.stopped:
            begin = len(self.outcomes)
            request = BulkRequest(
                ids=self.ids[begin : begin + MOST], operation=self.operation, label=self.label
            )
            answer = await self.customers.bulk(request, idempotency_key=f"{self.key}-{begin}")
            self.outcomes += _of_each(request.ids, answer.value.items)
            progress(len(self.outcomes), len(self.ids))


def _of_each(ids: Iterable[str], outcomes: Iterable[BulkOutcome]) -> list[BulkOutcome]:
    """Give an outcome for every id, also where a server left one out."""
    told = {outcome.id: outcome for outcome in outcomes}
    silent = "The server did not say what became of this one."
    return [told.get(one) or BulkOutcome(id=one, outcome="refused", sentence=silent) for one in ids]

"""Search as you type: which question stands, what is known about it, and what may be shown meanwhile.

Pure: no network, no timers, no widgets. A screen tells `Search` what was typed and what came back; every
question has a generation number, and an answer to another generation than the newest changes nothing.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final, Literal

from client.fold import fold
from client.models import CustomerRow, CustomerSearch, Page
from client.text import clean
from tui.services.matching import Needles, matches, matches_by_name

SAID_AFTER: Final = 0.3
"""Seconds after which waiting is said."""
LONGEST_TEXT: Final = 200
"""Characters that a search may have."""

_FRESH: Final = 10.0
_KEPT: Final = 64
_AT_HAND: Final = 400
_NEAR: Final = 0.12
_BETWEEN_LETTERS: Final = 0.25


@dataclass(frozen=True, slots=True)
class Found:
    """Customers that answer a question, as far as they have been fetched."""

    rows: tuple[CustomerRow, ...] = ()
    total: int | None = None
    """How many there are in all, where the server counted them."""
    next_cursor: str = ""
    """Where the next page begins; empty when there is none."""


Fit = Literal["answer", "matching", "old"]
"""How the rows fit the question that stands: they answer it; they are rows at hand that match what was
typed, surely right but perhaps not all; or they belong to an earlier question."""


class Search:
    """The question that stands, with the rows to show for it."""

    def __init__(self, filters: CustomerSearch | None = None, clock: Callable[[], float] = monotonic) -> None:
        self.question = filters or CustomerSearch()
        self.generation = 0
        """Grows with every question; answers carry the generation they were asked in."""
        self.found = Found()
        self.fit: Fit = "old"
        self.asking = False
        """Whether an answer is awaited."""
        self.failed = False
        """Whether the newest question got an error for an answer."""
        self._dropped = Found()
        self._fetching = ""
        self._filters_of_rows = _key(self.question)[1]
        self._clock = clock
        self._known: OrderedDict[_Key, tuple[Found, float]] = OrderedDict()

    @property
    def needles(self) -> Needles:
        """What to highlight."""
        return Needles.of(self.question.q)

    def ask(self, text: str, filters: CustomerSearch, limit: int) -> bool:
        """Put a new question; say whether the server must be asked.

        A question answered a moment ago shows its rows at once and needs no asking; one answered longer ago
        shows them too and is asked again behind. The same question, blanks apart, is not put again.
        """
        question = filters.model_copy(update={"q": spoken(text), "limit": limit, "cursor": ""})
        if question == self.question and self.generation:
            return False
        self.question = question
        self.generation += 1
        self.failed = False
        self._fetching = ""
        known = self._known.get(_key(question))
        if known is None:
            self.fit = "old"
            self.asking = True
        else:
            self.found, since = known
            self._filters_of_rows = _key(question)[1]
            self.fit = "answer"
            self.asking = self._clock() - since > _FRESH
        return self.asking

    def ask_again(self) -> None:
        """Put the same question once more: rows that answer it stay until the new answer is there."""
        self.generation += 1
        self.asking = True
        self.failed = False
        self._fetching = ""

    def narrow(self, at_hand: Iterable[CustomerRow] = ()) -> bool:
        """Show, until the answer is there, the rows at hand that match; say whether there are any.

        Rows come from answers with the same filters and from `at_hand`. With a sort order of its own only
        the rows that are shown can be narrowed: others would have no right place among them.
        """
        if self.fit == "answer":
            return False
        needles, filters = self.needles, _key(self.question)[1]
        best_first = self.question.sort == "recent"
        rows = {row.id: row for row in self.found.rows if self._filters_of_rows == filters}
        if best_first:
            for row in self._seen(filters, at_hand):
                rows.setdefault(row.id, row)
        fitting = [row for row in rows.values() if needles and matches(row, needles)]
        if not fitting:
            return False
        if best_first:
            fitting.sort(key=lambda row: not matches_by_name(row, needles))
        self.found = Found(tuple(fitting[: self.question.limit]))
        self._filters_of_rows = filters
        self.fit = "matching"
        return True

    def drop_old(self) -> bool:
        """Let go of rows that have nothing to do with the question; say whether there were any."""
        if self.fit != "old" or not self.found.rows:
            return False
        self._dropped, self.found = self.found, Found()
        return True

    def answer(self, generation: int, page: Page[CustomerRow]) -> bool:
        """Take the server's answer; one to an earlier question changes nothing and gives False."""
        if generation != self.generation:
            return False
        self._keep(Found(tuple(page.items), page.total, page.next_cursor or ""))
        self.fit = "answer"
        self.asking = self.failed = False
        return True

    def fail(self, generation: int) -> bool:
        """Note that there will be no answer; the rows stay, also those that were let go while waiting.

        Gives False for an earlier question.
        """
        if generation != self.generation:
            return False
        if not self.found.rows and self.fit == "old":
            self.found = self._dropped
        self.asking = False
        self.failed = True
        return True

    def more(self) -> CustomerSearch | None:
        """Give what to ask for the next page, or None where there is none or it is being fetched."""
        cursor = self.found.next_cursor
        if self.fit != "answer" or not cursor or cursor == self._fetching:
            return None
        self._fetching = cursor
        return self.question.model_copy(update={"cursor": cursor})

    def answer_more(self, generation: int, cursor: str, page: Page[CustomerRow]) -> bool:
        """Add the page that began at `cursor`, each customer once; a stale one changes nothing."""
        if generation != self.generation or cursor != self.found.next_cursor:
            return False
        self._fetching = ""
        shown = {row.id for row in self.found.rows}
        added = tuple(row for row in page.items if row.id not in shown)
        following = page.next_cursor or ""
        self._keep(
            replace(
                self.found,
                rows=self.found.rows + added,
                next_cursor="" if following == cursor else following,
            )
        )
        return True

    def fail_more(self, generation: int) -> None:
        """Let the next page be asked for again."""
        if generation == self.generation:
            self._fetching = ""

    def forget(self) -> None:
        """Forget earlier answers, because customers may have changed."""
        self._known.clear()

    def _keep(self, found: Found) -> None:
        self.found = found
        key = _key(self.question)
        self._filters_of_rows = key[1]
        self._known[key] = (found, self._clock())
        self._known.move_to_end(key)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)

    def _seen(self, filters: str, at_hand: Iterable[CustomerRow]) -> list[CustomerRow]:
        """Give rows of earlier answers with the same filters, newest answers first, at most some hundred."""
        rows = list(at_hand) if not filtered(self.question) else []
        for key, (found, _) in reversed(self._known.items()):
            if len(rows) >= _AT_HAND:
                break
            if key[1] == filters:
                rows += found.rows[: self.question.limit]
        return rows


def spoken(text: str) -> str:
    """Give typed text as it is asked: harmless, single blanks, not too long."""
    return " ".join(clean(text).split())[:LONGEST_TEXT].rstrip()


def filtered(question: CustomerSearch) -> bool:
    """Say whether anything but text and order narrows the question."""
    unfiltered = CustomerSearch(q=question.q, sort=question.sort, limit=question.limit)
    return question.model_copy(update={"cursor": "", "fields": []}) != unfiltered


def debounce(round_trip: float | None, *, frugal: bool = False) -> float:
    """Give the seconds to wait for another letter before asking: less where asking costs little.

    Where the link is to be spared, somebody who types evenly has the whole word before the first question.
    """
    if frugal:
        return _BETWEEN_LETTERS
    return min(0.06, max(0.03, 0.3 * (round_trip or 0.0)))


def patience(round_trip: float | None) -> float:
    """Give the seconds for which rows stay untouched before they are narrowed.

    On a near server the answer comes first, and painting twice would only flicker.
    """
    return 0.0 if round_trip is not None and round_trip > _NEAR else _NEAR


_Key = tuple[str, str]


def _key(question: CustomerSearch) -> _Key:
    """Give what makes two questions the same: the folded text, and everything else but the paging."""
    rest = question.model_copy(update={"q": "", "cursor": "", "limit": 25})
    return fold(question.q), rest.model_dump_json(exclude_defaults=True)

"""What a search is, in words: how many were found, which filters hold, what to do when nobody was.

Pure: everything comes in as values and goes out as text.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from client.meter import LinkState
from client.models import CustomerSearch
from tui.services.search import Search, filtered

Names = Mapping[str, str]
"""Names of branches, partners and locations by their ids."""
WriteNumber = Callable[[float], str]

SEARCHING: Final = "Searching…"

SORTS: Final = {
    "recent": "Best match, then last changed",
    "name": "Name",
    "number": "Number",
    "phone": "Phone",
    "email": "E-mail",
    "city": "City",
    "status": "Status",
}
"""Orders of the list, by the server's words."""

_STEADY: Final = 0.03
"""Seconds by which a round trip may differ from the one that was said before."""

_ARCHIVED: Final = {"yes": "archived only", "any": "with archived"}
_STATES: Final = {"online": "online", "slow": "slow", "offline": "offline", "unknown": ""}


def counted(search: Search, everyone: int | None, write: WriteNumber) -> str:
    """Say how many were found, "12 of 48,210", or how many so far; empty where that is not known."""
    found = search.found
    if search.fit == "matching":
        return f"{write(len(found.rows))} so far"
    if search.fit == "old":
        return ""
    if found.total is None:
        have = write(len(found.rows))
        return f"more than {have}" if found.next_cursor else have
    narrowed = search.question.q or filtered(search.question)
    if narrowed and everyone is not None and everyone >= found.total:
        return f"{write(found.total)} of {write(everyone)}"
    return f"{write(found.total)} customer{'' if found.total == 1 else 's'}"


def filters_in_words(filters: CustomerSearch, names: Names) -> list[str]:
    """Say which filters hold, each in a few words; none for those that are as they usually are."""
    words = [" or ".join(filters.status)] if filters.status else []
    if filters.archived in _ARCHIVED:
        words.append(_ARCHIVED[filters.archived])
    if filters.label:
        words.append(" and ".join(filters.label))
    chosen = (filters.branch_id, filters.partner_id, filters.location_id)
    return words + [names.get(place, "one place") for place in chosen if place is not None]


def order_in_words(sort: str) -> list[str]:
    """Say what the list is sorted by; nothing for the usual order."""
    if sort == "recent":
        return []
    title = SORTS.get(sort.lstrip("-"), sort.lstrip("-")).lower()
    return [f"by {title}, descending" if sort.startswith("-") else f"by {title}"]


def nobody(search: Search, may_add: bool, filters: Sequence[str]) -> list[str]:
    """Say that nobody was found, and what can be done about it. `filters` are those that hold, in words."""
    question = search.question
    if not question.q and not filtered(question):
        return ["", "There are no customers yet."] + (["Ctrl+N adds the first one."] if may_add else [])
    # What was typed stands above: said again here, each further letter would be painted twice.
    who = "Nobody matches this" if question.q else "Nobody is there"
    lines = ["", f"{who} among: {' · '.join(filters)}." if filters else f"{who}."]
    if filters:
        lines.append("Esc clears the text; with no text, it clears the filters.")
    if question.q and may_add:
        lines.append("Ctrl+N makes a new customer of what you typed.")
    return lines


class LinkWords:
    """Says how the link is, "online 84 ms", and says the same again while it is about the same.

    Each change is painted, and on a slow terminal line a figure that flickers costs more than it tells.
    """

    def __init__(self) -> None:
        self._state: LinkState = "unknown"
        self._seconds: float | None = None

    def say(self, state: LinkState, round_trip: float | None, *, frugal: bool = False) -> str:
        """Give the words for a link in `state` whose newest round trip took so many seconds."""
        if state != self._state or self._differs(round_trip):
            self._state, self._seconds = state, round_trip
        words = link_in_words(state, self._seconds)
        return f"{words} · frugal" if frugal and words else words

    def _differs(self, seconds: float | None) -> bool:
        if seconds is None or self._seconds is None:
            return seconds is not self._seconds
        return abs(seconds - self._seconds) > max(_STEADY, self._seconds / 2)


def link_in_words(state: LinkState, round_trip: float | None) -> str:
    """Say how a link is, "online 84 ms"; nothing where nothing is known."""
    word = _STATES.get(state, "")
    return word if not word or state == "offline" or round_trip is None else f"{word} {_rounded(round_trip)}"


def _rounded(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{max(1, round(seconds * 1000))} ms"

"""What a search says of itself."""

import pytest

from client.meter import LinkState
from client.models import CustomerRow, CustomerSearch, Page
from tui.services.search import Search
from tui.services.search_words import LinkWords, counted, filters_in_words, nobody, order_in_words

ALL = CustomerSearch()
NAMES = {"b1": "Riverside"}


def searched(
    text: str, found: int, *, total: int | None, cursor: str = "", filters: CustomerSearch = ALL
) -> Search:
    search = Search()
    search.ask(text, filters, 25)
    rows = [CustomerRow(id=str(number), display_name=f"Smith {number}") for number in range(found)]
    search.answer(search.generation, Page[CustomerRow](items=rows, total=total, next_cursor=cursor or None))
    return search


def write(number: float) -> str:
    return f"{number:,.0f}"


@pytest.mark.feature("F1.1")
def test_counts_say_what_is_known() -> None:
    assert counted(searched("smi", 12, total=12), 48210, write) == "12 of 48,210"
    assert counted(searched("", 25, total=48210, cursor="c"), 48210, write) == "48,210 customers"
    assert counted(searched("", 1, total=1), 1, write) == "1 customer"
    assert counted(searched("s", 25, total=None, cursor="c"), 48210, write) == "more than 25"
    assert counted(searched("s", 7, total=None), None, write) == "7"
    blocked = CustomerSearch(status=["blocked"])
    assert counted(searched("", 3, total=3, filters=blocked), 48210, write) == "3 of 48,210"


def test_counts_say_nothing_while_nothing_is_known_and_so_far_while_waiting() -> None:
    search = searched("smi", 12, total=12)
    search.ask("smith", ALL, 25)
    assert counted(search, 48210, write) == ""
    search.narrow()
    assert counted(search, 48210, write) == "12 so far"


@pytest.mark.feature("F1.1")
def test_filters_are_said_in_words() -> None:
    filters = CustomerSearch(
        status=["active", "new"], archived="any", label=["vip", "donor"], branch_id="b1", location_id="gone"
    )
    assert filters_in_words(filters, NAMES) == [
        "active or new",
        "with archived",
        "vip and donor",
        "Riverside",
        "one place",
    ]
    assert filters_in_words(ALL, NAMES) == []


def test_the_order_is_said_unless_it_is_the_usual_one() -> None:
    orders = [order_in_words(sort) for sort in ("recent", "name", "-number")]
    assert orders == [[], ["by name"], ["by number, descending"]]


def test_an_empty_answer_says_what_to_do_next() -> None:
    assert nobody(searched("zzz", 0, total=0), True, []) == [
        "",
        "Nobody matches this.",
        "Ctrl+N makes a new customer of what you typed.",
    ]
    blocked = searched("zzz", 0, total=0, filters=CustomerSearch(status=["blocked"]))
    assert "blocked" in " ".join(nobody(blocked, False, ["blocked"]))
    assert "Ctrl+N" not in " ".join(nobody(blocked, False, ["blocked"]))
    assert "no customers yet" in " ".join(nobody(searched("", 0, total=0), True, []))


@pytest.mark.feature("F11.4")
@pytest.mark.parametrize(
    ("state", "round_trip", "words"),
    [
        ("unknown", None, ""),
        ("online", 0.084, "online 84 ms"),
        ("online", 0.0004, "online 1 ms"),
        ("slow", 1.24, "slow 1.2 s"),
        ("offline", 0.02, "offline"),
    ],
)
def test_the_link_is_said_in_words(state: LinkState, round_trip: float | None, words: str) -> None:
    assert LinkWords().say(state, round_trip) == words
    assert LinkWords().say(state, round_trip, frugal=True) == (f"{words} · frugal" if words else "")


def test_a_link_that_is_about_the_same_is_said_the_same() -> None:
    link = LinkWords()
    said = [link.say("online", seconds) for seconds in (0.004, 0.009, 0.03, 0.2, 0.25, 0.12, 0.02)]
    assert said == ["online 4 ms"] * 3 + ["online 200 ms"] * 3 + ["online 20 ms"]
    assert link.say("slow", 0.9) == "slow 900 ms"

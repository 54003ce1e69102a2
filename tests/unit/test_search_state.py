"""Search as you type, without a screen: which rows stand for which question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.models import CustomerRow, CustomerSearch, Page
from tui.services.search import Found, Search, debounce, filtered, patience, spoken

ALL = CustomerSearch()


def row(name: str, **more: object) -> CustomerRow:
    return CustomerRow.model_validate({"id": name, "display_name": name, **more})


def page(*names: str, cursor: str | None = None, total: int | None = None) -> Page[CustomerRow]:
    return Page[CustomerRow](items=[row(name) for name in names], next_cursor=cursor, total=total)


def names(search: Search) -> list[str]:
    return [row.display_name for row in search.found.rows]


def answered(search: Search, text: str, *found: str, cursor: str | None = None) -> None:
    search.ask(text, ALL, 25)
    assert search.answer(search.generation, page(*found, cursor=cursor))


@pytest.mark.feature("F1.2")
def test_a_stale_answer_never_replaces_a_newer_one() -> None:
    search = Search()
    search.ask("smi", ALL, 25)
    early = search.generation
    search.ask("smith", ALL, 25)
    assert search.answer(search.generation, page("Smith"))
    assert not search.answer(early, page("Smiley", "Smith"))
    assert names(search) == ["Smith"]


@given(st.lists(st.tuples(st.sampled_from(["a", "ab", "b", ""]), st.integers(0, 6)), max_size=20))
def test_whatever_the_order_of_answers_rows_said_to_fit_belong_to_the_newest_question(
    steps: list[tuple[str, int]],
) -> None:
    search = Search()
    asked: list[tuple[int, str]] = []
    for text, late in steps:
        if search.ask(text, ALL, 25):
            asked.append((search.generation, text))
        if asked:
            generation, question = asked[-1 - late % len(asked)]
            search.answer(generation, page(f"for {question}"))
        if search.fit == "answer":
            assert names(search) == [f"for {text}"]


def test_a_question_answered_a_moment_ago_is_shown_at_once_and_not_asked_again() -> None:
    now = [0.0]
    search = Search(clock=lambda: now[0])
    answered(search, "smi", "Smiley", "Smith")
    answered(search, "smit", "Smith")
    assert not search.ask("SMI ", ALL, 25)
    assert (names(search), search.fit, search.asking) == (["Smiley", "Smith"], "answer", False)
    now[0] = 60.0
    answered(search, "x", "Xu")
    assert search.ask("smi", ALL, 25)
    assert (names(search), search.fit, search.asking) == (["Smiley", "Smith"], "answer", True)


def test_after_forgetting_every_question_is_asked_again() -> None:
    search = Search()
    answered(search, "smi", "Smith")
    answered(search, "smit", "Smith")
    search.forget()
    assert search.ask("smi", ALL, 25)
    assert search.fit == "old"


def test_a_blank_more_is_no_new_question() -> None:
    search = Search()
    answered(search, "joanna", "Joanna")
    generation = search.generation
    assert not search.ask(" joanna ", ALL, 25)
    assert (search.generation, search.fit) == (generation, "answer")


@pytest.mark.feature("F1.2")
def test_while_waiting_rows_at_hand_that_match_are_shown_names_first() -> None:
    search = Search()
    answered(search, "s", "Ann Salem", "Sam Jones", "Sarah Bell")
    search.ask("sa", ALL, 25)
    pinned = [row("Ruth Berg", city="Salzburg"), row("Tom", city="Porto")]
    assert search.narrow(pinned)
    assert names(search) == ["Ann Salem", "Sam Jones", "Sarah Bell", "Ruth Berg"]
    assert (search.fit, search.asking) == ("matching", True)
    search.answer(search.generation, page("Sarah Bell"))
    assert (names(search), search.fit) == (["Sarah Bell"], "answer")


def test_rows_under_other_filters_are_never_taken_for_matches() -> None:
    search = Search()
    answered(search, "s", "Sam")
    blocked = CustomerSearch(status=["blocked"])
    search.ask("sa", blocked, 25)
    assert not search.narrow([row("Sam")])
    search.ask("sam", blocked, 25)
    assert not search.narrow()
    assert search.drop_old()
    assert names(search) == []


def test_nothing_is_narrowed_where_nothing_at_hand_matches_and_old_rows_can_be_dropped_later() -> None:
    search = Search()
    answered(search, "smi", "Smith")
    search.ask("jon", ALL, 25)
    assert not search.narrow()
    assert (names(search), search.fit) == (["Smith"], "old")
    assert search.drop_old()
    assert not search.drop_old()


@pytest.mark.feature("F1.1")
def test_pages_are_added_in_order_each_customer_once() -> None:
    search = Search()
    answered(search, "", "A", "B", cursor="after B")
    more = search.more()
    assert more is not None
    assert more.cursor == "after B"
    assert search.more() is None, "one page is fetched once"
    assert search.answer_more(search.generation, "after B", page("B", "C", cursor="after C"))
    assert names(search) == ["A", "B", "C"]
    assert not search.answer_more(search.generation, "after B", page("B", "C"))
    search.more()
    search.fail_more(search.generation)
    assert search.more() is not None
    assert search.answer_more(search.generation, "after C", page("D"))
    assert (names(search), search.more()) == (["A", "B", "C", "D"], None)


def test_a_page_for_an_earlier_question_is_not_added() -> None:
    search = Search()
    answered(search, "a", "A", cursor="next")
    early = search.generation
    search.more()
    answered(search, "b", "B", cursor="next")
    assert not search.answer_more(early, "next", page("A2"))
    assert names(search) == ["B"]


def test_an_error_leaves_the_rows_and_the_question_can_be_put_again() -> None:
    search = Search()
    answered(search, "smi", "Smith")
    search.ask("smit", ALL, 25)
    early = search.generation - 1
    assert not search.fail(early)
    assert search.fail(search.generation)
    assert (names(search), search.fit, search.failed) == (["Smith"], "old", True)
    search.ask_again()
    assert (search.asking, search.failed) == (True, False)
    assert search.answer(search.generation, page("Smit"))
    assert names(search) == ["Smit"]


def test_what_is_typed_is_harmless_and_short_before_it_is_sent() -> None:
    assert spoken("  jo \x1b[31m  \n smith ") == "jo [31m smith"
    assert len(spoken("x" * 10_000)) == 200


def test_waiting_follows_the_link() -> None:
    assert debounce(None) == debounce(0.005) == 0.03
    assert debounce(0.15) == pytest.approx(0.045)
    assert debounce(2.0) == 0.06
    assert debounce(2.0, frugal=True) == 0.25
    assert patience(0.5) == 0.0
    assert patience(0.02) > debounce(0.02)


def test_text_and_order_are_no_filters() -> None:
    assert not filtered(CustomerSearch(q="x", sort="name", limit=50, cursor="c"))
    assert filtered(CustomerSearch(archived="any"))
    assert filtered(CustomerSearch(label=["vip"]))


def test_nothing_known_is_an_empty_page() -> None:
    assert Search().found == Found()

"""What is highlighted, and which rows at hand surely match."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.models import CustomerRow
from tui.services.matching import Needles, marks, matches, matches_by_name, phone_marks

ROW = CustomerRow(
    id="1",
    number=1042,
    display_name="Joanna Müller-Smith",
    phone="+442079460958",
    email="jo.smith@example.org",
    city="Århus",
    labels=["VIP", "donor"],
)


def marked(text: str, typed: str, *, anywhere: bool = False) -> list[str]:
    return [text[start:end] for start, end in marks(text, Needles.of(typed), anywhere=anywhere)]


def phone_marked(shown: str, typed: str) -> list[str]:
    return [shown[start:end] for start, end in phone_marks(shown, Needles.of(typed))]


@pytest.mark.feature("F1.2")
@pytest.mark.parametrize(
    "typed",
    [
        "smi jo",
        "MULL",
        "muller",
        "arhus don",
        "vip",
        "1042",
        "0958",
        "020 7946",
        "+44 (0)20",
        "jo 0958",
        "mith",
    ],
)
def test_a_row_matches_in_any_order_case_accent_and_phone_formatting(typed: str) -> None:
    assert matches(ROW, Needles.of(typed))


@pytest.mark.parametrize("typed", ["smythe", "smith porto", "105", "0000", "jo 999"])
def test_a_row_that_lacks_a_word_does_not_match(typed: str) -> None:
    assert not matches(ROW, Needles.of(typed))


def test_a_name_counts_more_than_an_address() -> None:
    assert matches_by_name(ROW, Needles.of("smi"))
    assert not matches_by_name(ROW, Needles.of("donor"))


@pytest.mark.feature("F1.2")
def test_words_are_marked_at_their_start_with_the_accents_they_are_written_with() -> None:
    assert marked("Joanna Müller-Smith", "mull smi") == ["Müll", "Smi"]
    assert marked("Joanna Goldsmith", "smith") == []
    assert marked("joanna.goldsmith@example.org", "smith", anywhere=True) == ["smith"]


def test_marks_cover_letters_that_fold_to_two_and_accents_that_follow() -> None:
    assert marked("Weißmann", "weiss") == ["Weiß"]
    decomposed = unicodedata.normalize("NFD", "José Pérez")
    assert marked(decomposed, "jose") == [unicodedata.normalize("NFD", "José")]


def test_marks_that_touch_are_one() -> None:
    assert marked("Smithson", "smi smith") == ["Smith"]


@pytest.mark.feature("F1.2")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0958", ["0958"]),
        ("7946 0958", ["7946 0958"]),
        ("79460958", ["7946 0958"]),
        ("020 7946", ["20 7946"]),
        ("0044 20", ["44 20"]),
        ("+44 (0)20", ["44 20"]),
        ("smi 946", ["946"]),
        ("12", []),
        ("0958 946", ["946", "0958"]),
    ],
)
def test_phone_digits_are_marked_across_their_formatting(typed: str, expected: list[str]) -> None:
    assert phone_marked("+44 20 7946 0958", typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("+44 20 79", ["20 79"]), ("0044 207", ["20 7"]), ("020 7946", ["020 7946"]), ("0958", ["0958"])],
)
def test_a_country_code_that_is_not_shown_still_finds_the_digits_after_it(
    typed: str, expected: list[str]
) -> None:
    shown = "020 7946 0958"
    found = phone_marks(shown, Needles.of(typed), "+442079460958")
    assert [shown[start:end] for start, end in found] == expected


@given(st.text(max_size=40), st.text(max_size=20))
def test_marks_lie_inside_the_text_in_order_and_apart(text: str, typed: str) -> None:
    needles = Needles.of(typed)
    for found in (marks(text, needles, anywhere=True), phone_marks(text, needles, f"+44{typed}")):
        edges = [edge for mark in found for edge in mark]
        assert edges == sorted(edges)
        assert all(start < end <= len(text) for start, end in found)

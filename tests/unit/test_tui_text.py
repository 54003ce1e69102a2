"""Text as the terminal shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.text import column, cut, fit, one_line, width_of, wrap


@given(st.text(), st.integers(1, 40))
def test_fitted_text_takes_exactly_its_cells_and_holds_no_control_character(text: str, width: int) -> None:
    fitted = fit(text, width)
    assert width_of(fitted) == width
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in fitted)


@given(st.text(), st.integers(2, 40))
def test_a_column_never_touches_what_stands_beside_it(text: str, width: int) -> None:
    assert width_of(column(text, width)) == width
    assert column(text, width).endswith(" ")


@given(st.text(), st.integers(2, 40))
def test_no_wrapped_line_is_wider_than_it_may_be(text: str, width: int) -> None:
    assert all(width_of(one_line(line)) <= width for line in wrap(text, width))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("one\n\ntwo", ["one", "", "two"]),
        ("abcdefghijkl", ["abcdefgh", "ijkl"]),
        ("", [""]),
    ],
)
def test_text_is_wrapped_at_blanks_and_long_words_anywhere(text: str, lines: list[str]) -> None:
    assert wrap(text, 8) == lines


def test_short_text_is_not_cut_and_long_text_says_so() -> None:
    assert cut("Anna", 6) == "Anna"
    assert cut("Joanna", 4) == "Joa…"


def test_line_ends_are_shown_on_one_line() -> None:
    assert one_line("one\r\ntwo\tthree") == "one ⏎ two three"

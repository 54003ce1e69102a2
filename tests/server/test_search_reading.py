"""How text is folded and how what was typed is read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.fold import fold, fold_positions, fold_words
from server.store.search.document import document, tokens
from server.store.search.phones import country_code_length, fragment
from server.store.search.reading import read
from server.store.search.terms import Stage
from server.store.search.typos import is_near
from tests.server.searching import customer


def test_text_is_compared_without_case_width_and_diacritics() -> None:
    pairs = {
        "Łódź ØRSTED": "lodz orsted",
        "Straße STRASSE": "strasse strasse",
        "Æther œuvre Þór": "aether oeuvre thor",
        "İstanbul ISPARTA ısparta": "istanbul isparta isparta",
        "Ｆｕｌｌ ﬁ": "full fi",
        "Đặng Việt": "dang viet",
        "Ёлкин": "елкин",
        "Άννα Σίσυφος": "αννα σισυφοσ",
        "مُحَمَّد": "محمد",
        "שָׁלוֹם": "שלום",
        "０２０ ٠٢٠ ०२०": "020 020 020",
        "O’Brien–Smith": "o'brien-smith",
    }
    assert {text: fold(text) for text in pairs} == pairs
    assert fold("が") == fold("ｶﾞ".replace("ｶ", "か")) != fold("か")
    assert fold("김").startswith(fold("기"))


@given(st.text())
def test_folding_is_stable_and_blind_to_composition(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert all(word and " " not in word for word in fold_words(text))


@given(st.text())
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded, places = fold_positions(text)
    assert len(folded) == len(places)
    assert places == sorted(places)
    assert all(place < len(text) for place in places)


def test_marks_that_tell_words_apart_stay_inside_the_word() -> None:
    assert fold_words("हिन्दी नाम") == ["हिन्दी", "नाम"]
    assert fold_words("น้ำ") == [fold("น้ำ")]
    assert fold_words("a_b o'neil d’arc #42 🎉") == ["a", "b", "oneil", "darc", "42"]


def test_country_codes_have_the_length_that_itu_gave_them() -> None:
    lengths = {"12125550123": 1, "79161234567": 1, "442079460958": 2, "351912345678": 3, "81312345678": 2}
    assert {number: country_code_length(number) for number in lengths} == lengths
    assert country_code_length("") == 3


def test_a_fragment_knows_trunk_zeros_and_international_prefixes() -> None:
    assert fragment("+44 (0)20 7946").anywhere == "44207946"
    assert fragment("020 7946").beginnings == ("0207946", "207946")
    assert "44207946" in fragment("0044 20 7946").beginnings
    assert "44207946" in fragment("+44 020 7946").beginnings
    assert fragment("+390612345").begins(("390612345",))
    assert not fragment("0").beginnings[1:]


@given(st.text(max_size=200))
def test_anything_typed_can_be_read_and_asked_for_at_every_stage(typed: str) -> None:
    kept = document(customer("Anna Smith", phone="+442079460958", email="anna@example.org"), [])
    for term in read(typed, {"l1": ["donor"]}):
        for stage in tuple(Stage)[: Stage.TYPO]:
            assert term.expression(stage)
            assert isinstance(term.sure(stage), bool)
            assert isinstance(term.holds(stage, kept), bool)


@given(st.text(max_size=60), st.text(max_size=60))
def test_tokens_are_plain_and_each_comes_once(name: str, company: str) -> None:
    found = tokens(document(customer("x", display_name=name, company_name=company), ["label-1"]))
    assert len(found) == len(set(found))
    assert not any(token.isspace() or " " in token for token in found)


@pytest.mark.feature("F1.3")
def test_one_letter_apart_means_one_changed_missing_added_or_two_swapped() -> None:
    for typed in ("smith", "smth", "smiith", "smoth", "simth", "mith", "smit"):
        assert is_near(typed, "smith")
    for typed in ("smt", "smythe", "htims", "ssmithh", ""):
        assert not is_near(typed, "smith")


def test_a_word_that_many_labels_begin_with_stands_for_none_of_them() -> None:
    few = {f"l{place}": ["donor"] for place in range(32)}
    (term,) = read("don", few)
    assert "xll0" in str(term.expression(Stage.ANYWHERE))
    (term,) = read("don", few | {"more": ["donor"]})
    assert term.expression(Stage.ANYWHERE) == "adon"

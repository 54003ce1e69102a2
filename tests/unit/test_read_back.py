"""Spelling for the telephone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.read_back.alphabet import Alphabet, alphabet_for, languages, spell
from tui.read_back.large import large


def said(text: str, language: str = "en") -> list[list[str]]:
    return [[spoken.word for spoken in word] for word in spell(text, Alphabet.of(language))]


@pytest.mark.feature("F2.13")
def test_letters_digits_and_signs_have_their_words() -> None:
    assert said("Jo@x-1_y.uk") == [
        ["Juliett", "Oscar", "at", "X-ray", "hyphen", "one", "underscore", "Yankee", "dot", "Uniform", "Kilo"]
    ]
    assert said("BS1 4DJ") == [["Bravo", "Sierra", "one"], ["four", "Delta", "Juliett"]]


@pytest.mark.feature("F2.13")
def test_letters_beyond_a_to_z_are_said_as_the_language_says_them() -> None:
    assert said("Müß", "de") == [["München", "Umlaut Unna", "Eszett"]]
    assert said("Réñ", "fr") == [["Raoul", "Émile", "Nicolas tilde"]]
    assert said("Åsa", "sv") == [["Åke", "Sigurd", "Adam"]]
    assert said("Łéü") == [["Lima with stroke", "Echo with acute accent", "Uniform with two dots"]]
    assert said("e\u0301") == said("é"), "however it is encoded"


def test_what_has_no_word_is_shown_and_not_guessed() -> None:
    assert said("王a") == [["", "Alfa"]]
    assert said("ø", "it") == [["Otranto barrata"]]
    assert said("þ", "de") == [["thorn"]], "what a language has no word for is said in English"


@pytest.mark.parametrize("language", languages())
def test_every_alphabet_is_whole(language: str) -> None:
    alphabet = Alphabet.of(language)
    assert all(alphabet.word(character) for character in "abcdefghijklmnopqrstuvwxyz0123456789@.-_+'/")
    words = [alphabet.word(character) for character in "abcdefghijklmnopqrstuvwxyz"]
    assert len(set(words)) == 26
    assert all(pattern.count("{}") == 1 for pattern in alphabet.marks.values())


@pytest.mark.parametrize(
    ("locale", "language", "own"),
    [
        ("en_GB", "en", True),
        ("de_AT", "de", True),
        ("pt-BR", "pt", True),
        ("no_NO", "nb", True),
        ("ja_JP", "en", False),
        ("", "en", False),
        ("../en", "en", False),
    ],
)
def test_the_alphabet_is_that_of_the_language_or_english(locale: str, language: str, own: bool) -> None:
    alphabet, known = alphabet_for(locale)
    assert (alphabet.language, known) == (language, own)


def test_large_letters_fit_the_width_and_keep_words_together() -> None:
    drawn = large("Simon Smith", 72, 2)
    assert drawn is not None
    assert len(drawn) == 11
    assert max(map(len, drawn)) <= 72
    assert large("1", 10) == ["▄█", " █", "▀▀▀"]
    assert large("王小明", 72) is None
    weiss, weiß = large("Weiss", 72), large("Weiß", 72)
    assert weiss is not None
    assert weiß is not None
    assert weiss != weiß, "another name"
    assert large("ẞ", 72) == large("ß", 72)
    assert large("a" * 50, 72, 2) is None
    small = large("a" * 50, 72)
    assert small is not None
    assert len(small) == 11
    assert max(map(len, small)) <= 72


@given(st.text(max_size=60), st.sampled_from(languages()), st.integers(12, 90), st.integers(1, 2))
def test_no_text_breaks_the_spelling(text: str, language: str, width: int, scale: int) -> None:
    for word in spell(text, Alphabet.of(language)):
        assert all(len(spoken.character) == 1 for spoken in word)
    drawn = large(text, width, scale)
    assert drawn is None or all(len(line) <= width for line in drawn)

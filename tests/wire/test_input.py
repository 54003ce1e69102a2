"""Whatever bytes come from the terminal, the application lives and the next key works."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.events import Key, Paste
from textual.message import Message

from tui.terminal.input import TerminalInput


class Typed:
    """An input whose events are kept."""

    def __init__(self, line_typed: int = 0) -> None:
        self.events: list[Message] = []
        self.input = TerminalInput(self.events.append, line_typed)

    def feed(self, *pieces: bytes) -> "Typed":
        for piece in pieces:
            self.input.feed(piece)
        return self

    def settle(self) -> "Typed":
        """Let time pass until nothing is unfinished."""
        while self.input.wants_time is not None:
            self.input.time_passed()
        return self

    @property
    def keys(self) -> list[str]:
        return [event.key for event in self.events if isinstance(event, Key)]

    @property
    def pastes(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Paste)]


def test_letters_and_keys_arrive_in_order() -> None:
    assert Typed().feed(b"ab\x1b[A\r\t").keys == ["a", "b", "up", "enter", "tab"]


def test_a_character_cut_in_two_is_one_key() -> None:
    assert Typed().feed(b"\xc3", b"\xa9").keys == ["é"]


@pytest.mark.parametrize("wrong", [b"\xff", b"\xc3(", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\x80\x80"])
def test_invalid_utf8_is_dropped_and_the_next_key_works(wrong: bytes) -> None:
    assert Typed().feed(wrong + b"x").keys[-1] == "x"


def test_an_escape_sequence_cut_in_pieces_is_one_key() -> None:
    assert Typed().feed(b"\x1b", b"[", b"5", b"~").keys == ["pageup"]


def test_a_lone_escape_is_the_escape_key_after_a_moment() -> None:
    typed = Typed().feed(b"\x1b")
    assert typed.keys == []
    assert typed.input.wants_time is not None
    assert typed.settle().keys == ["escape"]
    assert typed.input.wants_time is None


def test_escape_twice_and_a_key_with_alt_arrive_without_waiting() -> None:
    assert Typed().feed(b"\x1b\x1b[A\x1bx").keys == ["escape", "up", "alt+x"]


@pytest.mark.parametrize("cut", ["\x1b[1;5", "\x1b]52;c;aGVsbG8", "\x1bP1$r", "\x1b[?64;1", "\x1b[M#"])
def test_no_piece_of_a_cut_sequence_is_taken_for_letters(cut: str) -> None:
    assert Typed().feed(cut.encode()).settle().feed(b"x").keys == ["x"]


@pytest.mark.parametrize(
    "answer",
    [
        "\x1b]11;rgb:1e1e/1e1e/1e1e\x07",
        "\x1b[?64;1;2c",
        "\x1bP1$r0m\x1b\\",
        "\x1b[>0;95;0c",
        "\x1b[M !!",
        "\x1b[4;480;640t",
    ],
)
def test_what_a_terminal_answers_unasked_is_not_typed(answer: str) -> None:
    for cut in range(1, len(answer)):
        typed = Typed().feed(answer[:cut].encode(), answer[cut:].encode() + b"x")
        assert typed.keys == ["x"]


def test_a_sequence_that_breaks_the_parser_costs_only_itself() -> None:
    assert Typed().feed(b"\x1b[99999999999u", b"x").keys[-1] == "x"


def test_a_paste_is_one_event_however_it_is_cut() -> None:
    whole = b"a\x1b[200~Smith\r\nJones\x1b[201~b"
    for cut in range(len(whole)):
        typed = Typed().feed(whole[:cut], whole[cut:])
        assert (typed.keys, typed.pastes) == (["a", "b"], ["Smith\nJones"])


def test_a_paste_is_cleaned_of_what_could_command_a_terminal() -> None:
    assert Typed().feed(b"\x1b[200~A\x1b]0;x\x07B\xe2\x80\xaeC\x1b[201~").pastes == ["A]0;xBC"]


def test_a_paste_whose_end_never_comes_is_over_after_a_while() -> None:
    typed = Typed().feed(b"\x1b[200~Smith").settle().feed(b"x")
    assert (typed.pastes, typed.keys) == (["Smith"], ["x"])


def test_a_megabyte_pasted_is_one_event() -> None:
    text = b"x" * 1_000_000
    pieces = [text[start : start + 4096] for start in range(0, len(text), 4096)]
    assert [len(paste) for paste in Typed().feed(b"\x1b[200~", *pieces, b"\x1b[201~").pastes] == [1_000_000]


def test_enter_typed_before_the_start_is_enter() -> None:
    assert Typed(line_typed=6).feed(b"smith\n\n").keys[-2:] == ["enter", "ctrl+j"]


def test_bidi_and_control_characters_typed_are_dropped() -> None:
    assert Typed().feed("a\u202eb\x9bc".encode()).keys == ["a", "b", "c"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=8))
def test_random_bytes_never_break_it(pieces: list[bytes]) -> None:
    typed = Typed().feed(*pieces).settle().feed(b"\x1b[201~").settle()
    typed.events.clear()
    assert typed.feed(b"x").settle().keys[-1:] == ["x"]

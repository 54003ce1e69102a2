"""The sequence that puts text on the clipboard of the terminal."""

import base64

import pytest

from tui.terminal.clipboard import LARGEST, clipboard_sequence

PLAIN = f"\x1b]52;c;{base64.b64encode(b'+44 20').decode()}\x07"


@pytest.mark.feature("F2.11")
def test_tmux_gets_the_sequence_as_it_takes_it_and_as_it_passes_it_on() -> None:
    assert clipboard_sequence("+44 20", {"TERM": "xterm-256color"}) == PLAIN
    doubled = PLAIN.replace("\x1b", "\x1b\x1b")
    in_tmux = clipboard_sequence("+44 20", {"TERM": "tmux-256color", "TMUX": "socket,1,0"})
    assert in_tmux == f"{PLAIN}\x1bPtmux;{doubled}\x1b\\", (
        "set-clipboard takes one, allow-passthrough the other"
    )


def test_screen_gets_pieces_that_it_passes_on() -> None:
    pieces = clipboard_sequence("x" * 200, {"TERM": "screen"})
    assert pieces.startswith("\x1bP\x1b]52;c;")
    assert pieces.count("\x1bP") == pieces.count("\x1b\\") > 1


def test_what_no_terminal_takes_is_not_sent() -> None:
    assert clipboard_sequence("x" * LARGEST, {}) == ""

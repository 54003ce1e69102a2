"""The terminal's clipboard over SSH: OSC 52, wrapped where a multiplexer stands between."""

import base64
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App

LARGEST = 74_994
"""Characters of base64 that terminals take in one sequence (xterm's limit is the smallest known)."""


def clipboard_sequence(text: str, environment: Mapping[str, str]) -> str:
    """Give the sequence that puts `text` on the clipboard, or "" where it is too long.

    GNU screen passes it on only inside a DCS of its own. tmux does so where `allow-passthrough` is on, and
    takes it as it is where `set-clipboard` is on; which is on cannot be known, so it gets both.
    """
    encoded = base64.b64encode(text.encode()).decode()
    if len(encoded) > LARGEST:
        return ""
    sequence = f"\x1b]52;c;{encoded}\x07"
    if "TMUX" in environment:
        return sequence + "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("TERM", "").startswith("screen"):
        pieces = [sequence[at : at + 76] for at in range(0, len(sequence), 76)]
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence


def send_to_clipboard(app: "App[Any]", text: str) -> bool:
    """Send `text` to the terminal's clipboard; say whether it was short enough to be sent."""
    sequence = clipboard_sequence(text, os.environ)
    driver = app._driver
    if not sequence or driver is None:
        return False
    driver.write(sequence)
    return True

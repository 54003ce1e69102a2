"""The one place where text from outside is made harmless: what passes here cannot command a terminal."""

import re
from typing import Any

_REPLACED = "�"

HARMFUL_CLASS = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f"
)
"""What `harmful` finds, as the inside of a regular expression's class; lone surrogates are not even text."""

# C0 and C1 controls but newline and tab, DEL, the bidirectional controls of Unicode UAX #9,
# zero-width characters that hide text (not ZWNJ and ZWJ, which scripts and emoji need),
# line and paragraph separators, lone surrogates, tag characters and noncharacters.
_HARMFUL = re.compile(f"[{HARMFUL_CLASS}\ud800-\udfff]")


def harmful(text: str) -> str | None:
    """Give the first character of `text` that a terminal must never see, or None."""
    found = _HARMFUL.search(text)
    return found.group() if found else None


def clean(text: str) -> str:
    """Take out of `text` what could command or confuse a terminal; newline and tab stay.

    A carriage return before a newline is dropped; every other harmful character that stood for
    something is dropped without a trace, a lone surrogate becomes U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return text
    return _HARMFUL.sub(lambda match: _REPLACED if "\ud800" <= match.group() <= "\udfff" else "", text)


def clean_json(value: Any) -> Any:
    """Give parsed JSON with every string in it, keys too, passed through `clean`."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [clean_json(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): clean_json(item) for key, item in value.items()}
    return value

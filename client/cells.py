"""Cells of tables that spreadsheets open: text that none of them takes for a formula, and back again.

OWASP, "CSV Injection". A quote before a cell makes it text. Some programs end a cell at a semicolon or a line
break whatever the file says, so what comes after one is guarded as well.
"""

import re
from typing import Final

_SIGNS: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""What begins a formula, in full width too."""
_START: Final = re.compile(f"\\A(?=[\\s\"']*[{_SIGNS}\t\r\n\x00])")
_WITHIN: Final = re.compile(f"(?<=[;|\t\r\n])(?=[ \"']*[{_SIGNS}])")
_GUARDED_START: Final = re.compile(f"\\A'(?=[\\s\"']*[{_SIGNS}\t\r\n\x00])")
_GUARDED_WITHIN: Final = re.compile(f"(?<=[;|\t\r\n])'(?=[ \"']*[{_SIGNS}])")


def safe_cell(text: str) -> str:
    """Give text that no spreadsheet takes for a formula: what looks like one gets a quote before it.

    `plain_cell` gives the text back, whatever it was.
    """
    return _START.sub("'", _WITHIN.sub("'", text), count=1)


def plain_cell(text: str) -> str:
    """Give the text that `safe_cell` made harmless; any other text stays as it is."""
    return _GUARDED_WITHIN.sub("", _GUARDED_START.sub("", text))

"""The static frame that stands on the screen while the application is being loaded."""

from tui.terminal.preflight import Terminal

ENTER = "\x1b[?1049h\x1b[?7l\x1b[H\x1b[2J"
"""The alternate screen, no automatic line wrap, cleared (consoles without an alternate screen need that)."""

LEAVE = "\x1b[?25h\x1b[?7h\x1b[?1049l"
"""The terminal's own cursor, line wrap, and the screen as it was before."""

TITLE = " Keeptabs"
PROMPT = " Find > "
FOOTER = " Starting; what you type is kept"


CURSOR = (len(PROMPT), 1)
"""Column and row, from 0, where the frame leaves the cursor: in the search box."""


def first_frame(terminal: Terminal) -> str:
    """Give the frame, to be written after ENTER: title, an empty search box with the cursor in it, footer.

    It uses no colour and only ASCII, so it is right on every terminal and under every theme.
    """
    height = terminal.height or 24
    width = terminal.width or 80
    footer = FOOTER[: width - 1]
    return f"\x1b[1;1H\x1b[1m{TITLE}\x1b[m\x1b[{height};1H{footer}\x1b[2;1H{PROMPT}"

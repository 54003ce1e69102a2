"""What can be known about the terminal from the outside, before anything is drawn and Textual is imported."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SMALLEST = (40, 10)
"""Columns and rows below which no screen can be drawn."""

Colours = Literal[0, 16, 256, 16777216]

_WITHOUT_A_SCREEN = "'keeptabs --help' lists the commands that need no screen."


@dataclass(frozen=True, slots=True)
class Terminal:
    """Facts about a terminal."""

    interactive: bool
    """Both standard input and standard output are terminals."""
    name: str
    """The value of TERM."""
    width: int
    height: int
    """In cells; 0 when the terminal does not tell."""
    utf8: bool
    """The locale's character encoding is UTF-8; where not, only ASCII is sent."""
    colours: Colours
    """How many colours may be used; 0 with NO_COLOR."""

    @property
    def shows_links(self) -> bool:
        """Whether hyperlinks (OSC 8) are shown, or at least passed over without a trace."""
        return not self.name.startswith(("linux", "vt", "ansi", "screen", "cons"))


def examine(environment: Mapping[str, str], input_fd: int = 0, output_fd: int = 1) -> Terminal:
    """Find out what stands behind the two file descriptors."""
    width, height = _size(output_fd, environment)
    return Terminal(
        interactive=os.isatty(input_fd) and os.isatty(output_fd),
        name=environment.get("TERM", ""),
        width=width,
        height=height,
        utf8=speaks_utf8(environment),
        colours=colour_depth(environment),
    )


def refusal(terminal: Terminal) -> str | None:
    """Give the sentence to say where no screen can be drawn, or None where one can."""
    if not terminal.interactive:
        return f"Keeptabs draws a screen, and this is a pipe or a file. {_WITHOUT_A_SCREEN}"
    if terminal.name in ("", "dumb", "unknown"):
        name = terminal.name or "not set"
        return f"Keeptabs cannot draw on this terminal (TERM is {name}). {_WITHOUT_A_SCREEN}"
    columns, rows = SMALLEST
    if 0 < terminal.width < columns or 0 < terminal.height < rows:
        return (
            f"This window is {terminal.width}x{terminal.height} characters, Keeptabs needs {columns}x{rows}: "
            f"enlarge it. {_WITHOUT_A_SCREEN}"
        )
    return None


def speaks_utf8(environment: Mapping[str, str]) -> bool:
    """Tell whether the locale's encoding is UTF-8; where no locale is set at all, it is taken to be.

    The variables are read in the order of POSIX: LC_ALL, LC_CTYPE, LANG. Python itself sets
    LC_CTYPE=C.UTF-8 in the locale "C" and where the machine does not have the one that is named
    (PEP 538), which says nothing about the terminal.
    """
    language = environment.get("LANG", "")
    character_type = environment.get("LC_CTYPE", "")
    if character_type == "C.UTF-8" and language:
        character_type = ""
    locale = environment.get("LC_ALL") or character_type or language
    return not locale or locale.lower().replace("-", "").partition("@")[0].endswith("utf8")


def colour_depth(environment: Mapping[str, str]) -> Colours:
    """Tell how many colours the terminal shows, from NO_COLOR, COLORTERM and TERM."""
    if environment.get("NO_COLOR"):
        return 0
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return 16777216
    name = environment.get("TERM", "")
    if name.endswith("-direct"):
        return 16777216
    if "256color" in name or name.partition("-")[0] in ("alacritty", "foot", "kitty", "wezterm"):
        return 256
    return 0 if name.startswith(("vt1", "vt2")) else 16


def _size(output_fd: int, environment: Mapping[str, str]) -> tuple[int, int]:
    """Give columns and rows; COLUMNS and LINES stand in where the terminal does not tell."""
    try:
        columns, rows = os.get_terminal_size(output_fd)
    except OSError:
        columns, rows = 0, 0
    if not columns or not rows:
        columns, rows = (_number(environment.get(name)) for name in ("COLUMNS", "LINES"))
    return columns, rows


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0

"""What a terminal can do, of what saves bytes."""

import contextlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Abilities:
    """What terminfo says of a terminal; what it does not say is not used."""

    erases_in_colour: bool = False
    """Erased cells get the background colour that is set (terminfo `bce`)."""
    erases_in_line: bool = True
    """Can erase to the end of the line (`el`)."""
    erases_characters: bool = False
    """Can erase some characters without moving (`ech`)."""
    erases_below: bool = False
    """Can erase all from the cursor on (`ed`)."""

    @classmethod
    def of(cls, name: str) -> "Abilities":
        """Look a terminal up in terminfo; one that is not there can do only what all can."""
        with contextlib.suppress(Exception):
            import curses

            curses.setupterm(name or "dumb", 1)
            return cls(
                erases_in_colour=curses.tigetflag("bce") > 0,
                erases_in_line=bool(curses.tigetstr("el")),
                erases_characters=bool(curses.tigetstr("ech")),
                erases_below=bool(curses.tigetstr("ed")),
            )
        return cls()

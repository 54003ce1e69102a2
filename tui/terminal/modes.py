"""Modes of the terminal that are switched on for as long as the application has it."""

from dataclasses import dataclass

_PASTE = ("\x1b[?2004h", "\x1b[?2004l")
_MOUSE = ("\x1b[?1000h\x1b[?1006h", "\x1b[?1006l\x1b[?1000l")
_CLEAR_KEYS = ("\x1b[>1u", "\x1b[<u")
_BARE_CONSOLES = ("linux", "vt", "ansi", "cons", "screen")


@dataclass(frozen=True, slots=True)
class Modes:
    """What to write when the application takes the terminal, and when it gives it back."""

    enter: str
    leave: str

    @classmethod
    def of(cls, name: str, *, mouse: bool = False) -> "Modes":
        """Choose modes for the terminal `name`.

        Bracketed paste everywhere; keys that can be told apart (the Escape key without a delay: kitty
        keyboard protocol, flag 1) where unknown sequences are ignored; on request the mouse's buttons,
        never its motion.
        """
        wanted = [_PASTE]
        if not name.startswith(_BARE_CONSOLES):
            wanted.append(_CLEAR_KEYS)
        if mouse:
            wanted.append(_MOUSE)
        enter = "".join(on for on, _ in wanted)
        leave = "".join(off for _, off in reversed(wanted))
        return cls(enter, leave)

"""Passwords made up for somebody else: easy to read out, shown once."""

import secrets
from typing import Final

_CONSONANTS: Final = "bdfghklmnprstvz"
_VOWELS: Final = "aeiou"
_PIECES: Final = 5


def speakable() -> str:
    """Make up a password of five pieces that can be read out: some 62 random bits."""
    return "-".join(_syllable() + _syllable() for _ in range(_PIECES))


def told_once(who: str, login: str, password: str) -> str:
    """Give what is shown this once: how somebody signs in from now on."""
    return "\n".join(
        [
            f"{who} can sign in now.",
            "",
            f"Sign-in name  {login}",
            f"Password      {password}",
            "",
            "The password is shown this once, for the server keeps only a hash of it.",
            "Read it out, write it down, or copy it with y.",
        ]
    )


def _syllable() -> str:
    return secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS)

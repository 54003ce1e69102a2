"""How a cell looks (SGR, ECMA-48), and the shortest sequence from one look to the next."""

from functools import lru_cache
from typing import NamedTuple

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "21": "24", "5": "25", "6": "25", "7": "27", "8": "28"}
_OFF |= {"9": "29", "51": "54", "52": "54", "53": "55"}
_FOREGROUNDS = frozenset(map(str, (*range(30, 38), 39, *range(90, 98))))
_BACKGROUNDS = frozenset(map(str, (*range(40, 48), 49, *range(100, 108))))
_SEEN_ON_BLANKS = frozenset({"4", "21", "7", "9", "53"})


class Look(NamedTuple):
    """The attributes and colours of a cell, as SGR parameters; empty strings are the terminal's own."""

    attributes: frozenset[str] = frozenset()
    foreground: str = ""
    background: str = ""
    link: str = ""
    """Target of an OSC 8 hyperlink."""


PLAIN = Look()


@lru_cache(maxsize=4096)
def look_of(parameters: str, link: str = "") -> Look:
    """Give the look that `CSI parameters m` makes of a plain one."""
    attributes: set[str] = set()
    foreground = background = ""
    codes = iter(parameters.replace(":", ";").split(";"))
    for code in codes:
        if code in ("38", "48"):
            kind = next(codes, "")
            values = [next(codes, "") for _ in range({"2": 3, "5": 1}.get(kind, 0))]
            colour = ";".join([code, kind, *values])
            foreground, background = (colour, background) if code == "38" else (foreground, colour)
        elif code in ("", "0"):
            attributes.clear()
            foreground = background = ""
        elif code in _OFF:
            attributes.add(code)
        elif code in _FOREGROUNDS:
            foreground = "" if code == "39" else code
        elif code in _BACKGROUNDS:
            background = "" if code == "49" else code
    return Look(frozenset(attributes), foreground, background, link)


@lru_cache(maxsize=4096)
def blank_look(look: Look) -> Look:
    """Give what can be seen of `look` on a blank: no text colour, no bold."""
    if look.link or look.attributes & _SEEN_ON_BLANKS:
        return look
    return PLAIN if not look.background else Look(background=look.background)


@lru_cache(maxsize=16384)
def change(current: Look, wanted: Look) -> str:
    """Give the shortest sequence that turns what is written from `current` to `wanted`."""
    if current == wanted:
        return ""
    link = ""
    if current.link != wanted.link:
        link = f"\x1b]8;;{wanted.link}\x1b\\"
    from_plain = ["", *_additions(PLAIN, wanted)]
    candidates = [from_plain]
    lost = current.attributes - wanted.attributes
    off = sorted({_OFF[code] for code in lost})
    kept = {code for code in current.attributes if _OFF[code] not in off}
    candidates.append(off + _additions(current._replace(attributes=frozenset(kept)), wanted))
    shortest = min((";".join(codes) for codes in candidates if codes), key=len, default=None)
    same = current[:3] == wanted[:3]
    return link if same or shortest is None else f"{link}\x1b[{shortest}m"


def _additions(current: Look, wanted: Look) -> list[str]:
    codes = sorted(wanted.attributes - current.attributes)
    if wanted.foreground != current.foreground:
        codes.append(wanted.foreground or "39")
    if wanted.background != current.background:
        codes.append(wanted.background or "49")
    return codes

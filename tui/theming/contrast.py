"""Contrast of every painted role, computed (WCAG 2.2, 1.4.3), at each depth of colour a terminal may have."""

from dataclasses import dataclass
from typing import Final, Literal

from tui.theming.files import ANSI_COLORS, TEXT_ROLES, ThemeFile

Rgb = tuple[int, int, int]
Depth = Literal["true colour", "256 colours", "16 colours"]

TEXT_CONTRAST: Final = 4.5
BORDER_CONTRAST: Final = 3.0

# What terminals paint for the sixteen colours: xterm, VGA (the Linux console), PuTTY.
_PALETTES: Final[dict[str, tuple[int, ...]]] = {
    "xterm": (
        *(0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5),
        *(0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF),
    ),
    "the Linux console": (
        *(0x000000, 0xAA0000, 0x00AA00, 0xAA5500, 0x0000AA, 0xAA00AA, 0x00AAAA, 0xAAAAAA),
        *(0x555555, 0xFF5555, 0x55FF55, 0xFFFF55, 0x5555FF, 0xFF55FF, 0x55FFFF, 0xFFFFFF),
    ),
    "PuTTY": (
        *(0x000000, 0xBB0000, 0x00BB00, 0xBBBB00, 0x0000BB, 0xBB00BB, 0x00BBBB, 0xBBBBBB),
        *(0x555555, 0xFF5555, 0x55FF55, 0xFFFF55, 0x5555FF, 0xFF55FF, 0x55FFFF, 0xFFFFFF),
    ),
}
_DARK_DEFAULT: Final = ((0xBB, 0xBB, 0xBB), (0, 0, 0))
_LIGHT_DEFAULT: Final = ((0, 0, 0), (0xFF, 0xFF, 0xFF))
_CUBE: Final = (0, 95, 135, 175, 215, 255)


@dataclass(frozen=True, slots=True)
class Measured:
    """One role's contrast to one ground at one depth of colour."""

    role: str
    ground: str
    depth: Depth
    ratio: float
    least: float
    where: str = ""
    """The terminal whose palette gave the lowest figure, for its own colours."""

    @property
    def enough(self) -> bool:
        """Whether it can be read."""
        return self.ratio >= self.least


def measure(theme: ThemeFile) -> list[Measured]:
    """Give the contrast of every role to the screen and to boxes, at every depth that the theme is for."""
    depths: tuple[Depth, ...] = ("16 colours",) if theme.ansi else ("true colour", "256 colours")
    return [
        _measured(theme, role, ground, depth)
        for depth in depths
        for ground in ("background", "surface")
        for role in (*TEXT_ROLES, "border")
    ]


def contrast(one: Rgb, other: Rgb) -> float:
    """Give the contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def nearest_of_256(color: Rgb) -> Rgb:
    """Give what a terminal of 256 colours shows for a colour: the nearest of its cube and its greys."""
    cube = min(
        ((r, g, b) for r in _CUBE for g in _CUBE for b in _CUBE), key=lambda known: _distance(known, color)
    )
    grey = min((8 + 10 * step for step in range(24)), key=lambda step: _distance((step, step, step), color))
    return min((cube, (grey, grey, grey)), key=lambda known: _distance(known, color))


def _measured(theme: ThemeFile, role: str, ground: str, depth: Depth) -> Measured:
    least = BORDER_CONTRAST if role == "border" else TEXT_CONTRAST
    if depth == "16 colours":
        ratio, where = min(
            (contrast(_ansi(theme, role, palette), _ansi(theme, ground, palette)), name)
            for name, palette in _PALETTES.items()
        )
        return Measured(role, ground, depth, ratio, least, where)
    front, back = _rgb(theme.colors[role]), _rgb(theme.colors[ground])
    if depth == "256 colours":
        front, back = nearest_of_256(front), nearest_of_256(back)
    return Measured(role, ground, depth, contrast(front, back), least)


def _ansi(theme: ThemeFile, role: str, palette: tuple[int, ...]) -> Rgb:
    color = theme.colors[role]
    if color == "ansi_default":
        front, back = _DARK_DEFAULT if theme.dark else _LIGHT_DEFAULT
        return back if role in ("background", "surface") else front
    return _rgb(f"#{palette[ANSI_COLORS.index(color) - 1]:06x}")


def _rgb(color: str) -> Rgb:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: Rgb) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _distance(one: Rgb, other: Rgb) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))

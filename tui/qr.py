"""QR codes (ISO/IEC 18004) drawn in a terminal: two modules a cell, dark on light with a light edge."""

from typing import Final

_QUIET: Final = (4, 3, 2)
"""Modules of light around the code: four by the standard; with two, telephones still find it."""
_CELLS: Final = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}


def half_blocks(text: str, width: int, height: int, *, light: bool = False) -> list[str]:
    """Give the lines of a QR code in at most `width` by `height` cells; none where it does not fit.

    The dark modules are drawn, to be shown in black on white: a ground has no gaps between lines. Where no
    colours can be set, draw the `light` ones, which is right on a dark terminal.
    """
    # Loaded here, for few ever need it.
    import segno

    modules = [list(line) for line in segno.make_qr(text, error="l").matrix]
    for quiet in _QUIET:
        side = len(modules) + 2 * quiet
        if side <= width and (side + 1) // 2 <= height:
            return _drawn(modules, quiet, int(light))
    return []


def _drawn(modules: list[list[int]], quiet: int, inverted: int) -> list[str]:
    edge = [0] * quiet
    blank = [0] * (len(modules) + 2 * quiet)
    lines = [blank] * quiet + [[*edge, *line, *edge] for line in modules] + [blank] * quiet
    lines += [blank] * (len(lines) % 2)
    return [
        "".join(_CELLS[upper ^ inverted, lower ^ inverted] for upper, lower in zip(above, below, strict=True))
        for above, below in zip(lines[::2], lines[1::2], strict=True)
    ]

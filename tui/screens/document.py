"""A document on the screen: its text, or a picture in half blocks."""

import asyncio
from collections.abc import Sequence
from typing import Final

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.screen import Screen
from textual.strip import Strip

from client.models import Document
from tui.commands import Command
from tui.screens.base import AppScreen
from tui.screens.plain import PlainScreen
from tui.screens.record_list import ScreenTitle
from tui.services.reading_apart import picture_apart, text_apart
from tui.services.reading_files import PICTURES, TEXTS, Picture, Pixel, Unreadable, text_of
from tui.widgets.lines import LineList, Row, Span

_SHADES: Final = " .:-=+*#%@"
"""From dark to light, where a terminal has no colours or only ASCII."""
_FEWEST_COLOURS: Final = 256


class LeaveDocument(Command):
    """Go back."""

    keys = "escape,q"
    footer = "back"
    in_palette = False


class _Pixels(LineList):
    """A picture as large as there is room."""

    def __init__(self, picture: Picture, *, coloured: bool) -> None:
        super().__init__()
        self._picture = picture
        self._coloured = coloured
        self._pixels: list[list[Pixel]] = []

    def build(self, width: int) -> Sequence[Row]:
        """Give the rows; in colour they say only which pixels they begin with, for `draw`."""
        self._pixels = self._picture.pixels(max(1, width - 2), max(1, self.size.height))
        pairs = range(0, len(self._pixels), 2)
        if self._coloured:
            return [Row((Span(f"{y}"),)) for y in pairs]
        return [Row((Span("".join(_shade(pixel) for pixel in self._pixels[y])),)) for y in pairs]

    def draw(self, shown: Row) -> Strip:
        """Draw a row: the upper half of a cell is a pixel, the lower half the one below."""
        if not (self._coloured and self._pixels and shown.spans):
            return super().draw(shown)
        y = int(shown.spans[0].text)
        upper = self._pixels[y]
        lower = self._pixels[y + 1] if y + 1 < len(self._pixels) else upper
        cells = [Segment("▀", _half_block(*pair)) for pair in zip(upper, lower, strict=True)]
        return Strip(cells).adjust_cell_length(self.size.width, self.rich_style)


def _half_block(upper: Pixel, lower: Pixel) -> Style:
    return Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower))


def _shade(pixel: Pixel) -> str:
    """Give a character as bright as a pixel (ITU-R BT.601)."""
    red, green, blue = pixel
    light = (299 * red + 587 * green + 114 * blue) // 1000
    return _SHADES[light * len(_SHADES) // 256]


class PictureScreen(AppScreen[None]):
    """A picture, and its name above."""

    OFFERS = (LeaveDocument,)

    def __init__(self, title: str, picture: Picture) -> None:
        super().__init__()
        self._shown_title = title
        self._picture = picture

    def compose_body(self) -> ComposeResult:
        """Lay out the name and the picture."""
        terminal = self.keeptabs.options.terminal
        coloured = terminal is None or (terminal.utf8 and terminal.colours >= _FEWEST_COLOURS)
        yield ScreenTitle(self._shown_title)
        yield _Pixels(self._picture, coloured=coloured)

    def on_mount(self) -> None:
        """Take the keys."""
        self.query_one(_Pixels).focus()

    def do_leave_document(self) -> None:
        """Go back to where it came from."""
        self.dismiss(None)


async def screen_for(document: Document, content: bytes) -> Screen[None]:
    """Give the screen that shows a document, or says why it cannot; what is no plain text is read apart."""
    kind = document.media_type
    try:
        if kind in PICTURES:
            return PictureScreen(document.name, await picture_apart(kind, content))
        if kind in TEXTS:
            return PlainScreen(await asyncio.to_thread(text_of, kind, content))
        return PlainScreen(await text_apart(kind, content))
    except Unreadable as trouble:
        return PlainScreen(trouble.sentence)

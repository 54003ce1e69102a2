"""The code that is typed on another device to sign in here, large, and as a QR code where there is room."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from rich.style import Style
from textual.app import ComposeResult

from client.models import DeviceAuthorization
from tui.commands import Command
from tui.qr import half_blocks
from tui.read_back.large import large
from tui.screens.base import AppScreen
from tui.text import fit, width_of, wrap
from tui.widgets.lines import Lines, Row, Span, row

_NARROWEST: Final = 30
"""Cells for the words beside the QR code."""
_QR: Final = "qr"
_QR_STYLE: Final = Style(color="#000000", bgcolor="#ffffff")
"""Whatever the theme: telephones look for dark on light."""


class GiveUpCode(Command):
    """Give the sign-in on the other device up."""

    keys = "escape"
    footer = "give up"


class CopySignInAddress(Command):
    """Copy the address, with the code in it."""

    keys = "y"
    footer = "copy the address"


class _Code(Lines):
    def __init__(self, begun: DeviceAuthorization, until: str, *, blocks: bool, colours: bool) -> None:
        super().__init__()
        self._begun = begun
        self._until = until
        self._blocks = blocks
        self._colours = colours

    def build(self, width: int) -> Sequence[Row]:
        height = self.size.height or self.app.size.height - 2
        target = self._begun.verification_uri_complete or self._begun.verification_uri
        across = width - _NARROWEST - 2
        picture = half_blocks(target, across, height, light=not self._colours) if self._blocks else []
        room = width - 2 - (len(picture[0]) + 1 if picture else 0)
        words = self._words(room, height)
        words += [Row()] * (len(picture) - len(words))
        if not picture:
            return [Row((Span(" "), *line.spans)) for line in words]
        return [
            Row((Span(" "), *_filled(line, room + 1), Span(drawn, _QR if self._colours else "text")))
            for line, drawn in zip(words, picture + [""] * (len(words) - len(picture)), strict=True)
        ]

    def _words(self, width: int, height: int) -> list[Row]:
        """Say what to do, with as much beside address and code as there is room for."""
        link = self._begun.verification_uri_complete or self._begun.verification_uri
        address = [row(Span(line, "accent", link)) for line in wrap(self._begun.verification_uri, width)]
        code = row(Span(self._begun.user_code, "match"))
        last = f"Sign in there with your own name and password. The code is good until {self._until}."
        before = [row(Span("Sign in on another device", "title")), Row()]
        before += [*_said("Open this address on your phone or computer:", width), *address, Row()]
        before += [*_said("and type the code that you see here:", width), code]
        after = [Row(), *_said(last, width)]
        letters = [row(Span(line, "accent")) for line in self._letters(width)]
        bare = [*_said("Open on your phone or computer:", width), *address, *_said("and type:", width), code]
        for words in ([*before, Row(), *letters, *after] if letters else [], [*before, *after], before):
            if 0 < len(words) <= height:
                return words
        return bare

    def _letters(self, width: int) -> Sequence[str]:
        code = self._begun.user_code
        if not self._blocks:
            return []
        # On one line where that fits, else broken at its hyphen.
        first, hyphen, rest = code.partition("-")
        for text, scale in ((code, 2), (code, 1)):
            drawn = large(text, width, scale)
            if drawn is not None and len(drawn) <= 3 * scale:
                return drawn
        halves = [large(half, width, 1) for half in (first + hyphen, rest)]
        return [] if None in halves else [*(halves[0] or ()), "", *(halves[1] or ())]

    def _style(self, span: Span) -> Style:
        return _QR_STYLE if span.role == _QR else super()._style(span)


def _said(sentence: str, width: int) -> list[Row]:
    return [row(Span(line)) for line in wrap(sentence, width)]


def _filled(line: Row, width: int) -> tuple[Span, ...]:
    taken = sum(width_of(span.text) for span in line.spans)
    return (*line.spans, Span(fit("", width - taken)))


class DeviceCodeScreen(AppScreen[None]):
    """Address, code and QR code; nothing on it moves while it waits."""

    OFFERS = (GiveUpCode, CopySignInAddress)

    def __init__(self, begun: DeviceAuthorization, *, blocks: bool, colours: bool) -> None:
        """Take what the server gave, and whether the terminal can draw with blocks, and in colours."""
        super().__init__()
        self._begun = begun
        until = datetime.now().astimezone() + timedelta(seconds=begun.expires_in)
        self._code = _Code(begun, f"{until:%H:%M}", blocks=blocks, colours=colours)

    def compose_body(self) -> ComposeResult:
        """Lay out the code."""
        yield self._code

    def on_mount(self) -> None:
        """Say what happens next."""
        self.say("Waiting for you to approve there; then it goes on by itself.")

    def do_give_up_code(self) -> None:
        """Wait no longer."""
        self.dismiss(None)

    def do_copy_sign_in_address(self) -> None:
        """Copy it: a browser on the machine of the terminal window takes it."""
        self.app.copy_to_clipboard(self._begun.verification_uri_complete or self._begun.verification_uri)

"""How the link to the server does, asked for: nothing of it is painted until then."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.content import Content

from client.meter import LinkMeter
from tui.commands import Command, everywhere
from tui.forms.volumes import shown_volume
from tui.screens.box import BoxScreen
from tui.services.search_words import link_in_words
from tui.text import fit
from tui.widgets.lines import Lines, Row, Span

if TYPE_CHECKING:
    from tui.forms.formats import Formats
    from tui.services.desk import Desk

    _Mixed = App[int]
else:
    _Mixed = object

_NAMES = 12
_LESS = "small pages, none ahead"
_USE = {
    ("auto", False): "as usual",
    ("auto", True): f"frugal while it is slow: {_LESS}",
    ("on", True): f"frugal, as configured: {_LESS}",
    ("off", False): "as usual even on a slow link, as configured",
}


class LeaveLink(Command):
    """Close the box."""

    keys = "escape,enter,q"
    in_palette = False


def facts(meter: LinkMeter, formats: "Formats") -> list[tuple[str, str]]:
    """Say what is known of the link, each with its name."""
    traffic = meter.traffic()
    requests = f"{formats.number(meter.requests)} request{'' if meter.requests == 1 else 's'}"
    return [
        ("Link", link_in_words(meter.state, meter.last_round_trip) or "not used yet"),
        ("Sent", f"{shown_volume(traffic.up, formats.numbers)}, {requests}"),
        ("Received", shown_volume(traffic.down, formats.numbers)),
        (
            "Counted",
            "all of it, with TLS, TCP and IP" if traffic.whole else "HTTP alone, without TLS, TCP and IP",
        ),
        ("Use", _USE[meter.frugality, meter.frugal]),
    ]


class _Facts(Lines):
    def __init__(self, shown: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._shown = shown
        self.styles.height = len(shown)

    def build(self, width: int) -> Sequence[Row]:
        del width
        return [Row((Span(fit(name, _NAMES), "label"), Span(told))) for name, told in self._shown]


class LinkScreen(BoxScreen[None]):
    """A box with what is known of the link at the moment it opens."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (LeaveLink,)

    def __init__(self, shown: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._shown = shown

    def compose(self) -> ComposeResult:
        """Lay out the facts in a box."""
        box = Vertical(_Facts(self._shown), classes="box")
        box.border_title = Content("The link, since Keeptabs was opened")
        box.border_subtitle = Content("Esc close")
        yield box

    def do_leave_link(self) -> None:
        """Close."""
        self.dismiss(None)


class TellsOfLink(_Mixed):
    """An application that tells how its link does."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (everywhere.HowTheLinkIs,)
    desk: "Desk"

    def do_how_the_link_is(self) -> None:
        """Show it in a box."""
        self.push_screen(LinkScreen(facts(self.desk.meter, self.desk.formats)))

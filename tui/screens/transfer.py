"""Something that takes its time: how much is there, and Esc to stop."""

from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Any, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from client.errors import CustomerApiError, Interrupted, TimedOut, Unreachable
from tui.commands import Command
from tui.screens.box import BoxScreen
from tui.text import one_line
from tui.widgets.lines import Lines, Row, Span

_BETWEEN_SECONDS: Final = 0.25
"""A bar that moves more often costs bytes and tells nobody more."""
_BAR: Final = 40


class StopTransfer(Command):
    """Stop; what has come is kept."""

    keys = "escape"
    in_palette = False


class _Bar(Lines):
    DEFAULT_CSS = "_Bar { height: 1; }"

    def __init__(self, unit: str) -> None:
        super().__init__()
        self.have = 0
        self.whole = 0
        self._unit = unit
        self._drawn_at = 0.0

    def moved(self, have: int, whole: int) -> None:
        """Take how much is there; drawn a few times a second at most."""
        self.have, self.whole = have, whole
        now = monotonic()
        if have >= whole or now - self._drawn_at >= _BETWEEN_SECONDS:
            self._drawn_at = now
            self.redraw()

    def build(self, width: int) -> Sequence[Row]:
        if not self.whole:
            return [Row((Span("Getting ready…", "muted"),))]
        cells = min(_BAR, max(10, width - 24))
        done = cells * self.have // self.whole
        return [
            Row(
                (
                    Span("█" * done, "accent"),
                    Span("─" * (cells - done), "muted"),
                    Span(f" {100 * self.have // self.whole:3} %"),
                    Span(f"  {_amount(self.have, self._unit)} of {_amount(self.whole, self._unit)}", "muted"),
                )
            )
        ]


def _amount(number: int, unit: str) -> str:
    if unit != "bytes":
        return f"{number:,}"
    for step, name in ((1 << 20, "MB"), (1 << 10, "kB")):
        if number >= step:
            return f"{number / step:.1f} {name}"
    return f"{number} B"


class TransferScreen(BoxScreen[Any]):
    """A box with a bar while `work` goes on. Gives what came of it, or None where it failed or was stopped.

    `trouble` is then the sentence that says why.
    """

    OFFERS: ClassVar[tuple[type[Command], ...]] = (StopTransfer,)

    def __init__(
        self,
        title: str,
        transfer: Callable[[Callable[[int, int], None]], Awaitable[Any]],
        *,
        unit: str = "bytes",
        stopped: str = "Stopped. What has come is kept; doing it again goes on from there.",
        cut: str = "",
    ) -> None:
        """Take in `stopped` what to say after Esc, and in `cut` what where the link was lost on the way."""
        super().__init__()
        self.trouble = ""
        self._title = title
        self._transfer = transfer
        self._bar = _Bar(unit)
        self._stopped = stopped
        self._cut = cut

    def compose(self) -> ComposeResult:
        """Lay out the bar in a box."""
        box = Vertical(self._bar, classes="box")
        box.border_title = Content(one_line(self._title))
        box.border_subtitle = Content("Esc stops")
        yield box

    def on_mount(self) -> None:
        """Begin."""
        self._run()

    @work(exclusive=True, group="transfer")
    async def _run(self) -> None:
        try:
            result = await self._transfer(self._bar.moved)
        except CustomerApiError as error:
            lost = isinstance(error, Unreachable | TimedOut | Interrupted) and self._bar.have > 0
            self.trouble = (lost and self._cut) or error.sentence
            result = None
        self.dismiss(result)

    def do_stop_transfer(self) -> None:
        """Stop."""
        self.workers.cancel_group(self, "transfer")
        self.trouble = self._stopped
        self.dismiss(None)

"""Bulk work on the screen: a bar while it goes on, then what became of whom, to undo or to go on with."""

from collections.abc import Callable, Sequence
from typing import Final

from textual import on, work
from textual.app import ComposeResult

from client.bulk import BulkWork, Progress
from client.errors import CustomerApiError
from client.models import BulkOutcome, CustomerRow
from tui.commands import Command
from tui.screens.base import AppScreen
from tui.screens.transfer import TransferScreen
from tui.services.marks import Marks
from tui.text import fit, wrap
from tui.widgets.lines import LineList, Lines, Row, Span, edges

_UNDONE: Final = {"label": "unlabel", "unlabel": "label", "archive": "unarchive", "unarchive": "archive"}
_DOING: Final = {
    "label": "Giving the label {label}",
    "unlabel": "Taking the label {label} off",
    "archive": "Archiving",
    "unarchive": "Taking back from the archive",
}
_DONE: Final = {
    "label": "given the label {label}",
    "unlabel": "without the label {label} now",
    "archive": "archived",
    "unarchive": "taken back from the archive",
}
_NUMBER: Final = 8
_NAME: Final = 26


class LeaveBulk(Command):
    """Go back to the list."""

    keys = "escape,q"
    footer = "back"
    in_palette = False


class UndoBulk(Command):
    """Undo it for those that were changed."""

    keys = "u"
    footer = "undo"


class GoOnWithBulk(Command):
    """Go on with those that are left."""

    keys = "r"
    footer = "go on"
    urgent = True


class OpenRefused(Command):
    """Open the customer."""

    keys = "enter"
    footer = "open"


class BulkTransfer(TransferScreen):
    """The bar of bulk work: the first Esc stops after the hundred under way, the second stops waiting."""

    def __init__(self, title: str, bulk: BulkWork) -> None:
        super().__init__(title, self._work, unit="customers", stopped="")
        self._bulk = bulk

    async def _work(self, progress: Progress) -> None:
        try:
            await self._bulk.run(progress)
        except CustomerApiError as error:
            # Of a request alone: of those before it much was changed.
            error.safe, error.remedy = "What is done stays done.", "r goes on."
            raise

    def do_stop_transfer(self) -> None:
        """Stop after the hundred under way, whose outcome is then known; or at once."""
        if self._bulk.stopped:
            super().do_stop_transfer()
            return
        self._bulk.stopped = True
        self.query_one(".box").border_subtitle = "Stopping after this hundred · Esc stops waiting"


class _Head(Lines):
    DEFAULT_CSS = "_Head { height: 4; }"

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []

    def show(self, rows: Sequence[Row]) -> None:
        self._rows = list(rows)
        self.styles.height = max(4, len(rows))
        self.redraw()

    def build(self, width: int) -> Sequence[Row]:
        del width
        return self._rows


class _Refused(LineList):
    enter_word = "open"

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: Sequence[BulkOutcome] = ()
        self.names: dict[str, CustomerRow] = {}

    def build(self, width: int) -> Sequence[Row]:
        return [self._row(outcome, width) for outcome in self.outcomes]

    def _row(self, outcome: BulkOutcome, width: int) -> Row:
        known = self.names.get(outcome.id, CustomerRow(id=outcome.id))
        number, name = outcome.number or known.number, outcome.name or known.display_name
        left = [
            Span(fit(str(number or ""), _NUMBER), "muted"),
            Span(fit(name or "No name", _NAME), "title"),
            Span(f"  {outcome.sentence or outcome.code}", "bad"),
        ]
        return Row(edges(left, (), width - 2).spans, outcome.id)


class BulkScreen(AppScreen[Sequence[CustomerRow]]):
    """Does one thing to all that are marked and tells what became of it. Gives those not done."""

    OFFERS = (LeaveBulk, UndoBulk, GoOnWithBulk, OpenRefused)
    DEFAULT_CSS = "BulkScreen _Refused { height: 1fr; }"

    def __init__(self, marks: Marks, operation: str, label: str = "") -> None:
        super().__init__()
        self._marks = marks
        self._operation = operation
        self._label = label
        self._rows: dict[str, CustomerRow] = {}
        self._bulk: BulkWork | None = None
        self._trouble = ""
        self._undone = False

    def compose_body(self) -> ComposeResult:
        """Lay out what was done above those that it was refused for."""
        yield _Head()
        yield _Refused()

    def on_mount(self) -> None:
        """Begin."""
        self.query_one(_Refused).focus()
        self._begin()

    def can(self, name: str) -> bool:
        """Say what works now."""
        bulk = self._bulk
        if name == "undo_bulk":
            return bulk is not None and bool(bulk.changed)
        if name == "go_on_with_bulk":
            return bulk is not None and bool(bulk.left)
        if name == "open_refused":
            return self.query_one(_Refused).key is not None
        return super().can(name)

    @work(exclusive=True, group="bulk")
    async def _begin(self) -> None:
        collecting = TransferScreen("Finding all of them", self._marks.collect, unit="customers")
        rows = dict(self._marks.rows)
        if self._marks.everyone is not None:
            rows = await self.app.push_screen_wait(collecting)
        if not rows:
            self.dismiss(list(self._marks.rows.values()))
            return
        self._rows = rows
        await self._do(self._operation, list(rows))

    async def _do(self, operation: str, ids: list[str]) -> None:
        self._operation = operation
        self._bulk = BulkWork(self.keeptabs.desk.api.customers, ids, operation, self._label)
        await self._go_on(self._bulk)

    async def _go_on(self, bulk: BulkWork) -> None:
        box = BulkTransfer(self._said(_DOING), bulk)
        await self.app.push_screen_wait(box)
        self._trouble = box.trouble
        self._show(bulk)

    def _show(self, bulk: BulkWork) -> None:
        write = self.keeptabs.desk.formats.number
        refused, changed = bulk.refused, len(bulk.changed)
        was_so = len(bulk.outcomes) - changed - len(refused)
        done = f"{_counted(changed, write)} {self._said(_DONE)}"
        parts = [Span(f" {done}", "good" if changed else "text")]
        if was_so:
            parts.append(Span(f" · {write(was_so)} so already", "muted"))
        if refused:
            parts.append(Span(f" · {write(len(refused))} refused", "bad"))
        rows = [Row(tuple(parts))]
        if bulk.left:
            why = self._trouble or "Stopped; what is done stays done."
            told = wrap(f"{_counted(bulk.left, write)} not done. {why}", max(20, self.size.width - 2))
            rows += [Row((Span(f" {line}", "warn"),)) for line in told]
        rows += [Row(), Row((Span(" Refused:" if refused else " Nobody was refused.", "label"),))]
        self.query_one(_Head).show(rows)
        shown = self.query_one(_Refused)
        shown.outcomes, shown.names = refused, self._rows
        shown.redraw()
        self.refresh_bindings()

    def _said(self, words: dict[str, str]) -> str:
        return words[self._operation].format(label=self._label)

    @work(exclusive=True, group="bulk")
    async def do_undo_bulk(self) -> None:
        """Do the opposite to exactly those that were changed."""
        if self._bulk is not None:
            self._undone = not self._undone
            await self._do(_UNDONE[self._operation], self._bulk.changed)

    @work(exclusive=True, group="bulk")
    async def do_go_on_with_bulk(self) -> None:
        """Go on where it stopped; a hundred whose answer was lost is not done twice."""
        if self._bulk is not None:
            await self._go_on(self._bulk)

    def do_open_refused(self) -> None:
        """Open the marked customer, to see what is in the way."""
        key = self.query_one(_Refused).key
        if key is not None:
            self.keeptabs.open_customer(str(key), self._rows.get(str(key)))

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.do_open_refused()

    def do_leave_bulk(self) -> None:
        """Go back; those not done stay marked, and all where it was undone."""
        bulk, done = self._bulk, set[str]()
        if bulk is not None and not self._undone:
            done = {outcome.id for outcome in bulk.outcomes}.difference(one.id for one in bulk.refused)
        self.dismiss([row for row in self._rows.values() if row.id not in done])


def _counted(number: int, write: Callable[[float], str]) -> str:
    return f"{write(number)} customer{'' if number == 1 else 's'}"

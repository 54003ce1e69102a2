"""Reports: those that there are, and the customers that one finds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import on, work
from textual.app import ComposeResult

from client.models import Audience, Condition, Report, ReportPreview, ReportQuery
from tui.commands import reports as commands
from tui.screens.base import AppScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.listed_customers import ListedCustomers
from tui.screens.record_list import ScreenTitle
from tui.services.report_words import LISTS, joined
from tui.services.search_words import SORTS
from tui.text import fit
from tui.widgets.lines import LineList, Row, Span, edges

if TYPE_CHECKING:
    from tui.services.desk import Desk

_NAME = 38
_OWNER = 22


async def fetch_names(desk: "Desk", conditions: Sequence[Condition]) -> None:
    """Fetch the lists that conditions point into. Raises CustomerApiError."""
    wanted = {LISTS[condition.about] for condition in conditions if condition.about in LISTS}
    for listed in sorted(wanted):
        if desk.may(f"{listed}:read"):
            await desk.reference(listed)


class ReportCustomers(ListedCustomers):
    """The customers whom conditions find, those of a saved report or others."""

    OFFERS = (commands.SortReport, commands.MarketReport, commands.ExportReport)
    nobody = "Nobody fits all of these conditions."

    def __init__(self, name: str, conditions: Sequence[Condition], saved: Report | None = None) -> None:
        """Take `saved` where the conditions are those of a saved report."""
        super().__init__()
        self._called = name
        self._conditions = list(conditions)
        self._saved = saved

    async def fetch(self, cursor: str, limit: int) -> Audience:
        """Give a page."""
        return await self._ask("", "not_denied", cursor, limit)

    def heading(self) -> list[Span]:
        """Give the name and the conditions."""
        return [Span(self._called, "title"), Span(f" · {self._words}" if self._words else "", "muted")]

    def do_sort_report(self) -> None:
        """Offer every column in both directions."""
        from tui.screens.pick import PickScreen
        from tui.screens.sorting import orders

        def sort(taken: list[str] | None) -> None:
            if taken:
                self.order = taken[0]
                self.begin()

        self.app.push_screen(PickScreen("Sort by", orders(SORTS), marked=self.order), sort)

    def do_market_report(self) -> None:
        """Have a channel picked, and show whom of these it may be used for."""
        from tui.screens.audience import AudienceScreen, pick_channel

        def show(channel: str) -> None:
            self.app.push_screen(AudienceScreen(self._ask, channel, self.order, self._called))

        pick_channel(self.keeptabs, "email", show)

    @work(exclusive=True, group="export")
    async def do_export_report(self) -> None:
        """Ask how, and export all of them."""
        from client.models import ExportRequest
        from tui.screens.exporting import export_customers

        whom = ExportRequest(format="csv", conditions=self._conditions)
        if self._saved is not None:
            # By its name in the history, which then says what was exported.
            whom = ExportRequest(format="csv", report_id=self._saved.id)
        told = await export_customers(self.keeptabs, whom)
        if told is not None:
            self.say(*told)

    @property
    def _words(self) -> str:
        desk = self.keeptabs.desk
        return joined(self._conditions, desk.known_name, desk.formats)

    async def _ask(self, channel: str, willing: str, cursor: str, limit: int) -> Audience:
        reports = self.keeptabs.desk.api.reports
        wanted = {
            "channel": channel,
            "willing": willing,
            "cursor": cursor,
            "limit": limit,
            "sort": self.order,
        }
        if self._saved is not None:
            return (await reports.customers(self._saved.id, ReportQuery.model_validate(wanted))).value
        preview = ReportPreview.model_validate(wanted | {"conditions": self._conditions})
        return (await reports.preview(preview)).value


class _Reports(LineList):
    enter_word = "show"

    def __init__(self) -> None:
        super().__init__()
        self.reports: Sequence[Report] = ()
        self.words: dict[str, str] = {}
        self.note = "Fetching…"

    def build(self, width: int) -> Sequence[Row]:
        if not self.reports:
            return [Row((Span(self.note, "muted"),))]
        name_width = min(max(cell_len(report.name) for report in self.reports), _NAME, width // 2)
        return [self._row(report, width, name_width) for report in self.reports]

    def _row(self, report: Report, width: int, name_width: int) -> Row:
        whose = f"by {report.owner}" if report.shared else "not shared"
        left = [
            Span(fit(report.name, name_width), "title"),
            Span(f"  {self.words.get(report.id, '')}", "muted"),
        ]
        right = [Span(f"  {fit(whose, min(_OWNER, len(whose)))} ", "accent" if report.shared else "muted")]
        return Row(edges(left, right, width - 2).spans, report.id)


class ReportsScreen(AppScreen[None]):
    """The saved reports: Enter shows whom one finds."""

    OFFERS = (
        commands.LeaveReports,
        commands.OpenReport,
        commands.NewReport,
        commands.EditReport,
        commands.RemoveReport,
    )
    DEFAULT_CSS = "ReportsScreen _Reports { height: 1fr; }"

    def compose_body(self) -> ComposeResult:
        """Lay out the title and the list."""
        yield ScreenTitle("Reports")
        yield _Reports()

    def on_mount(self) -> None:
        """Ask for them."""
        self._list.focus()
        self._load()

    @property
    def _list(self) -> _Reports:
        return self.query_one(_Reports)

    @property
    def _marked(self) -> Report | None:
        return next((report for report in self._list.reports if report.id == self._list.key), None)

    def can(self, name: str) -> bool:
        """Open and change only what is there."""
        if name in ("open_report", "edit_report", "remove_report"):
            return self._marked is not None
        return super().can(name)

    @work(exclusive=True, group="load")
    async def _load(self, mark: str = "") -> None:
        async with self.asking("Fetching…"):
            desk, shown = self.keeptabs.desk, self._list
            reports = [report async for report in desk.api.reports.each(limit=200)]
            await fetch_names(desk, [condition for report in reports for condition in report.conditions])
            shown.words = {
                report.id: joined(report.conditions, desk.known_name, desk.formats) for report in reports
            }
            shown.reports = reports
            shown.note = "No reports yet. a makes one: conditions on labels, bookings, spending and more."
            shown.redraw()
            if mark:
                shown.mark(mark)
            self.refresh_bindings()

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        event.stop()
        self.refresh_bindings()

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.do_open_report()

    def do_leave_reports(self) -> None:
        """Go back to the list of customers."""
        self.dismiss(None)

    def do_open_report(self) -> None:
        """Show whom the marked report finds."""
        report = self._marked
        if report is not None:
            self.app.push_screen(ReportCustomers(report.name, report.conditions, report))

    def do_new_report(self) -> None:
        """Put a new one together."""
        self._build(None)

    def do_edit_report(self) -> None:
        """Change the conditions of the marked one."""
        self._build(self._marked)

    def _build(self, report: Report | None) -> None:
        from tui.screens.report_builder import ReportBuilder
        from tui.services.draft_report import DraftReport

        def built(kept: Report | None) -> None:
            self._load(kept.id if kept is not None else "")

        self.app.push_screen(ReportBuilder(DraftReport(self.keeptabs.desk, report)), built)

    @work(exclusive=True, group="remove")
    async def do_remove_report(self) -> None:
        """Remove the marked one, once that was confirmed."""
        report = self._marked
        if report is None:
            return
        sentences = [
            "The conditions are forgotten. Customers stay as they are.",
            *(["Colleagues cannot use it any more."] if report.shared else []),
        ]
        if await self.app.push_screen_wait(ConfirmScreen(f"Remove {report.name}?", sentences, "remove")):
            async with self.asking("Removing…"):
                await self.keeptabs.desk.api.reports.delete(report.id)
                self.say(f"{report.name} is removed.", "good")
                self._load()

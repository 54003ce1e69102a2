"""Putting a report together: conditions in plain words, and how many customers they find, counted live."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message

from client.errors import CustomerApiError
from client.models import Condition, Report, ReportPreview
from tui.commands import reports as commands
from tui.forms.form_screen import FormScreen
from tui.forms.state import FormState
from tui.screens.asking_condition import ask_condition
from tui.screens.base import AppScreen
from tui.screens.listed_customers import ListHead
from tui.screens.reports import ReportCustomers, fetch_names
from tui.services.draft_report import DraftReport
from tui.services.report_words import in_words
from tui.services.search import debounce
from tui.widgets.lines import LineList, Row, Span

_NEW = "New report"
_HINT = "Everyone who is not archived. a adds a condition; all of them must hold."


class _Conditions(LineList):
    enter_word = "edit"

    def __init__(self) -> None:
        super().__init__()
        self.words: Sequence[str] = ()

    def build(self, width: int) -> Sequence[Row]:
        del width
        if not self.words:
            return [Row((Span(_HINT, "muted"),))]
        return [
            Row((Span("" if place == 0 else "and ", "label"), Span(words)), place)
            for place, words in enumerate(self.words)
        ]


class ReportBuilder(AppScreen[Report | None]):
    """The conditions of a report. Gives the report as it was last saved, None where it was not."""

    OFFERS = (
        commands.LeaveBuilder,
        commands.AddCondition,
        commands.EditCondition,
        commands.RemoveCondition,
        commands.ShowFound,
        commands.SaveReport,
        commands.DropDraft,
    )
    DEFAULT_CSS = "ReportBuilder _Conditions { height: 1fr; }"

    @dataclass
    class Counted(Message):
        """The server counted, or said why it does not."""

        generation: int
        total: int
        error: CustomerApiError | None = None

    def __init__(self, draft: DraftReport) -> None:
        super().__init__()
        self._draft = draft
        self._generation = 0

    def compose_body(self) -> ComposeResult:
        """Lay out name and count above the conditions."""
        yield ListHead()
        yield _Conditions()

    def on_mount(self) -> None:
        """Begin with what is saved, or with what was left unsaved."""
        self._list.focus()
        self._changed()
        if self._draft.from_draft:
            self.say("These conditions were not saved before. x begins again.", "warn")
        self._fetch_names()

    @property
    def _list(self) -> _Conditions:
        return self.query_one(_Conditions)

    @property
    def _place(self) -> int | None:
        key = self._list.key
        return key if isinstance(key, int) else None

    def can(self, name: str) -> bool:
        """Say what works now."""
        if name in ("edit_condition", "remove_condition"):
            return self._place is not None
        if name == "drop_draft":
            return self._draft.is_dirty
        if name == "save_report":
            return self._may_save
        return super().can(name)

    @property
    def _may_save(self) -> bool:
        """Whether there is anything to save: also name and sharing, of a report that is there."""
        return self._draft.saved is not None or bool(self._draft.conditions)

    @work(exclusive=True, group="names")
    async def _fetch_names(self) -> None:
        async with self.asking("Fetching names…"):
            await fetch_names(self.keeptabs.desk, self._draft.conditions)
            self._show()

    def _show(self) -> None:
        desk = self.keeptabs.desk
        self._list.words = [
            in_words(condition, desk.known_name, desk.formats) for condition in self._draft.conditions
        ]
        self._list.redraw()
        self.refresh_bindings()

    def _changed(self) -> None:
        """Show the conditions and have them counted."""
        self._show()
        self._generation += 1
        self._head([Span("Counting…", "muted")])
        self._count(self._generation)

    def _head(self, counts: Sequence[Span]) -> None:
        saved = self._draft.saved
        title = [Span(saved.name if saved else _NEW, "title")]
        if saved is not None:
            title.append(Span(" · shared" if saved.shared else " · not shared", "muted"))
        if self._draft.is_dirty:
            title.append(Span(" · not saved", "dirty"))
        self.query_one(ListHead).show(title, counts)

    @work(exclusive=True, group="count")
    async def _count(self, generation: int) -> None:
        api = self.keeptabs.desk.api
        meter = api.transport.meter
        await asyncio.sleep(debounce(meter.last_round_trip, frugal=meter.frugal))
        preview = ReportPreview(conditions=list(self._draft.conditions), limit=1, fields=["number"])
        try:
            found = (await api.reports.preview(preview)).value
        except CustomerApiError as error:
            self.post_message(self.Counted(generation, 0, error))
        else:
            self.post_message(self.Counted(generation, found.total or 0))

    @on(Counted)
    def _counted(self, event: Counted) -> None:
        """Show the count; one of earlier conditions is dropped."""
        event.stop()
        if event.generation != self._generation:
            return
        if event.error is not None:
            self._head([Span("Not counted", "warn")])
            self.failed(event.error)
            return
        number = self.keeptabs.desk.formats.number(event.total)
        self._head([Span(f"{number} customer{'' if event.total == 1 else 's'}", "good")])

    @work(exclusive=True, group="ask")
    async def do_add_condition(self) -> None:
        """Ask for a condition and add it."""
        await self._ask_for(None)

    @work(exclusive=True, group="ask")
    async def do_edit_condition(self) -> None:
        """Ask for the marked condition anew, beginning with what it says."""
        await self._ask_for(self._place)

    async def _ask_for(self, place: int | None) -> None:
        known: Condition | None = None if place is None else self._draft.conditions[place]
        try:
            told = await ask_condition(self.keeptabs, known)
        except CustomerApiError as error:
            self.failed(error)
            return
        if told is not None:
            at = self._draft.put(place, told)
            self._changed()
            self._list.mark(at)

    @on(LineList.Chosen)
    async def _chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.do_edit_condition()

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        event.stop()
        self.refresh_bindings()

    def do_remove_condition(self) -> None:
        """Take the marked condition out."""
        place = self._place
        if place is not None:
            self._draft.remove(place)
            self._changed()

    def do_drop_draft(self) -> None:
        """Begin again from what is saved."""
        self._draft.start_over()
        self._changed()

    def do_show_found(self) -> None:
        """Show whom the conditions find as they stand."""
        saved = self._draft.saved
        name = saved.name if saved else _NEW
        kept = None if self._draft.is_dirty else saved
        self.app.push_screen(ReportCustomers(name, self._draft.conditions, kept))

    @work(exclusive=True, group="save")
    async def do_save_report(self) -> None:
        """Ask for name and sharing, and save."""
        saved, reports = self._draft.saved, self.keeptabs.desk.api.reports
        base = saved.to_json() if saved is not None else {}
        state = FormState(Report, base, self.keeptabs.desk.formats, new=saved is None)

        async def submit() -> Any:
            members = {name: state.get(name) for name in _NAMES} | {"conditions": self._draft.to_json()}
            if saved is None:
                return (await reports.create(members)).value
            return (await reports.update(saved.id, members, version=saved.version)).value

        kept = await self.app.push_screen_wait(FormScreen("Save the report", state, _NAMES, submit=submit))
        if isinstance(kept, Report):
            self._draft.settle(kept)
            self._changed()
            self.say(f"{kept.name} is saved.", "good")

    def do_leave_builder(self) -> None:
        """Go back; what is not saved stays on disk."""
        kept = self._draft.is_dirty
        self.keeptabs.desk.flush()
        self.dismiss(self._draft.saved)
        if kept and isinstance(self.app.screen, AppScreen):
            self.app.screen.say("Conditions that are not saved are kept as a draft.", "warn")


_NAMES = ("name", "description", "shared")

"""One list of records that belong to no customer: labels, branches, partners, locations."""

from typing import Any

from textual import work
from textual.app import ComposeResult

from tui.commands import Command
from tui.screens.records import RecordsHost
from tui.tabs.records import Records
from tui.tabs.records_page import RecordsPage, page_of
from tui.tabs.records_part import RecordsPart
from tui.widgets.lines import Lines, Row, Span


class Leave(Command):
    """Go back."""

    keys = "escape"
    footer = "back"


class ScreenTitle(Lines):
    """What a screen shows, with a blank line below."""

    DEFAULT_CSS = "ScreenTitle { height: 2; }"

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title

    def build(self, width: int) -> list[Row]:
        """Give both lines."""
        del width
        return [Row((Span(f" {self.title}", "title"),)), Row()]


class RecordsScreen(RecordsHost):
    """A screen with one list of records."""

    OFFERS = (Leave,)

    def __init__(self, records: Records[Any]) -> None:
        super().__init__()
        self._records = records

    def compose_body(self) -> ComposeResult:
        """Lay out the title and the list."""
        yield ScreenTitle(self._records.title)
        yield page_of(
            RecordsPart(self._records, self.keeptabs.desk, heading=False), references=self.references
        )

    def on_mount(self) -> None:
        """Ask for the records."""
        self.query_one(RecordsPage).focus()
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        async with self.asking("Fetching…"):
            desk, part = self.keeptabs.desk, next(self.record_parts())
            desk.forget_reference(self._records.permission)
            part.show(await desk.reference(self._records.permission))

    def do_leave(self) -> None:
        """Go back to the screen before."""
        self.dismiss(None)

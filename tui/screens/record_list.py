"""One list of records that belong to no customer: labels, branches, partners, locations."""

from typing import TYPE_CHECKING, Any

from textual import work
from textual.app import ComposeResult

from tui.commands import Command
from tui.screens.records import RecordsHost
from tui.tabs.records import Records
from tui.tabs.records_page import RecordsPage, page_of
from tui.tabs.records_part import RecordsPart
from tui.widgets.lines import Lines, Row, Span, edges

if TYPE_CHECKING:
    from client.api import CustomerApi


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
        self._age = ""

    def tell_age(self, words: str) -> None:
        """Say when what is shown was so; nothing where that is now."""
        if words != self._age:
            self._age = words
            self.redraw()

    def build(self, width: int) -> list[Row]:
        """Give both lines."""
        title = [Span(f" {self.title}", "title")]
        return [edges(title, [Span(f"  {self._age} ", "warn")] if self._age else [], width), Row()]


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
        desk, part, name = self.keeptabs.desk, next(self.record_parts()), self._records.permission

        async def ask(api: "CustomerApi") -> list[Any]:
            return [record async for record in self._records.collection(api, "").each(limit=200)]

        async def show(records: list[Any]) -> None:
            desk.learn_reference(name, records)
            part.show(records)

        if not await self.show_current(name, ask, show, doing="Fetching…", unseen=part.items is None):
            self.say_unseen()

    def refetch(self) -> None:
        """Fetch the records anew."""
        self._load()

    def show_age(self, words: str) -> None:
        """Say beside the title how old the list is."""
        self.query_one(ScreenTitle).tell_age(words)

    def do_leave(self) -> None:
        """Go back to the screen before."""
        self.dismiss(None)

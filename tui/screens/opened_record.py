"""One record on a screen of its own: its fields, what belongs to it, and all that can be done to it."""

from typing import Any

from textual import work
from textual.app import ComposeResult

from client.models.base import Record
from tui.screens.record_list import Leave, ScreenTitle
from tui.screens.records import RecordsHost
from tui.services.references import References
from tui.tabs.records import Records
from tui.tabs.records_page import RecordsPage, page_of
from tui.tabs.records_part import RecordsPart


class OpenedRecordScreen(RecordsHost):
    """An invoice with its lines, a membership with its credits, a ticket with its replies.

    `changed` says afterwards whether anything was done here, `record` how it is then: None where it was
    removed.
    """

    OFFERS = (Leave,)

    def __init__(self, records: Records[Any], record: Record, customer_id: str, known: References) -> None:
        super().__init__()
        self.records = records
        self.record: Record | None = record
        self.customer_id = customer_id
        self.changed = False
        self._known = known

    def compose_body(self) -> ComposeResult:
        """Lay out the name of the record and its parts."""
        yield ScreenTitle(self._title)
        opens, record = self.records.opens, self.record
        if opens is not None and record is not None:
            yield page_of(*opens(record, self), references=self.references)

    def on_mount(self) -> None:
        """Ask for what belongs to the record."""
        self.query_one(RecordsPage).focus()
        self.load_records(*self.record_parts())

    @property
    def references(self) -> References:
        """What the records are called that fields point to: as where this one was opened."""
        return self._known

    @property
    def _title(self) -> str:
        name = self.records.name(self.record) if self.record is not None else ""
        return name[:1].upper() + name[1:]

    def took(self, records: Records[Any], record: Record) -> None:
        """Show a record as it is now: this one, or one that belongs to it."""
        if records is self.records:
            self._show(record)
        super().took(records, record)

    def dropped(self, records: Records[Any], record: Record) -> None:
        """Leave, where this record is the one that was removed."""
        if records is self.records:
            self.record, self.changed = None, True
            self.dismiss(None)
        else:
            super().dropped(records, record)

    def records_changed(self, records: Records[Any]) -> None:
        """Fetch the record again, where what belongs to it may have changed it."""
        super().records_changed(records)
        self.changed = True
        if records is not self.records:
            self._again()

    @work(exclusive=True, group="again")
    async def _again(self) -> None:
        async with self.asking("Fetching…"):
            if self.record is not None:
                collection = self.records.collection(self.keeptabs.desk.api, self.customer_id)
                self._show((await collection.get(self.record.id)).value)

    def _show(self, record: Record) -> None:
        self.record = record
        title = self.query_one(ScreenTitle)
        title.title = self._title
        title.redraw()
        if self.records.opens is not None:
            known = {part.records.permission: part.items for part in self.record_parts()}
            parts = self.records.opens(record, self)
            for part in parts:
                if isinstance(part, RecordsPart):
                    # What was there stays until the answer comes, and with it the marker.
                    part.items = known.get(part.records.permission)
            self.query_one(RecordsPage).show(*parts)
            self.load_records(*self.record_parts())

    def show_age(self, words: str) -> None:
        """Say beside the title how old what is shown is."""
        self.query_one(ScreenTitle).tell_age(words)

    def do_leave(self) -> None:
        """Go back to where the record was opened."""
        self.dismiss(None)

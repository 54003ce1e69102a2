"""A customer's profile: the header, the tabs, and what every tab shares."""

from datetime import UTC, datetime
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical

from client import models
from client.models import CustomerDocument, CustomerRow
from tui.commands import profile
from tui.forms.page import Page
from tui.screens.profile_edit import ProfileEdits
from tui.screens.profile_ending import ProfileEnding
from tui.screens.profile_reach import ProfileReach
from tui.screens.records import RecordsHost
from tui.services.open_customer import OpenCustomer, row_of
from tui.tabs.all import TABS
from tui.tabs.history import EventList
from tui.tabs.kinds_of_records import NOTES
from tui.tabs.records import RecordList, Records
from tui.tabs.tab import Tab
from tui.widgets.header import ProfileHeader, TabLine
from tui.widgets.lines import LineList


class ProfileScreen(ProfileEdits, ProfileEnding, ProfileReach, RecordsHost):
    """One open customer. It is kept while others are in front, with what was typed."""

    OFFERS = (
        profile.BackToList,
        profile.SearchAgain,
        profile.WriteNote,
        profile.NextTab,
        profile.PreviousTab,
        profile.Reload,
        profile.PinThisCustomer,
        profile.CloseCustomer,
        profile.GoToTab,
    )

    DEFAULT_CSS = "ProfileScreen > Vertical { height: 1fr; }"

    def __init__(self, customer_id: str, row: CustomerRow | None = None) -> None:
        super().__init__()
        self.customer_id = customer_id
        self.row = row
        self.header = ProfileHeader()
        self.opened: OpenCustomer | None = None
        self._awaited = True
        self.tabs: list[Tab] = []
        self.front = 0
        self._widgets: dict[str, LineList] = {}

    def compose_body(self) -> ComposeResult:
        """Lay out the header and the place for tabs."""
        self.header.row = self.row
        if self.row is not None and self.row.phone:
            self.header.phone = self.keeptabs.desk.formats.phone(self.row.phone)
        yield self.header
        yield TabLine([])
        yield Vertical()

    def on_mount(self) -> None:
        """Ask for the customer."""
        self.header.pinned = self.keeptabs.desk.recents.load().is_pinned(self.customer_id)
        self.load()

    @property
    def name_for_switcher(self) -> str:
        """Number and name."""
        known = self.opened.customer if self.opened else self.row
        return f"{known.number} {known.display_name}" if known else "…"

    @property
    def has_unsaved(self) -> bool:
        """Whether something typed is not saved."""
        return self.opened is not None and self.opened.form.is_dirty

    @property
    def holds_keys(self) -> bool:
        """Whether keys typed now are meant for a customer who is still on the way."""
        return self._awaited

    @work(exclusive=True, group="load")
    async def load(self) -> None:
        """Fetch the customer with all that the first tabs show, in one request."""
        try:
            async with self.asking("Opening…"):
                desk = self.keeptabs.desk
                if not desk.service.permissions:
                    await desk.connect()
                answer = await desk.api.customers.open(self.customer_id, include=("notes",))
                await self.received(answer.value)
        finally:
            self._awaited = False

    async def received(self, document: CustomerDocument) -> None:
        """Show what the server has; what was typed stays."""
        desk = self.keeptabs.desk
        if self.opened is None:
            draft = desk.drafts.load(self.draft_key)
            self.opened = OpenCustomer(document, desk.formats, draft, read_only=not self.may_edit)
            self.tabs = [tab for tab in TABS if tab.open_to(desk)]
            self.query_one(TabLine).titles = [tab.title for tab in self.tabs]
            await self.show_tab(self.front)
            if draft is not None and self.opened.form.is_dirty:
                when = desk.formats.moment(datetime.fromtimestamp(draft.saved_at, UTC))
                self.say(f"Your unsaved changes from {when} are back: F2 saves them, u undoes them.", "warn")
        elif not self.opened.received(document):
            self.say("Changed meanwhile by somebody else; saving will merge.", "warn")
        desk.recents.opened(row_of(self.opened.customer).to_json())
        for widget in self._widgets.values():
            self._fill(widget)
            if isinstance(widget, EventList) and widget.display:
                widget.ask_again()
        self.refresh_profile()

    def refresh_profile(self) -> None:
        """Draw what is open as it is now: header, tab in front, keys."""
        if self.opened is None:
            return
        customer = self.opened.customer
        number = next((phone.number for phone in customer.phones if phone.is_primary), "")
        self.header.phone = self.keeptabs.desk.formats.phone(number) if number else ""
        self.header.customer = customer
        self.header.unsaved = self.opened.unsaved
        self.header.redraw()
        for widget in self._widgets.values():
            if widget.display:
                widget.redraw()
                if isinstance(widget, EventList):
                    widget.know(customer.version)
        self.refresh_bindings()

    async def show_tab(self, place: int) -> None:
        """Bring a tab to the front; it is made on its first visit."""
        if self.opened is None or not 0 <= place < len(self.tabs):
            return
        self.front = place
        tab = self.tabs[place]
        widget = self._widgets.get(tab.name)
        if widget is None:
            widget = self._widgets[tab.name] = tab.make(self.opened, self.keeptabs.desk)
            await self.query_one(Vertical).mount(widget)
            self._fill(widget)
        elif isinstance(widget, EventList):
            widget.ask_again()
        for name, other in self._widgets.items():
            other.display = name == tab.name
        tab_line = self.query_one(TabLine)
        tab_line.front = place
        tab_line.redraw()
        self.refresh_profile()
        widget.focus()

    def _fill(self, widget: LineList) -> None:
        """Give a list of records what came along with the customer, or else have it asked for."""
        if self.opened is None or not isinstance(widget, RecordList):
            return
        included = getattr(self.opened.document, widget.records.permission, None)
        if isinstance(included, models.Page):
            widget.show(included.items)
        else:
            self.load_records(widget)

    def can(self, name: str) -> bool:
        """Offer what there is something to do it to."""
        if name == "write_note":
            return self.opened is not None and self.keeptabs.desk.may("notes:write")
        if name == "undo_change" and self.removed is not None:
            return True
        if name in ("go_to_tab", "next_tab", "previous_tab", "reload", "pin_this_customer"):
            return self.opened is not None
        return super().can(name)

    async def do_go_to_tab(self, digit: str) -> None:
        """Bring the tab of that number to the front; 0 is the tenth."""
        await self.show_tab((int(digit) - 1) % 10)

    async def do_next_tab(self) -> None:
        """Bring the next tab to the front, after the last the first."""
        await self.show_tab((self.front + 1) % len(self.tabs))

    async def do_previous_tab(self) -> None:
        """Bring the tab before to the front, before the first the last."""
        await self.show_tab((self.front - 1) % len(self.tabs))

    async def show_history_of(self, field: str) -> None:
        """Show the Activity tab with the history of one field, a JSON Pointer."""
        place = next((n for n, tab in enumerate(self.tabs) if tab.name == "activity"), None)
        if place is None:
            return
        await self.show_tab(place)
        widget = self._widgets["activity"]
        if isinstance(widget, EventList):
            widget.ask(field)

    def do_reload(self) -> None:
        """Fetch the customer anew; what was typed stays."""
        self.load()

    def do_pin_this_customer(self) -> None:
        """Pin the customer, or take the pin away."""
        if self.opened is None:
            return
        recents = self.keeptabs.desk.recents
        if self.header.pinned:
            recents.unpin(self.customer_id)
        else:
            recents.pin(row_of(self.opened.customer).to_json())
        self.header.pinned = not self.header.pinned
        self.header.redraw()
        self.say("Pinned to the top of the list." if self.header.pinned else "No longer pinned.")

    def do_write_note(self) -> None:
        """Show the form of a new note, whatever tab is in front."""
        self.edit_record(NOTES)

    def keep_draft(self) -> None:
        """Keep what is typed; `u` takes that back now, and no longer the removal of a note."""
        self.removed = None
        super().keep_draft()

    def do_undo_change(self) -> None:
        """Write again what was removed last, else take back a change."""
        if self.removed is not None:
            self.bring_back(*self.removed)
        else:
            super().do_undo_change()

    def records_changed(self, records: Records[Any]) -> None:
        """Show what changed on the overview too."""
        super().records_changed(records)
        self.load()

    @on(Page.HistoryAsked)
    async def _history_asked(self, event: Page.HistoryAsked) -> None:
        event.stop()
        await self.show_history_of(event.pointer)

    def do_search_again(self) -> None:
        """Go back to the list with an empty search."""
        self.keeptabs.search_again()

    def do_back_to_list(self) -> None:
        """Stop waiting for a save; else go back: the customer stays open, what was typed is on disk."""
        if self.writing:
            self.stop_writing()
            return
        self.keeptabs.desk.flush()
        self.keeptabs.back_to_list(self.name_for_switcher if self.has_unsaved else "")

    def do_close_customer(self) -> None:
        """Close the customer; what was typed stays on disk and is offered at the next visit."""
        self.keeptabs.desk.flush()
        self.keeptabs.close_customer(self.customer_id)

    @on(EventList.Wanted)
    def _history_wanted(self, wanted: EventList.Wanted) -> None:
        wanted.stop()
        self._fetch_history(wanted.events, wanted.field, wanted.cursor)

    @work(exclusive=True, group="history")
    async def _fetch_history(self, events: EventList, field: str, cursor: str) -> None:
        async with self.asking("Fetching the history…"):
            collection = self.keeptabs.desk.api.events(self.customer_id, field or None)
            answer = await collection.list(cursor=cursor, limit=50)
            if events.field == field:
                events.show(answer.value, after=cursor)

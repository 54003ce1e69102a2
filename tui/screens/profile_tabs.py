"""The tabs of a profile: made on their first visit, filled by one request, kept current."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from textual import on, work
from textual.containers import Vertical

from client import models
from client.errors import CustomerApiError
from client.models import Customer, CustomerDocument
from tui.commands import Command, profile
from tui.forms.page import Page
from tui.screens.profile_edit import ProfileEdits
from tui.screens.records import RecordsHost
from tui.services.frugal import rows_at_once
from tui.services.open_customer import parts_of_document, row_of
from tui.services.references import References, references_of
from tui.tabs.additional import DEFINITIONS, MEMBER, additional_fields
from tui.tabs.all import TABS
from tui.tabs.history import EventList
from tui.tabs.records_part import RecordsPart
from tui.tabs.tab import Tab
from tui.widgets.header import ProfileHeader, TabLine
from tui.widgets.lines import LineList

ALWAYS: Final = ("notes", "summary")
"""What comes along whenever the customer is fetched: the header and the overview show it."""


class ProfileTabs(ProfileEdits, RecordsHost):
    """What a profile shows of its customer, tab by tab."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (
        profile.NextTab,
        profile.PreviousTab,
        profile.Reload,
        profile.GoToTab,
    )

    header: ProfileHeader
    tabs: list[Tab]
    front: int
    widgets: dict[str, LineList]
    awaited: bool

    def begin_tabs(self) -> None:
        """Start without a customer."""
        self.tabs = []
        self.front = 0
        self.widgets = {}
        self.awaited = True
        self.known_state: tuple[tuple[str, ...], str] = ((), "")
        """What came along when the customer was fetched last, and the entity tag of that answer."""
        self._current: set[str] = set()

    @property
    def references(self) -> References:
        """What the records are called that fields of this customer point to."""
        return references_of(self.keeptabs.desk, self._customer)

    def _customer(self) -> Customer | None:
        return self.opened.customer if self.opened is not None else None

    @work(exclusive=True, group="load")
    async def load(self) -> None:
        """Fetch the customer with all that the tab in front shows, in one request."""
        try:
            async with self.asking("Opening…"):
                desk = self.keeptabs.desk
                if not desk.service.permissions:
                    await desk.connect()
                include = self.wanted()
                answer = await desk.api.customers.open(self.customer_id, include=include)
                self.known_state = (include, answer.etag)
                await self.received(answer.value, include)
        finally:
            self.awaited = False

    def wanted(self) -> tuple[str, ...]:
        """Name what comes along with the customer now."""
        always = [name for name in ALWAYS if name == "summary" or self.keeptabs.desk.has(name)]
        return tuple(dict.fromkeys([*always, *self._wanted_in_front()]))

    def outdated(self, parts: Iterable[str]) -> None:
        """Have these parts asked for again when they are next in front."""
        self._current.difference_update(parts)
        self.complete_front()

    async def received(self, document: CustomerDocument, include: Iterable[str] = ALWAYS) -> None:
        """Show what the server has; what was typed stays."""
        desk = self.keeptabs.desk
        self._current = set(include)
        known = self.opened.customer.version if self.opened is not None else 0
        if self.opened is None:
            await self._opened_first(document)
        elif not self.opened.received(document) and document.version != known:
            self.say("Changed meanwhile by somebody else; saving will merge.", "warn")
        opened = self.opened
        if opened is not None:
            desk.recents.opened(row_of(opened.customer).to_json())
        self._fill(self._current)
        self.complete_front()
        self.ask_history_again()
        self.refresh_profile()

    def ask_history_again(self) -> None:
        """Ask whether something has happened since, where the history is in front."""
        shown = [widget for widget in self.widgets.values() if isinstance(widget, EventList)]
        for widget in shown:
            # Once is enough: `refresh_profile` tells the version too.
            if widget.display and self.opened is not None and not widget.know(self.opened.customer.version):
                widget.ask_again()

    async def _opened_first(self, document: CustomerDocument) -> None:
        from tui.services.open_customer import OpenCustomer

        desk = self.keeptabs.desk
        draft = desk.drafts.load(self.draft_key)
        self.opened = OpenCustomer(document, desk.formats, draft, read_only=not self.may_edit)
        self.tabs = [tab for tab in TABS if tab.open_to(desk)]
        tab_line = self.query_one(TabLine)
        tab_line.titles = [tab.title for tab in self.tabs]
        tab_line.short_titles = [tab.short or tab.title for tab in self.tabs]
        await self.show_tab(self.front)
        if draft is not None and self.opened.form.is_dirty:
            when = desk.formats.moment(datetime.fromtimestamp(draft.saved_at, UTC))
            self.say(f"Your unsaved changes from {when} are back: F2 saves them, u undoes them.", "warn")

    def refresh_profile(self) -> None:
        """Draw what is open as it is now: header, tab in front, keys."""
        if self.opened is None:
            return
        customer = self.opened.customer
        number = next((phone.number for phone in customer.phones if phone.is_primary), "")
        self.header.phone = self.keeptabs.desk.formats.phone(number) if number else ""
        self.header.show(customer, self.opened.document.summary, self.keeptabs.desk.formats)
        self.header.unsaved = self.opened.unsaved
        self.header.tells = self.opened.tells
        self.header.redraw()
        for widget in self.widgets.values():
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
        widget = self.widgets.get(tab.name)
        if widget is None:
            widget = self.widgets[tab.name] = tab.make(self.opened, self.keeptabs.desk)
            await self.query_one(Vertical).mount(widget)
            self._fill(self._current)
            self._define(widget)
        elif isinstance(widget, EventList):
            widget.ask_again()
        for name, other in self.widgets.items():
            other.display = name == tab.name
        tab_line = self.query_one(TabLine)
        tab_line.front = place
        tab_line.redraw()
        self.complete_front()
        self.refresh_profile()
        widget.focus()

    def _parts(self, widget: LineList | None) -> Iterator[RecordsPart[Any]]:
        if isinstance(widget, Page):
            for part in widget.parts:
                if isinstance(part, RecordsPart):
                    yield part

    def _wanted_in_front(self) -> list[str]:
        """Name what comes along with the customer for the tab in front."""
        if not self.tabs:
            return []
        tab = self.tabs[self.front]
        widget = self.widgets.get(tab.name)
        members = [part.records.member for part in self._parts(widget)]
        members += [part.include for part in widget.parts if part.include] if isinstance(widget, Page) else []
        there = filter(self.keeptabs.desk.has, tab.includes)
        waiting = any(part.waiting for part in additional_fields(widget))
        defined = [DEFINITIONS] if waiting and self.keeptabs.desk.has(MEMBER) else []
        return [*there, *defined, *(name for name in members if name in parts_of_document())]

    def complete_front(self) -> None:
        """Ask for what the tab in front shows and what has not come yet: one request for all of it."""
        for shown in self.widgets.values():
            self._define(shown)
        missing = [name for name in self._wanted_in_front() if name not in self._current]
        self._current.update(missing)
        if missing:
            self._complete(tuple(dict.fromkeys(missing)))
        widget = self.widgets.get(self.tabs[self.front].name) if self.tabs else None
        alone = [
            part
            for part in self._parts(widget)
            if part.records.member not in parts_of_document() and part.records.member not in self._current
        ]
        self._current.update(part.records.member for part in alone)
        if alone:
            self.load_records(*alone)

    @work(group="tab")
    async def _complete(self, include: tuple[str, ...]) -> None:
        came = False
        async with self.asking("Loading…"):
            answer = await self.keeptabs.desk.api.customers.open(self.customer_id, include=include)
            came = True
            if self.opened is not None:
                self.opened.learned(answer.value)
                self._fill(include)
                self.refresh_profile()
        if not came:
            # The next visit, or F5, asks again.
            self._current.difference_update(include)

    def _define(self, widget: LineList) -> None:
        """Show additional fields where their definitions are known; else these come with the tab.

        Where they were known, and are not now, they were changed here.
        """
        desk = self.keeptabs.desk
        known = desk.known_reference(MEMBER) if desk.has(MEMBER) else ()
        for part in additional_fields(widget):
            if known is None and not part.waiting:
                part.waiting = True
                self._current.discard(DEFINITIONS)
            elif known is not None and (part.waiting or known is not part.definitions):
                part.show(known)

    def _fill(self, include: Iterable[str]) -> None:
        """Give the lists of records what came along with the customer, and additional fields their names."""
        if self.opened is None:
            return
        if DEFINITIONS in include:
            came = self.opened.document.field_definitions
            self.keeptabs.desk.learn_reference(MEMBER, came.items if came is not None else ())
            for widget in self.widgets.values():
                self._define(widget)
        for widget in self.widgets.values():
            for part in self._parts(widget):
                page = getattr(self.opened.document, part.records.member, None)
                if part.records.member in include and isinstance(page, models.Page):
                    part.renew(page.items, page.next_cursor)

    async def do_go_to_tab(self, digit: str) -> None:
        """Bring the tab of that number to the front; 0 is the tenth."""
        await self.show_tab((int(digit) - 1) % 10)

    async def do_next_tab(self) -> None:
        """Bring the next tab to the front, after the last the first."""
        await self.show_tab((self.front + 1) % len(self.tabs))

    async def do_previous_tab(self) -> None:
        """Bring the tab before to the front, before the first the last."""
        await self.show_tab((self.front - 1) % len(self.tabs))

    def do_reload(self) -> None:
        """Fetch the customer anew; what was typed stays."""
        self.load()

    async def show_history_of(self, field: str) -> None:
        """Show the Activity tab with the history of one field, a JSON Pointer."""
        place = next((n for n, tab in enumerate(self.tabs) if tab.name == "activity"), None)
        if place is None:
            return
        await self.show_tab(place)
        widget = self.widgets["activity"]
        if isinstance(widget, EventList):
            widget.ask(field)

    @on(EventList.Wanted)
    def _history_wanted(self, wanted: EventList.Wanted) -> None:
        wanted.stop()
        self._fetch_history(wanted.events, wanted.field, wanted.cursor)

    @work(exclusive=True, group="history")
    async def _fetch_history(self, events: EventList, field: str, cursor: str) -> None:
        async with self.asking("Fetching the history…"):
            collection = self.keeptabs.desk.api.events(self.customer_id, field or None)
            limit = rows_at_once(self.keeptabs.desk.meter, 50 if cursor else events.few)
            answer = await collection.list(cursor=cursor, limit=limit)
            if events.field == field:
                events.show(answer.value, after=cursor)
                for referred in events.nameless:
                    # Where one may not read them, ids stay ids.
                    with suppress(CustomerApiError):
                        events.called(await self.references(referred))

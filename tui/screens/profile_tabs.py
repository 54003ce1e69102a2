"""The tabs of a profile: made on their first visit, filled by one request, kept current."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.containers import Vertical

from client import models
from client.models import Customer, CustomerDocument
from client.models.base import Record
from tui.commands import Command, profile
from tui.forms.page import Page
from tui.screens.profile_edit import ProfileEdits
from tui.screens.profile_history import ProfileHistory
from tui.services.open_customer import ALWAYS, always_along, parts_of_document, row_of
from tui.services.references import References, references_of
from tui.services.unsent import document_with
from tui.tabs.additional import DEFINITIONS, MEMBER, additional_fields
from tui.tabs.all import TABS
from tui.tabs.history import EventList
from tui.tabs.records import Records
from tui.tabs.records_part import RecordsPart
from tui.tabs.tab import Tab
from tui.widgets.header import ProfileHeader, TabLine
from tui.widgets.lines import LineList

if TYPE_CHECKING:
    from client.api import CustomerApi
    from client.collection import Answer


class ProfileTabs(ProfileEdits, ProfileHistory):
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
        """Show the customer as seen before; fetch it with all that the tab in front shows, in one request."""
        first, include = self.opened is None, self.wanted()

        async def ask(api: "CustomerApi") -> "Answer[CustomerDocument]":
            nonlocal include
            if self.opened is None:
                include = self.wanted()  # what the server has may be known only now
            return await api.customers.open(self.customer_id, include=include)

        async def show(answer: "Answer[CustomerDocument]") -> None:
            same = first and answer.etag != "" and self.known_state == (include, answer.etag)
            self.known_state = (include, answer.etag)
            if same:
                self._remember()
            else:
                await self.received(answer.value, include)
            self.awaited = False

        try:
            if not await self.show_current("customer", ask, show, doing="Opening…", unseen=first):
                self._remember()
            elif not first:
                self.all_current()
        finally:
            self.awaited = False

    def wanted(self) -> tuple[str, ...]:
        """Name what comes along with the customer now."""
        return tuple(dict.fromkeys([*always_along(self.keeptabs.desk), *self._wanted_in_front()]))

    def outdated(self, parts: Iterable[str]) -> None:
        """Have these parts asked for again when they are next in front."""
        self._current.difference_update(parts)
        self.complete_front()

    async def received(self, document: CustomerDocument, include: Iterable[str] = ALWAYS) -> None:
        """Show what the server has, with what waits for it; what was typed stays."""
        document = document_with(self.keeptabs.desk.outgoing.edits, document)
        self._current = set(include)
        known = self.opened.customer.version if self.opened is not None else 0
        if self.opened is None:
            await self._opened_first(document)
        elif not self.opened.received(document) and document.version != known:
            self.say("Changed meanwhile by somebody else; saving will merge.", "warn")
        if not self.is_old("customer"):
            self._remember()
        self._fill(self._current)
        self.complete_front()
        self.ask_history_again()
        self.refresh_profile()

    def _remember(self) -> None:
        """Put the customer on top of those that were opened lately."""
        if self.opened is not None:
            row = row_of(self.opened.customer)
            self.keeptabs.desk.recents.opened(row.to_json())
            self.keeptabs.desk.saw([row])

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

    def kept(self, records: Records[Any], record: Record | None) -> None:
        """Show what waits on every tab."""
        super().kept(records, record)
        if self.opened is not None:
            edits = self.keeptabs.desk.outgoing.edits
            self.opened.document = document_with(edits, self.opened.document)
            self.refresh_profile()

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
        self.header.waiting = len(self.keeptabs.desk.outgoing.of(self.customer_id))
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
        async def ask(api: "CustomerApi") -> CustomerDocument:
            return (await api.customers.open(self.customer_id, include=include)).value

        async def show(document: CustomerDocument) -> None:
            if self.opened is not None:
                self.opened.learned(document_with(self.keeptabs.desk.outgoing.edits, document))
                self._fill(include)
                self.refresh_profile()

        known = self.opened.document if self.opened is not None else None
        unseen = any(getattr(known, name, None) is None for name in include)
        if not await self.show_current(",".join(include), ask, show, doing="Loading…", unseen=unseen):
            # The next visit, or F5, asks again.
            self._current.difference_update(include)
            self.say_unseen()

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
            for part in widget.parts if isinstance(widget, Page) else ():
                part.unseen = part.unseen and part.include not in include
            for part in self._parts(widget):
                part.unseen = part.unseen and part.records.member not in include
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

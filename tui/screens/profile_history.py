"""The history of a customer as the Activity tab asks for it, all of it or of one field."""

from contextlib import suppress
from typing import TYPE_CHECKING

from textual import on, work

from client import models
from client.errors import CustomerApiError
from tui.screens.records import RecordsHost
from tui.services.frugal import rows_at_once
from tui.services.open_customer import OpenCustomer
from tui.tabs.history import EventList
from tui.tabs.tab import Tab
from tui.widgets.lines import LineList

if TYPE_CHECKING:
    from client.api import CustomerApi


class ProfileHistory(RecordsHost):
    """The part of a profile that fetches its history, page by page."""

    opened: OpenCustomer | None
    tabs: list[Tab]
    widgets: dict[str, LineList]

    async def show_tab(self, place: int) -> None:
        """Bring a tab to the front."""
        raise NotImplementedError

    def ask_history_again(self) -> None:
        """Ask whether something has happened since, where the history is in front."""
        shown = [widget for widget in self.widgets.values() if isinstance(widget, EventList)]
        for widget in shown:
            # Once is enough: `refresh_profile` tells the version too.
            if widget.display and self.opened is not None and not widget.know(self.opened.customer.version):
                widget.ask_again()

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
        unseen = events.items is None
        limit = rows_at_once(self.keeptabs.desk.meter, 50 if cursor else events.few)

        async def ask(api: "CustomerApi") -> "models.Page[models.Event]":
            return (await api.events(self.customer_id, field or None).list(cursor=cursor, limit=limit)).value

        async def show(page: "models.Page[models.Event]") -> None:
            if events.field == field:
                events.show(page, after=cursor)

        name = f"history{field}{cursor}"
        if not await self.show_current(name, ask, show, doing="Fetching the history…", unseen=unseen):
            events.say_unseen()
            return
        for referred in events.nameless:
            # Where one may not read them, ids stay ids.
            with suppress(CustomerApiError):
                events.called(await self.references(referred))

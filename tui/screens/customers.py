"""The list of customers: type to find, arrows to mark, Enter to open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from textual import events, on, work
from textual.message import Message
from textual.widgets import Input

from client.errors import CustomerApiError
from client.models import CustomerSearch
from tui.commands import customers as commands
from tui.screens.adding_customers import AddsCustomers
from tui.screens.exporting_lists import ExportsCustomers
from tui.screens.finding_duplicates import FindsDuplicates
from tui.screens.making_lists import MakesLists
from tui.screens.previews import Previews
from tui.services.frugal import rows_ahead, rows_at_once
from tui.services.search_words import SORTS
from tui.terminal.asking_driver import typed_ahead_done
from tui.widgets.customer_list import CustomerList
from tui.widgets.driven import DrivesList
from tui.widgets.lines import LineList

_FEWEST_ROWS: Final = 20
_MOST_ROWS: Final = 50
_AROUND_LIST: Final = 5


class CustomersScreen(Previews, AddsCustomers, ExportsCustomers, FindsDuplicates, MakesLists, DrivesList):
    """The first screen: every customer is a few letters or digits away."""

    OFFERS = (
        commands.OpenCustomer,
        commands.ClearSearch,
        commands.NewCustomer,
        commands.FilterCustomers,
        commands.SortCustomers,
        commands.ShowRecents,
        commands.PinCustomer,
        commands.FirstCustomer,
        commands.LastCustomer,
    )

    @dataclass
    class Connected(Message):
        """The server said what it is and what may be done there, or could not be asked."""

        error: CustomerApiError | None = None

    def __init__(self) -> None:
        super().__init__()
        self._left = False
        self._to_be_connected = True
        self._works: list[bool] = []

    def on_mount(self) -> None:
        """Show recent customers at once; ask for the rest."""
        self.box.focus()
        self.load_recents()
        self.show_title()
        # The first answer is the search's, unless nothing is known of what may be done here.
        if not self.keeptabs.desk.granted_before:
            self._connect()
        self._put("")

    def on_screen_suspend(self, event: events.ScreenSuspend) -> None:
        """Remember that another screen came: customers may change there."""
        del event
        self._left = self._left or not self.app.screen.is_modal

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """After a profile, bring the rows up to date and let the next letter begin a new search."""
        del event
        # Whoever signs out passes the list on the way to signing in.
        if self._left and self.keeptabs.desk.signed_in:
            self._left = False
            self.search.forget()
            self.forget_previews()
            self.load_recents()
            self.box.start_over()
            self.put_again()

    def can(self, name: str) -> bool:
        """Say what works now."""
        if name == "clear_search":
            return bool(self.box.value or self.recents_only or self.filters != CustomerSearch())
        if name == "new_customer":
            return self.keeptabs.desk.may("customers:write")
        if name in ("open_customer", "pin_customer"):
            return self.driven.customer is not None
        return super().can(name)

    def _refresh_keys(self) -> None:
        """Have the key line drawn anew where other keys work now than before; not at every letter."""
        works = [self.can(command.name()) for command in self.OFFERS]
        if works != self._works:
            self._works = works
            self.refresh_bindings()

    # What is typed

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._put(event.value)

    @on(CustomerList.Typed)
    def _typed_on_list(self, event: CustomerList.Typed) -> None:
        event.stop()
        self.box.take(event.character)

    def _put(self, text: str) -> None:
        fitting = min(_MOST_ROWS, max(_FEWEST_ROWS, self.app.size.height - _AROUND_LIST))
        self.recents_only = self.recents_only and not text
        self.put(text, self.filters, rows_at_once(self.meter, fitting))
        self._refresh_keys()

    # Moving and opening

    def do_previous(self) -> None:
        """Move the marker up."""
        self._step(self.driven.do_previous)

    def do_next(self) -> None:
        """Move the marker down."""
        self._step(self.driven.do_next)

    def do_page_back(self) -> None:
        """Move the marker a screenful up."""
        self._step(self.driven.do_page_back)

    def do_page_forward(self) -> None:
        """Move the marker a screenful down."""
        self._step(self.driven.do_page_forward)

    def do_first_customer(self) -> None:
        """Move the marker to the top."""
        self._step(self.driven.do_first)

    def do_last_customer(self) -> None:
        """Move the marker to the end."""
        self._step(self.driven.do_last)

    def _step(self, step: Callable[[], None]) -> None:
        meant_for_rows_to_come = self.search.fit == "old" and self.search.asking and not self._rows_are_recent
        self.ahead.step(step, now=not meant_for_rows_to_come)

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        event.stop()
        self.preview_marked()
        if not self.recents_only and self.driven.below < rows_ahead(self.meter, self.driven.size.height):
            self.fetch_more()

    @on(Input.Submitted)
    @on(LineList.Chosen)
    async def _entered(self, event: Message) -> None:
        event.stop()
        self._put(self.box.value)
        self.do_open_customer()

    @property
    def _rows_are_recent(self) -> bool:
        marked = self.driven.customer
        only_recent = self.recents_only or self.at_home
        return only_recent and marked is not None and any(row.id == marked.id for row in self.rows_at_hand())

    @property
    def holds_keys(self) -> bool:
        """Whether keys typed now are meant for the customer who is going to open."""
        return self.ahead.opens

    def do_open_customer(self) -> None:
        """Open the marked customer; where the answer to what was typed is not there yet, once it is."""
        search = self.search
        offline_match = search.failed and search.fit == "matching"
        if search.fit == "answer" or offline_match or self._rows_are_recent:
            self._open_marked()
            return
        self.ahead.open(self.driven.key)
        if search.failed:
            self.put_again()
            self.say_opening()

    def answered(self) -> None:
        """Do the moves and the opening that waited for the answer."""
        self._refresh_keys()
        if self._to_be_connected:
            self._connect()
        waited = self.ahead.opens
        if self.ahead.arrived(lambda: self.driven.key):
            self._open_marked()
        elif waited:
            self.remark(
                "The customer you marked is not among those found. Enter opens the marked one.", "warn"
            )

    def _open_marked(self) -> None:
        customer = self.driven.customer
        if customer is None:
            self.remark("Nobody was found, so there is nobody to open.")
            return
        self.keeptabs.open_customer(customer.id, customer)

    # Clearing, sorting, recents, pins

    def do_clear_search(self) -> None:
        """Break off the wait for an opening; else clear the text; else leave recents; else clear filters."""
        if self.ahead.opens:
            self.ahead.start_over()
            self.remark("Not opened.")
        elif self.box.value:
            self.box.clear()
        elif self.recents_only:
            self.do_show_recents()
        else:
            self.filters = CustomerSearch()
            self._put("")

    def do_sort_customers(self) -> None:
        """Offer every column in both directions."""
        from tui.screens.pick import PickScreen
        from tui.screens.sorting import orders

        def sort(taken: list[str] | None) -> None:
            if taken:
                self.filters = self.filters.model_copy(update={"sort": taken[0]})
                self._put(self.box.value)

        self.app.push_screen(PickScreen("Sort by", orders(SORTS), marked=self.filters.sort), sort)

    def do_filter_customers(self) -> None:
        """Offer every filter."""
        from tui.screens.filters import FiltersScreen

        def show(filters: CustomerSearch | None) -> None:
            if filters is not None:
                self.filters = filters
                self._put(self.box.value)
                self.show_counts()

        self.app.push_screen(FiltersScreen(self.filters, self.names()), show)

    def do_show_recents(self) -> None:
        """Show recent customers alone, or all again."""
        self.recents_only = not self.recents_only
        if self.recents_only:
            with self.prevent(Input.Changed):
                self.box.clear()
            self.load_recents()
            self.ahead.start_over()
        self._put("")
        self.show_rows(keep_place=False)
        self.show_counts()
        self._refresh_keys()

    def do_pin_customer(self) -> None:
        """Pin or unpin the marked customer."""
        customer, recents = self.driven.customer, self.keeptabs.desk.recents
        if customer is None:
            return
        if customer.id in self.pinned:
            recents.unpin(customer.id)
            self.remark(f"{customer.display_name} is no longer pinned.")
        else:
            recents.pin(customer.to_json())
            self.remark(
                f"{customer.display_name} is pinned: first on the list when nothing is typed.", "good"
            )
        self.load_recents()
        self.show_rows(keep_place=True)

    # The server

    @work(exclusive=True, group="connect")
    async def _connect(self) -> None:
        self._to_be_connected = False
        try:
            if not self.keeptabs.desk.service.permissions:
                await typed_ahead_done(self.app)
                await self.keeptabs.desk.connect()
        except CustomerApiError as error:
            self.post_message(self.Connected(error))
        else:
            self.post_message(self.Connected())

    @on(Connected)
    def _connected(self, event: Connected) -> None:
        event.stop()
        if event.error is not None:
            self._to_be_connected = True
            self.asking_failed(event.error, more=False)
            self.try_again_later()
            return
        self.show_title()
        self.show_rows(keep_place=True)
        self.show_counts()
        self._refresh_keys()

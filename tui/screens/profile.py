"""A customer's profile: the header, the tabs, and what every tab shares."""

from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from client.models import CustomerRow
from tui.commands import profile
from tui.forms.page import Page
from tui.screens.profile_consents import ProfileConsents
from tui.screens.profile_ending import ProfileEnding
from tui.screens.profile_facts import ProfileFacts
from tui.screens.profile_mail import ProfileMail
from tui.screens.profile_merging import ProfileMerging
from tui.screens.profile_privacy import ProfilePrivacy
from tui.screens.profile_reach import ProfileReach
from tui.screens.records import RecordsHost
from tui.services.open_customer import OpenCustomer, row_of
from tui.tabs.kinds_of_records import NOTES
from tui.tabs.records import Records
from tui.widgets.header import ProfileHeader, TabLine


class ProfileScreen(
    ProfileMerging,
    ProfilePrivacy,
    ProfileMail,
    ProfileConsents,
    ProfileFacts,
    ProfileEnding,
    ProfileReach,
):
    """One open customer. It is kept while others are in front, with what was typed."""

    OFFERS = (
        profile.BackToList,
        profile.SearchAgain,
        profile.WriteNote,
        profile.PinThisCustomer,
        profile.CloseCustomer,
    )

    DEFAULT_CSS = "ProfileScreen > Vertical { height: 1fr; }"

    def __init__(self, customer_id: str, row: CustomerRow | None = None) -> None:
        super().__init__()
        self.customer_id = customer_id
        self.row = row
        self.header = ProfileHeader()
        self.opened: OpenCustomer | None = None
        self.begin_tabs()
        self.begin_live()

    def compose_body(self) -> ComposeResult:
        """Lay out the header and the place for tabs."""
        self.header.row = self.row
        if self.row is not None and self.row.phone:
            self.header.phone = self.keeptabs.desk.formats.phone(self.row.phone)
        yield self.header
        yield TabLine()
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
        return self.opened is not None and (self.opened.form.is_dirty or self.unsaved_answers > 0)

    @property
    def holds_keys(self) -> bool:
        """Whether keys typed now are meant for a customer who is still on the way."""
        return self.awaited

    def can(self, name: str) -> bool:
        """Offer what there is something to do it to."""
        if name == "write_note":
            return self.opened is not None and self.keeptabs.desk.may("notes:write")
        if name == "undo_change" and self.takes_back is not None:
            return True
        if name in ("go_to_tab", "next_tab", "previous_tab", "reload", "pin_this_customer"):
            return self.opened is not None
        return super().can(name)

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

    def refetch(self) -> None:
        """Fetch the customer anew: it has become more."""
        self.load()

    def withdraw(self, name: str) -> None:
        """Show nothing more of a customer who is gone, or not to be shown to this person."""
        if name == "customer":
            self._show_nothing()

    def begin_anew(self) -> None:
        """Show nothing of what was shown, and ask for it under the rights that hold now."""
        self._show_nothing()
        self.load()

    def _show_nothing(self) -> None:
        for widget in self.widgets.values():
            widget.remove()
        self.opened = None
        self.begin_tabs()
        self.header.customer = self.header.row = None
        self.header.phone = ""
        self.header.redraw()
        self.query_one(TabLine).titles = ()
        self.query_one(TabLine).redraw()
        self.refresh_bindings()

    def show_age(self, words: str) -> None:
        """Say in the header how old what is shown is."""
        if words != self.header.age:
            self.header.age = words
            self.header.redraw()

    def do_write_note(self) -> None:
        """Show the form of a new note, whatever tab is in front."""
        self.edit_record(NOTES)

    def keep_draft(self) -> None:
        """Keep what is typed; `u` takes that back now, and no longer what was done to a record."""
        self.takes_back = None
        super().keep_draft()

    def do_undo_change(self) -> None:
        """Take back what was done to a record last, else a change of the customer."""
        if self.takes_back is not None:
            RecordsHost.do_undo_change(self)
        else:
            super().do_undo_change()

    def records_changed(self, records: Records[Any]) -> None:
        """Show what changed on the overview too; `u` takes back what was done last, and nothing older."""
        super().records_changed(records)
        if self.opened is not None:
            self.opened.undos.clear()
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
        self.keeptabs.leave_profile(self.name_for_switcher if self.has_unsaved else "")

    def do_close_customer(self) -> None:
        """Close the customer; what was typed stays on disk and is offered at the next visit."""
        self.keeptabs.desk.flush()
        self.keeptabs.close_customer(self.customer_id)

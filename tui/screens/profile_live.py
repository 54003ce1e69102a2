"""What others do to an open customer appears by itself; what is typed stays."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from textual import events, work
from textual.timer import Timer

from client.errors import CustomerApiError, Merged, NotFound
from client.models import CustomerDocument
from tui.screens.profile_tabs import ProfileTabs
from tui.services.open_customer import ALWAYS
from tui.services.unsent import counted
from tui.tabs.history import EventList

if TYPE_CHECKING:
    from client.models import Hint

_TOGETHER_SECONDS: Final = 0.3
"""Changes that come within so long are fetched together."""
_FOLLOWS: Final = {
    "messages": ("portal_account",),
    "rewards": ("reward_account",),
}
"""What tells of records of another kind, and is another once these have changed.

Whatever the header shows is fetched anew by itself, and with it what is in front.
"""


class ProfileLive(ProfileTabs):
    """A profile that follows its customer."""

    def begin_live(self) -> None:
        """Start without news."""
        self._news: list[Hint] = []
        self._look = False
        self._gathering: Timer | None = None

    async def received(self, document: CustomerDocument, include: Iterable[str] = ALWAYS) -> None:
        """Show what the server has, and follow it from then on."""
        first = self.opened is None
        await super().received(document, include)
        if first:
            self.keeptabs.desk.follow_changes()

    def changed_elsewhere(self, hints: "Sequence[Hint]") -> None:
        """Hear what happened to the customer; no hints at all say to look once."""
        self._news += hints
        self._look = self._look or not hints
        if self._gathering is None and self in self.app.screen_stack:
            self._gathering = self.set_timer(_TOGETHER_SECONDS, self._gathered)

    def waits_no_longer(self, saved: int) -> None:
        """Hear that edits wait no longer, and how many of them because they are saved."""
        if saved:
            self.say(f"{counted(saved)} that waited {'is' if saved == 1 else 'are'} saved.", "good")
        self.refetch_when_seen()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Fetch what changed while others were in front."""
        super().on_screen_resume(event)
        if self.opened is not None:
            self.complete_front()  # the definitions of additional fields may have been changed meanwhile
        if self._news or self._look:
            self.changed_elsewhere(())

    def _gathered(self) -> None:
        self._gathering = None
        opened = self.opened
        if opened is None:
            return
        if self.writing:
            # What is being saved would look like somebody else's change.
            self._gathering = self.set_timer(_TOGETHER_SECONDS, self._gathered)
            return
        news = [hint for hint in self._news if not _is_known(hint, opened.customer.version)]
        look, self._news, self._look = self._look, [], False
        if news or look:
            self._fetch_news({hint.kind for hint in news}, look=look)

    @work(exclusive=True, group="news")
    async def _fetch_news(self, kinds: set[str], *, look: bool) -> None:
        """Fetch what differs, without a word where nothing does or the link is down: more will come."""
        # With what came along the last time, whatever tab is in front by now: an answer without a body then.
        include, etag = self.known_state if self.known_state[1] else (self.wanted(), "")
        try:
            answer = await self.keeptabs.desk.api.customers.open_if_changed(self.customer_id, etag, include)
        except Merged as merged:
            self.failed(merged)
            return
        except NotFound:
            self.keeptabs.desk.customer_gone(self.customer_id)
            self.say("Somebody else has deleted this customer.", "warn")
            return
        except CustomerApiError:
            return
        self.reached()
        self.keeptabs.desk.link_back.reached()
        if "customers.erased" in kinds:
            self.keeptabs.desk.customer_gone(self.customer_id)
            self.forget_values()
        if answer is not None:
            self.known_state = (include, answer.etag)
            await self.received(answer.value, include)
        else:
            self.ask_history_again()
        parts = {kind.partition(".")[0].replace("-", "_") for kind in kinds}
        parts |= {other for part in parts for other in _FOLLOWS.get(part, ())}
        if look:
            # Nobody told what happened to those that came later, such as with another tab.
            parts |= self._current
        self.outdated(parts - set(include))

    def forget_values(self) -> None:
        """Read the history from its beginning: its entries no longer tell what they told."""
        for widget in self.widgets.values():
            if isinstance(widget, EventList):
                widget.ask(widget.field)


def _is_known(hint: "Hint", version: int) -> bool:
    """Say whether a change is what the profile shows already, such as one of its own."""
    of_customer = hint.kind.startswith("customers.") and hint.kind != "customers.removed"
    return of_customer and hint.version <= version

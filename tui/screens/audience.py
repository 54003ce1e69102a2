"""A marketing list: whom a channel may be used for, without those who said no, and how many those are."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from client.models import Audience, AudienceSearch, CustomerSearch
from client.models.consent import CHANNELS
from tui.commands import Command
from tui.screens.listed_customers import ListedCustomers
from tui.screens.pick import Option, PickScreen
from tui.services.search_words import filters_in_words
from tui.widgets.lines import Span

if TYPE_CHECKING:
    from tui.app import KeeptabsApp

CHANNEL_NAMES: Final = {"email": "E-mail", "post": "Post", "sms": "SMS", "push": "Push"}
_WITHOUT: Final = {"email": "e-mail address", "post": "address", "sms": "phone number"}

Ask = Callable[[str, str, str, int], Awaitable[Audience]]
"""From a channel, who of those, a cursor and a number of rows to a page. Raises CustomerApiError."""


class OnlyTheWilling(Command):
    """Show only those who said yes, or everyone who did not say no."""

    keys = "w"
    footer = "only yes"


class OtherChannel(Command):
    """Make the list for another channel."""

    keys = "c"
    footer = "channel"


class AudienceScreen(ListedCustomers):
    """The customers whom a channel may be used for, of those that a search or a report finds."""

    OFFERS = (OnlyTheWilling, OtherChannel)

    def __init__(self, ask: Ask, channel: str, order: str, among: str) -> None:
        """Take how to ask, and in words among whom."""
        super().__init__()
        self.order = order
        self._ask = ask
        self._channel = channel
        self._willing = "not_denied"
        self._among = among

    async def fetch(self, cursor: str, limit: int) -> Audience:
        """Give a page of the list."""
        return await self._ask(self._channel, self._willing, cursor, limit)

    def heading(self) -> list[Span]:
        """Say which channel, and among whom."""
        whom = " · only those who said yes" if self._willing == "granted" else ""
        among = f" · {self._among}" if self._among else ""
        return [
            Span(f"Marketing list: {CHANNEL_NAMES[self._channel]}", "title"),
            Span(f"{whom}{among}", "muted"),
        ]

    def do_only_the_willing(self) -> None:
        """Ask for the narrower list, or the wider one again."""
        self._willing = "not_denied" if self._willing == "granted" else "granted"
        self.begin()

    def do_other_channel(self) -> None:
        """Have another channel picked."""

        def take(channel: str) -> None:
            self._channel = channel
            self.begin()

        pick_channel(self.keeptabs, self._channel, take)

    def left_out(self, found: Audience) -> list[Span]:
        """Say how many said no, and how many cannot be reached."""
        write = self.keeptabs.desk.formats.number
        left_out, unreachable = found.left_out or 0, found.unreachable or 0
        spans = [
            Span(f" · {write(left_out)} left out, who said no", "warn" if left_out else "muted"),
        ]
        what = _WITHOUT.get(self._channel)
        if what is not None:
            spans.append(Span(f" · {write(unreachable)} without {_article(what)}", "muted"))
        return spans


def _article(what: str) -> str:
    return f"{'an' if what[0] in 'ae' else 'a'} {what}"


def pick_channel(app: "KeeptabsApp", marked: str, take: Callable[[str], None]) -> None:
    """Have a channel picked."""
    options = [Option(channel, name, CHANNELS[channel]) for channel, name in CHANNEL_NAMES.items()]

    def taken(channels: list[str] | None) -> None:
        if channels:
            take(channels[0])

    app.push_screen(PickScreen("Marketing list for which channel?", options, marked=marked), taken)


def make_list(app: "KeeptabsApp", question: CustomerSearch, names: dict[str, str]) -> None:
    """Have a channel picked, and show whom of those that `question` finds it may be used for."""
    words = filters_in_words(question, names)
    if question.q:
        words.insert(0, f"“{question.q}”")
    kept = question.to_json()
    kept.pop("fields", None)

    async def ask(channel: str, willing: str, cursor: str, limit: int) -> Audience:
        wanted = kept | {"channel": channel, "willing": willing, "cursor": cursor, "limit": limit}
        return (await app.desk.api.customers.audience(AudienceSearch.model_validate(wanted))).value

    def show(channel: str) -> None:
        app.push_screen(AudienceScreen(ask, channel, question.sort, " · ".join(words)))

    pick_channel(app, "email", show)

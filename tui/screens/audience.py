"""A marketing list: whom a channel may be used for, without those who said no, and how many those are."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.app import ComposeResult

from client.models import AudienceSearch, CustomerRow, CustomerSearch
from client.models.consent import CHANNELS
from tui.commands import Command
from tui.commands.customers import OpenCustomer
from tui.screens.base import AppScreen
from tui.screens.pick import Option, PickScreen
from tui.services.search_words import filters_in_words
from tui.widgets.customer_columns import Look
from tui.widgets.customer_list import ColumnHeads, CustomerList, Section
from tui.widgets.lines import LineList, Lines, Row, Span, within

if TYPE_CHECKING:
    from tui.app import KeeptabsApp

_NAMES: Final = {"email": "E-mail", "post": "Post", "sms": "SMS", "push": "Push"}
_WITHOUT: Final = {"email": "e-mail address", "post": "address", "sms": "phone number"}
_ROWS: Final = 50


class Leave(Command):
    """Go back to the list of customers."""

    keys = "escape"
    footer = "back"


class OnlyTheWilling(Command):
    """Show only those who said yes, or everyone who did not say no."""

    keys = "w"
    footer = "only yes"


class OtherChannel(Command):
    """Make the list for another channel."""

    keys = "c"
    footer = "channel"


class AudienceHead(Lines):
    """What the list is of, and who is not on it."""

    DEFAULT_CSS = "AudienceHead { height: 3; }"

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[list[Span]] = [[], []]

    def show(self, title: list[Span], counts: list[Span]) -> None:
        """Show both lines."""
        self._lines = [title, counts]
        self.redraw()

    def build(self, width: int) -> list[Row]:
        """Give both lines and a blank one."""
        return [*(Row(within([Span(" "), *line], width)) for line in self._lines), Row()]


class _Rows(CustomerList):
    takes_letters = False


class AudienceScreen(AppScreen[None]):
    """The customers whom a channel may be used for. The filters are those of the list behind."""

    OFFERS = (Leave, OpenCustomer, OnlyTheWilling, OtherChannel)

    DEFAULT_CSS = "AudienceScreen CustomerList { height: 1fr; }"

    def __init__(self, search: AudienceSearch, filters: str) -> None:
        """Take the search, and its filters in words."""
        super().__init__()
        self._search = search
        self._filters = filters
        self._rows: list[CustomerRow] = []
        self._next = ""
        self._fetching = False

    def compose_body(self) -> ComposeResult:
        """Lay out what is left out, the headings and the rows."""
        yield AudienceHead()
        yield ColumnHeads()
        yield _Rows()

    def on_mount(self) -> None:
        """Ask for the list."""
        self._list.focus()
        self._begin()

    @property
    def _list(self) -> CustomerList:
        return self.query_one(CustomerList)

    def can(self, name: str) -> bool:
        """Open only whom there is."""
        return self._list.customer is not None if name == "open_customer" else super().can(name)

    def do_leave(self) -> None:
        """Go back to the list."""
        self.dismiss(None)

    def do_only_the_willing(self) -> None:
        """Ask for the narrower list, or the wider one again."""
        willing = "not_denied" if self._search.willing == "granted" else "granted"
        self._search = self._search.model_copy(update={"willing": willing})
        self._begin()

    def do_other_channel(self) -> None:
        """Have another channel picked."""

        def take(channel: str) -> None:
            self._search = self._search.model_copy(update={"channel": channel})
            self._begin()

        pick_channel(self.keeptabs, self._search.channel, take)

    def do_open_customer(self) -> None:
        """Open the marked customer."""
        customer = self._list.customer
        if customer is not None:
            self.keeptabs.open_customer(customer.id, customer)

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.do_open_customer()

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        event.stop()
        self.refresh_bindings()
        if self._next and not self._fetching and self._list.below < self._list.size.height:
            self._more()

    def _begin(self) -> None:
        self._rows, self._next = [], ""
        self._title([Span("Counting…", "muted")])
        self._load()

    @work(exclusive=True, group="audience")
    async def _load(self) -> None:
        async with self.asking("Counting…"):
            found = (await self.keeptabs.desk.api.customers.audience(self._search)).value
            self._rows, self._next = list(found.items), found.next_cursor or ""
            self._show(keep_place=False)
            self._title(self._counts(found.total or 0, found.left_out or 0, found.unreachable or 0))

    @work(exclusive=True, group="audience")
    async def _more(self) -> None:
        self._fetching = True
        try:
            async with self.asking("Fetching more…"):
                search = self._search.model_copy(update={"cursor": self._next})
                found = (await self.keeptabs.desk.api.customers.audience(search)).value
                self._rows += found.items
                self._next = found.next_cursor or ""
                self._show(keep_place=True)
        finally:
            self._fetching = False

    def _show(self, *, keep_place: bool) -> None:
        digits = len(str(max((row.number for row in self._rows), default=0)))
        look = Look(phone=self.keeptabs.desk.formats.phone, digits=max(4, digits))
        self.query_one(ColumnHeads).show(self._search.sort, look.digits)
        self._list.show(
            [Section(tuple(self._rows))], look, keep_place=keep_place, note=["", "Nobody is on this list."]
        )

    def _title(self, counts: list[Span]) -> None:
        whom = " · only those who said yes" if self._search.willing == "granted" else ""
        among = f" · {self._filters}" if self._filters else ""
        title = [
            Span(f"Marketing list: {_NAMES[self._search.channel]}", "title"),
            Span(f"{whom}{among}", "muted"),
        ]
        self.query_one(AudienceHead).show(title, counts)

    def _counts(self, total: int, left_out: int, unreachable: int) -> list[Span]:
        write = self.keeptabs.desk.formats.number
        spans = [Span(f"{write(total)} {'customer' if total == 1 else 'customers'}", "text")]
        left = f" · {write(left_out)} left out, who said no"
        spans.append(Span(left, "warn" if left_out else "muted"))
        what = _WITHOUT.get(self._search.channel)
        if what is not None:
            spans.append(Span(f" · {write(unreachable)} without {_article(what)}", "muted"))
        return spans


def _article(what: str) -> str:
    return f"{'an' if what[0] in 'ae' else 'a'} {what}"


def pick_channel(app: "KeeptabsApp", marked: str, take: Callable[[str], None]) -> None:
    """Have a channel picked."""
    options = [Option(channel, name, CHANNELS[channel]) for channel, name in _NAMES.items()]

    def taken(channels: list[str] | None) -> None:
        if channels:
            take(channels[0])

    app.push_screen(PickScreen("Marketing list for which channel?", options, marked=marked), taken)


def make_list(app: "KeeptabsApp", question: CustomerSearch, names: dict[str, str]) -> None:
    """Have a channel picked, and show whom of those that `question` finds it may be used for."""
    words = filters_in_words(question, names)
    if question.q:
        words.insert(0, f"“{question.q}”")

    def show(channel: str) -> None:
        kept = question.to_json() | {"channel": channel, "limit": _ROWS}
        kept.pop("fields", None)
        app.push_screen(AudienceScreen(AudienceSearch.model_validate(kept), " · ".join(words)))

    pick_channel(app, "email", show)

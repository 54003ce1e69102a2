"""The Prefs tab: opt-outs, what the customer wants to hear, and the services that are not liked."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.message import Message

from client.models.base import Page as RecordPage
from client.models.consent import MARKETING, OPT_OUTS
from tui.commands import Command
from tui.forms.commands import SubmitForm
from tui.forms.part import Part
from tui.services.references import References, references_of
from tui.tabs.consents import Cell, CellLeft, CellRight, ConsentGrid, Given, how, since
from tui.tabs.kinds_of_records import DISLIKED_SERVICES
from tui.tabs.records_page import RecordsPage
from tui.tabs.records_part import records_parts
from tui.widgets.lines import LineList, Row, Span, within

if TYPE_CHECKING:
    from tui.services.desk import Desk
    from tui.services.open_customer import OpenCustomer

_CHANNELS: Final = {"email": "E-mail", "post": "Post"}


class Unsubscribe(Command):
    """Unsubscribe from marketing e-mail."""

    keys = "U"
    footer = "unsubscribe"
    permission = "consents:write"


class SubscribeAgain(Command):
    """Subscribe to marketing e-mail again."""

    keys = "R"
    footer = "subscribe again"
    permission = "consents:write"


class SaveAnswers(Command):
    """Save what the customer wants to hear."""

    keys = SubmitForm.keys
    footer = "save"
    urgent = True
    permission = "consents:write"


class OptOutsPart(Part):
    """Whether marketing by e-mail and by post is off, since when and by whom: the grid's cells, in words."""

    heading = "Opt-outs from marketing"

    def __init__(self, grid: ConsentGrid) -> None:
        self.grid = grid

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give a row for each channel that has an opt-out of its own."""
        del label_width
        if self.grid.known is None:
            return ()
        return [row for channel in OPT_OUTS for row in self._rows(channel, width)]

    def can(self, command: str, item: Hashable) -> bool:
        """Offer what the grid offers for the same cell."""
        if command == "revert_field":
            return (MARKETING, str(item)) in self.grid.changed
        return command == "switch" and self.grid.can("switch", MARKETING)

    def may(self, command: str) -> bool:
        """Say what the role allows: what it does for the grid."""
        return command in ("switch", "revert_field") and self.grid.may(command)

    def choose(self, item: Hashable) -> str:
        """Enter opts out and in again, as space does."""
        del item
        return "switch"

    def do_switch(self, item: Hashable) -> None:
        """Change the grid's cell."""
        self.grid.channel = str(item)
        self.grid.do_switch(MARKETING)

    def do_revert_field(self, item: Hashable) -> None:
        """Bring the saved answer back."""
        self.grid.channel = str(item)
        self.grid.do_revert_field(MARKETING)

    def _rows(self, channel: str, width: int) -> list[Row]:
        cell: Cell = (MARKETING, channel)
        changed = cell in self.grid.changed
        label = [Span("*" if changed else " ", "dirty"), Span(f"{_CHANNELS[channel]:<8}", "label")]
        consent = (self.grid.known or {}).get(cell)
        denied = self.grid.state(cell) == "denied"
        if changed:
            will = "Unsubscribed" if denied else "Subscribed"
            return [Row(within([*label, Span(f"{will} once it is saved", "dirty")], width), channel)]
        if consent is None:
            return [Row(within([*label, Span("No opt-out", "muted")], width), channel)]
        word = Span("UNSUBSCRIBED ", "warn") if denied else Span("Subscribed ")
        rows = [Row(within([*label, word, Span(since(consent, self.grid.formats), "muted")], width), channel)]
        said = how(consent)
        return [*rows, Row(within([Span(" " * 9), *said], width))] if said else rows


class _CellsPage(RecordsPage, commands=(CellLeft, CellRight)):
    """A page with a grid among its parts."""


class PreferencesPage(_CellsPage):
    """The page of the tab. What is to be saved goes to the screen as `Asked`."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (SaveAnswers, Unsubscribe, SubscribeAgain)

    @dataclass
    class Asked(Message):
        """A person wants these answers saved."""

        grid: ConsentGrid
        given: Given

    def __init__(
        self, opened: "OpenCustomer", grid: ConsentGrid | None, *parts: Part, references: References
    ) -> None:
        own = () if grid is None else (OptOutsPart(grid), grid)
        super().__init__(*own, *parts, references=references)
        self.opened = opened
        self.grid = grid

    def redraw(self) -> None:
        """Show the answers as they came with the customer last."""
        consents = self.opened.document.consents
        if self.grid is not None and isinstance(consents, RecordPage):
            self.grid.show(consents.items)
        super().redraw()

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        """Let the cell and what is said of it follow the marker."""
        super().on_line_list_moved(event)
        if self.grid is not None:
            self.redraw()

    def can(self, name: str) -> bool:
        """Offer to save what is changed, and what makes sense for who is subscribed or not."""
        if name in ("save_answers", "unsubscribe", "subscribe_again"):
            grid = self.grid
            if grid is None or grid.known is None or not grid.writes:
                return False
            if name == "save_answers":
                return bool(grid.changed)
            denied = grid.saved_states([_EMAIL]).get(_EMAIL) == "denied"
            return denied == (name == "subscribe_again")
        return super().can(name)

    def do_save_answers(self) -> None:
        """Save every answer that was changed, in one request."""
        if self.grid is not None:
            self.post_message(self.Asked(self.grid, self.grid.given()))

    def do_unsubscribe(self) -> None:
        """Save a no to marketing e-mail at once."""
        self._ask_for("denied")

    def do_subscribe_again(self) -> None:
        """Ask how the consent was given, and save it."""
        self._ask_for("granted")

    def _ask_for(self, state: str) -> None:
        if self.grid is not None:
            self.post_message(self.Asked(self.grid, self.grid.given({_EMAIL: state})))


_EMAIL: Final[Cell] = (MARKETING, "email")


def answers_key(customer_id: str) -> str:
    """Name the draft of answers that are chosen and not saved."""
    return f"consents/{customer_id}"


def make(opened: "OpenCustomer", desk: "Desk") -> PreferencesPage:
    """Give the tab."""
    has_grid = desk.has("consents") and desk.may("consents:read")
    grid = ConsentGrid(desk.formats, writes=desk.may("consents:write")) if has_grid else None
    draft = desk.drafts.load(answers_key(opened.customer.id))
    if grid is not None and draft is not None:
        for cell, state in draft.patch.items():
            purpose, _, channel = cell.partition("/")
            grid.changed[(purpose, channel)] = state
    parts = records_parts(desk, DISLIKED_SERVICES)
    return PreferencesPage(opened, grid, *parts, references=references_of(desk, lambda: opened.customer))

"""A page with records among its parts, which offers all that can be done to them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

from tui.commands import Command
from tui.forms.page import Page
from tui.forms.part import Part
from tui.forms.picking import References, no_references
from tui.screens.pick import Option, PickScreen
from tui.tabs.records import AddOther, OpenRecord
from tui.tabs.records_part import NO_RECORD, MoreWanted, RecordFacts, RecordsPart, one_of
from tui.widgets.lines import LineList, Row, Span


class RecordsPage(Page):
    """A page with records among its parts."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (OpenRecord, AddOther)
    PART_COMMANDS: ClassVar[tuple[type[Command], ...]] = (*Page.PART_COMMANDS, OpenRecord)

    def __init_subclass__(cls, commands: tuple[type[Command], ...] = (), **options: Any) -> None:
        if commands:
            cls.OFFERS = commands
            cls.PART_COMMANDS = (*RecordsPage.PART_COMMANDS, *commands)
        super().__init_subclass__(**options)

    @property
    def open_lists(self) -> list[RecordsPart[Any]]:
        """The lists that something can be added to, those that are not shown among them."""
        lists = [part for part in self.parts if isinstance(part, RecordsPart)]
        return [part for part in lists if part.can("add", NO_RECORD)]

    def may(self, name: str) -> bool:
        """Say whether there are several lists that this person may add to."""
        if name == "add_other":
            return sum(isinstance(part, RecordsPart) and part.may("add") for part in self.parts) > 1
        return super().may(name)

    def can(self, name: str) -> bool:
        """Offer to choose a list where there is a choice."""
        if name == "add_other":
            return not self.is_typing and len(self.open_lists) > 1
        return super().can(name)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        """Ask for more of a list before its end is reached."""
        super().on_line_list_moved(event)
        part, item = self.marked or (None, None)
        if isinstance(part, RecordsPart) and part.near_end(item):
            self.post_message(MoreWanted(part))

    def do_add_other(self) -> None:
        """Ask which list is to be added to."""
        lists = self.open_lists
        options = [Option(place, one_of(part.records.one)) for place, part in enumerate(lists)]

        def chosen(taken: list[int] | None) -> None:
            if taken:
                lists[taken[0]].act("add", NO_RECORD)

        self.app.push_screen(PickScreen("Add what?", options), chosen)


class HiddenLists(Part):
    """One line below lists that are not shown while they are empty: how to begin one."""

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give the line, where there is such a list to begin."""
        del width, label_width
        lists = self.page.open_lists if isinstance(self.page, RecordsPage) else []
        hidden = [part.records.one for part in lists if part.records.hidden_when_empty and not part.items]
        if not hidden:
            return []
        return [Row(), Row((Span(f" A adds {' or '.join(map(one_of, hidden))}.", "muted"),))]


@lru_cache(maxsize=64)
def records_page(commands: tuple[type[Command], ...]) -> type[RecordsPage]:
    """Give the kind of page that offers these commands beside the usual ones."""
    if not commands:
        return RecordsPage

    class RecordsPageWithActions(RecordsPage, commands=commands):
        """A page whose records can be acted upon."""

    return RecordsPageWithActions


def page_of(*parts: Part, references: References = no_references) -> RecordsPage:
    """Give a page of parts that offers all that can be done to the records among them."""
    kinds = [part.records for part in parts if isinstance(part, RecordsPart | RecordFacts)]
    commands = tuple(dict.fromkeys(action.command for records in kinds for action in records.actions))
    return records_page(commands)(*parts, references=references)

"""Which customers the list shows: every filter with its value in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from client.errors import CustomerApiError
from client.models import CustomerSearch
from client.models.customer_choices import STATUSES
from tui.commands import Command
from tui.screens.box import BoxScreen
from tui.screens.pick import Option, PickScreen
from tui.services.search import filtered
from tui.terminal.asking_driver import keys_held
from tui.widgets.footer import StatusLine
from tui.widgets.lines import LineList, Row, Span

if TYPE_CHECKING:
    from tui.app import KeeptabsApp


@dataclass(frozen=True, slots=True)
class Filter:
    """One member of `CustomerSearch` that narrows the list."""

    member: str
    title: str
    words: Mapping[str, str] | None = None
    """Its values in words, the usual one first; None where a reference list has them."""
    reference: str = ""
    """The reference list that its values come from."""
    several: bool = False
    by_name: bool = False
    """Whether the value is a record's name and not its id."""

    def usual(self) -> Any:
        """Give the value that filters nothing."""
        return CustomerSearch.model_fields[self.member].get_default(call_default_factory=True)


FILTERS: Final = (
    Filter("status", "Status", STATUSES, several=True),
    Filter(
        "archived",
        "Archived",
        {"no": "Left out", "yes": "Only archived customers", "any": "Among the others"},
    ),
    Filter("label", "Labels", reference="labels", several=True, by_name=True),
    Filter("branch_id", "Branch", reference="branches"),
    Filter("partner_id", "Partner", reference="partners"),
    Filter("location_id", "Location", reference="locations"),
)


class ClearFilter(Command):
    """Clear the marked filter."""

    keys = "x,delete,backspace"


class ClearAllFilters(Command):
    """Clear every filter."""

    keys = "c"


class ShowResult(Command):
    """Show the customers that are left."""

    keys = "escape,ctrl+f,f3,f2"
    in_palette = False


class _Filters(LineList):
    def __init__(self, search: CustomerSearch, names: Mapping[str, str]) -> None:
        super().__init__()
        self.search = search
        self.names = dict(names)

    def build(self, width: int) -> Sequence[Row]:
        del width
        return [self._line(filter_) for filter_ in FILTERS]

    def _line(self, filter_: Filter) -> Row:
        value = getattr(self.search, filter_.member)
        usual = value == filter_.usual()
        words = self._in_words(filter_, value)
        return Row(
            (Span(f"{filter_.title:<11}", "label"), Span(words, "muted" if usual else "text")),
            filter_.member,
        )

    def _in_words(self, filter_: Filter, value: Any) -> str:
        if value in (None, []):
            return "Any"
        if filter_.several:
            joint = " and " if filter_.by_name else " or "
            return joint.join(word if filter_.by_name else word.capitalize() for word in value)
        if filter_.words is not None:
            return filter_.words.get(value, value)
        return self.names.get(value, "One that is not known here")


class FiltersScreen(BoxScreen[CustomerSearch]):
    """A box with every filter; gives the search with what was chosen."""

    OFFERS = (ClearFilter, ClearAllFilters, ShowResult)
    AUTO_FOCUS = "_Filters"

    DEFAULT_CSS = (
        f"FiltersScreen _Filters {{ height: {len(FILTERS)}; }} FiltersScreen StatusLine {{ height: 1; }}"
    )

    @dataclass
    class Listed(Message):
        """The values of a filter are there."""

        filter_: Filter
        options: list[Option[str]]

    @dataclass
    class NotListed(Message):
        """The values of a filter could not be fetched."""

        error: CustomerApiError

    def __init__(self, search: CustomerSearch, names: Mapping[str, str]) -> None:
        super().__init__()
        self._filters = _Filters(search, names)

    def compose(self) -> ComposeResult:
        """Lay out the filters in a box."""
        box = Vertical(self._filters, StatusLine(), classes="box")
        box.border_title = Content("Filter customers")
        box.border_subtitle = Content("Enter change · x clear · c clear all · Esc show")
        yield box

    def can(self, name: str) -> bool:
        """Say what works now."""
        if name == "clear_all_filters":
            return filtered(self._filters.search)
        return super().can(name)

    def do_clear_filter(self) -> None:
        """Set the marked filter to its usual value."""
        filter_ = self._marked()
        self._set(filter_, filter_.usual())

    def do_clear_all_filters(self) -> None:
        """Set every filter to its usual value; the order stays."""
        self._filters.search = CustomerSearch(sort=self._filters.search.sort)
        self._filters.redraw()

    def do_show_result(self) -> None:
        """Close."""
        self.dismiss(self._filters.search)

    @on(LineList.Chosen)
    def _change(self, event: LineList.Chosen) -> None:
        event.stop()
        filter_ = self._marked()
        if filter_.words is None:
            self._list_reference(filter_)
            return
        named = filter_.member == "status"
        options = [
            Option(value, value.capitalize() if named else words) for value, words in filter_.words.items()
        ]
        self._offer(filter_, options)

    @work(exclusive=True, group="reference")
    async def _list_reference(self, filter_: Filter) -> None:
        desk = cast("KeeptabsApp", self.app).desk
        try:
            with keys_held(self.app):
                records = await desk.reference(filter_.reference)
        except CustomerApiError as error:
            self.post_message(self.NotListed(error))
            return
        options = [Option(record.name if filter_.by_name else record.id, record.name) for record in records]
        self.post_message(self.Listed(filter_, options))

    @on(Listed)
    def _listed(self, event: Listed) -> None:
        event.stop()
        self._filters.names |= {option.key: option.name for option in event.options}
        if self.is_current:
            self._offer(event.filter_, event.options)

    @on(NotListed)
    def _not_listed(self, event: NotListed) -> None:
        event.stop()
        self.query_one(StatusLine).say(event.error.sentence, "bad")

    def _offer(self, filter_: Filter, options: list[Option[str]]) -> None:
        value = getattr(self._filters.search, filter_.member)
        if filter_.several:
            screen = PickScreen(filter_.title, options, ticked=set(value))
            self.app.push_screen(screen, lambda taken: self._set(filter_, taken or []))
            return
        if filter_.words is None:
            options = [Option("", "Any"), *options]
        screen = PickScreen(filter_.title, options, marked=value or "")
        self.app.push_screen(screen, lambda taken: self._set(filter_, taken[0] or None) if taken else None)

    def _marked(self) -> Filter:
        return next(filter_ for filter_ in FILTERS if filter_.member == self._filters.key)

    def _set(self, filter_: Filter, value: Any) -> None:
        self._filters.search = self._filters.search.model_copy(update={filter_.member: value})
        self._filters.redraw()

"""What the list screen shows: rows under their headings, counts, filters and the link in words."""

from contextlib import suppress

from pydantic import ValidationError
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from client.errors import CustomerApiError, SignedOut
from client.models import CustomerRow, CustomerSearch
from tui.screens.marking import MarksCustomers
from tui.screens.type_ahead import TypeAhead
from tui.services import search_words as words
from tui.services.ahead import Ahead
from tui.services.search import filtered
from tui.widgets.customer_columns import Look
from tui.widgets.customer_list import ColumnHeads, CustomerList, Section
from tui.widgets.find_line import FindBox, FindCount, FindPrompt, TitleLine
from tui.widgets.footer import KeyLine
from tui.widgets.lines import Span
from tui.widgets.preview import Preview

_RECENT_ROWS = 8
_LINK_ROLES = {"online": "muted", "slow": "warn", "offline": "bad"}


class FoundCustomers(TypeAhead, MarksCustomers):
    """Shows the search as it stands, and recent customers where nothing is searched for."""

    DEFAULT_CSS = """
    FoundCustomers #find { height: 1; }
    FoundCustomers #body, FoundCustomers CustomerList { height: 1fr; }
    FoundCustomers #list { width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.filters = CustomerSearch()
        """Filters and order; what is typed is not part of it."""
        self.ahead = Ahead()
        self.recents: tuple[CustomerRow, ...] = ()
        """Pinned customers, then recently opened ones."""
        self.pinned: frozenset[str] = frozenset()
        self.recents_only = False
        self.keys_may_change = True
        """Until there are rows, or none to be expected: the foot is not painted twice within a moment."""
        self._everyone: int | None = None
        self._remarked = False
        self._digits = Look().digits
        self._link = words.LinkWords()

    def compose_body(self) -> ComposeResult:
        """Lay out title, find line, headings and list."""
        yield TitleLine()
        yield Horizontal(FindPrompt(), FindBox(), FindCount(), id="find")
        yield Horizontal(Vertical(ColumnHeads(), CustomerList(), id="list"), Preview(), id="body")

    @property
    def box(self) -> FindBox:
        """The line that is typed in."""
        return self.query_one(FindBox)

    @property
    def driven(self) -> CustomerList:
        """The list, which the arrows move while the line keeps the focus."""
        return self.query_one(CustomerList)

    @property
    def at_home(self) -> bool:
        """Whether nothing narrows or orders the list: then recent customers come first."""
        question = self.search.question
        return not question.q and not filtered(question) and question.sort == "recent"

    @property
    def filter_words(self) -> list[str]:
        """The filters and the order that hold, in words."""
        return [
            *words.filters_in_words(self.filters, self.names()),
            *words.order_in_words(self.filters.sort),
        ]

    def names(self) -> dict[str, str]:
        """Give the names of the branch, partner and location that are filtered by, where they are known."""
        chosen = (self.filters.branch_id, self.filters.partner_id, self.filters.location_id)
        known_name = self.keeptabs.desk.known_name
        return {place: name for place in chosen if place and (name := known_name(place))}

    def load_recents(self) -> None:
        """Read pinned and recently opened customers from the disk."""
        known = self.keeptabs.desk.recents.load()
        rows: dict[str, CustomerRow] = {}
        for kept in (*known.pinned, *known.opened):
            # A row that another version of the program wrote in another shape is passed over.
            with suppress(ValidationError):
                rows.setdefault(kept["id"], CustomerRow.model_validate(kept))
        self.recents = tuple(rows.values())
        self.pinned = frozenset(row["id"] for row in known.pinned)

    def rows_at_hand(self) -> list[CustomerRow]:
        """Give recent customers; where the server cannot be reached, all who were seen on this machine."""
        return [*self.recents, *self._seen_before()]

    def _seen_before(self) -> tuple[CustomerRow, ...]:
        without_link = self.search.failed or self.meter.state == "offline"
        return self.keeptabs.desk.seen_rows.rows() if without_link else ()

    def question_changed(self) -> None:
        """Forget moves; recent customers need no answer."""
        self.ahead.start_over()
        if self.at_home and self.search.fit != "answer":
            self.show_rows(keep_place=False)

    def rows_changed(self, *, new_question: bool) -> None:
        """Show rows, counts and link together, so that they are painted at once."""
        search = self.search
        if search.fit == "answer" and self.at_home and search.found.total is not None:
            self._everyone = search.found.total
        if search.fit == "answer" and self._remarked:
            self._remarked = False
            self.say("")
        self.show_rows(keep_place=not new_question or self.ahead.moved)
        self.show_counts()
        self.show_title()

    def waiting(self) -> None:
        """Say that the answer is awaited."""
        self._keys_stand()
        self.query_one(FindCount).show(words.SEARCHING, *self.filter_words)
        if self.ahead.opens:
            self.say_opening()

    def asking_failed(self, error: CustomerApiError, *, more: bool) -> None:
        """Say what went wrong and how to try again; the rows stay."""
        self._keys_stand()
        self.ahead.start_over()
        self.show_counts()
        self.show_title()
        if isinstance(error, SignedOut):
            self.failed(error)
            return
        if error.out_of_reach:
            self.keeptabs.desk.outgoing.start()
        again = "Move down to try again." if more else "Enter tries again."
        shown_anyway = self.search.fit == "matching" or (self.at_home and self.driven.customer is not None)
        if error.out_of_reach and shown_anyway and not more:
            again = "Shown are customers seen on this machine before."
        self.remark(f"{error.failed} {again}", "bad")

    def say_opening(self) -> None:
        """Say that Enter was heard."""
        self.remark("Opens as soon as the answer is here. Esc cancels.")

    def remark(self, sentence: str, role: str = "muted") -> None:
        """Say something that the next answer makes void."""
        self.say(sentence, role)
        self._remarked = True

    def show_rows(self, *, keep_place: bool) -> None:
        """Show the customers of the search, or the recent ones, or why there is nobody."""
        desk = self.keeptabs.desk
        note: list[str] = []
        if self.recents_only:
            note = ["", "No customer was opened or pinned yet."]
        elif self.search.fit == "answer":
            note = words.nobody(self.search, desk.may("customers:write"), self.filter_words)
        sections = self._sections()
        numbers = (row.number for section in sections for row in section.rows)
        self._digits = max(self._digits, len(str(max(numbers, default=0))))
        marked = self.marks.among(self.search.found.rows, self.recents)
        look = Look(self.search.needles, self.pinned, desk.formats.phone, self._digits, marked)
        self.query_one(ColumnHeads).show(self.filters.sort, self._digits)
        self.driven.show(sections, look, keep_place=keep_place, note=note)
        if note or self.driven.customer is not None:
            self._keys_stand()

    def show_counts(self) -> None:
        """Show how many were found, under which filters."""
        write = self.keeptabs.desk.formats.number
        counted = words.counted(self.search, self._everyone, write)
        told = [f"{write(len(self.recents))} recent"] if self.recents_only else [counted, *self.filter_words]
        # What is marked comes first: it is what something will be done to.
        self.query_one(FindCount).show(self.marks.words(write), *told)

    def show_title(self) -> None:
        """Show business, link and account."""
        desk = self.keeptabs.desk
        link = self._link.say(self.meter.state, self.meter.last_round_trip, frugal=self.meter.frugal)
        role = _LINK_ROLES.get(self.meter.state, "muted")
        who = desk.session.name if desk.session else ""
        self.query_one(TitleLine).show(desk.service.business, Span(link, role), who)

    def _keys_stand(self) -> None:
        if self.keys_may_change:
            self.keys_may_change = False
            self.query_one(KeyLine).redraw()

    def _sections(self) -> tuple[Section, ...]:
        found = self.search.found.rows
        if self.recents_only:
            return (Section(self.recents, "Pinned and recently opened"),)
        if not self.at_home:
            return (Section(found),)
        if self.search.fit != "answer":
            found = ()
        fresh = {row.id: row for row in found}
        recent = tuple(fresh.get(row.id, row) for row in self.recents[:_RECENT_ROWS])
        if self.search.fit != "answer" and (before := self._seen_before()):
            found, title = (*self.recents[_RECENT_ROWS:], *before), "Seen before"
        else:
            title = "Last changed"
        if not recent and title == "Last changed":
            return (Section(found),)
        shown = {row.id for row in recent}
        others = tuple({row.id: row for row in found if row.id not in shown}.values())
        return Section(recent, "Pinned and recently opened"), Section(others, title)

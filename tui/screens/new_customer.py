"""Adding a customer: only a name is required, and whoever may be the same is shown before saving."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import uuid4

from textual import events, on, work
from textual.message import Message
from textual.timer import Timer

from client.drafts import Draft
from client.errors import CustomerApiError, NotFound, Unsupported
from client.models import Customer, CustomerRow, DuplicateQuery
from client.saving import Saved
from tui.commands import Command
from tui.forms.form_screen import FormScreen
from tui.forms.state import FormState
from tui.screens.pick import Option, PickScreen
from tui.services.desk import Desk
from tui.services.new_customer import FIELDS, QuickCustomer, at_own_fields, customer_of, duplicate_query
from tui.services.outgoing import About
from tui.widgets.lines import Lines, Row, Span, within

DRAFT_KEY: Final = "customers/new"
_QUIET: Final = 0.35
_SHOWN: Final = 3


class OpenExisting(Command):
    """Open the customer who is there already, instead of adding one."""

    keys = "f4,f5"
    footer = "open existing"


class _Likely(Lines):
    """Who is there already and may be the same."""

    DEFAULT_CSS = f"_Likely {{ height: {_SHOWN + 2}; display: none; }}"

    def __init__(self, phone: Callable[[str], str]) -> None:
        super().__init__()
        self.found: Sequence[CustomerRow] = ()
        self._phone = phone

    def build(self, width: int) -> Sequence[Row]:
        if not self.found:
            return []
        rows = [Row(), Row((Span(" Likely the same customer, F4 opens instead:", "warn"),))]
        for row in self.found[:_SHOWN]:
            about = "  ".join(part for part in (self._phone(row.phone), row.email, row.city) if part)
            spans = [Span(f"   {row.number} ", "muted"), Span(row.display_name), Span(f"  {about}", "muted")]
            rows.append(Row(within(spans, width)))
        return rows


class NewCustomerScreen(FormScreen):
    """A box with a few fields. Gives what came of saving, the CustomerRow to open instead, or None."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (OpenExisting,)
    HINT_ROWS: ClassVar[int] = 1

    @dataclass
    class Compared(Message):
        """The server said who is likely the same."""

        query: DuplicateQuery
        found: list[CustomerRow]

    def __init__(self, desk: Desk, known: Mapping[str, str], draft: Draft | None = None) -> None:
        """Begin with what is `known`, or with a draft where there is one."""
        self._desk = desk
        self._base = dict(draft.base if draft is not None else known)
        state = FormState(QuickCustomer, self._base, desk.formats, new=True)
        if draft is not None:
            state.from_draft(draft.patch)
        self._likely = _Likely(desk.formats.phone)
        super().__init__(
            "New customer",
            state,
            FIELDS,
            submit=self._save,
            on_edited=self._edited_to,
            references=self._names_of,
            extra=self._likely,
        )
        self._key = draft.idempotency_key if draft is not None else uuid4().hex
        self._sent: dict[str, Any] | None = None
        self._compared: DuplicateQuery | None = None
        self._accepted: DuplicateQuery | None = None
        self._pause: Timer | None = None

    def on_mount(self) -> None:
        """Compare what is known already."""
        super().on_mount()
        self._compare_soon()

    def can(self, name: str) -> bool:
        """Say what works now."""
        if name == "open_existing":
            return bool(self._likely.found)
        return super().can(name)

    def do_open_existing(self) -> None:
        """Leave for the customer who is there already; of several, one is picked."""
        found = self._likely.found
        if len(found) == 1:
            self.dismiss(found[0])
            return
        phone = self._desk.formats.phone
        options = [Option(row.id, f"{row.number} {row.display_name}", phone(row.phone)) for row in found]

        def leave_for(taken: list[str] | None) -> None:
            if taken:
                self.dismiss(next(row for row in found if row.id == taken[0]))

        self.app.push_screen(PickScreen("Open instead", options), leave_for)

    def _edited_to(self, typed: dict[str, Any]) -> None:
        title = self.state.value.get("name", "")
        draft = Draft(key=DRAFT_KEY, title=title, base=self._base, patch=typed, idempotency_key=self._key)
        self._desk.draft_saver.keep(draft)
        self._compare_soon()

    def _compare_soon(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_QUIET, self._compare_now)

    def _compare_now(self) -> None:
        query = duplicate_query(self.state.value)
        if query is None:
            self._show_likely([])
        elif query != self._compared:
            self._compare(query)

    @work(exclusive=True, group="compare")
    async def _compare(self, query: DuplicateQuery) -> None:
        try:
            found = await self._duplicates(query)
        except CustomerApiError:
            return  # Saving asks again, and says what is wrong.
        self.post_message(self.Compared(query, found))

    @on(Compared)
    def _take_compared(self, event: Compared) -> None:
        event.stop()
        if event.query == duplicate_query(self.state.value):
            self._compared = event.query
            self._show_likely(event.found)

    async def _duplicates(self, query: DuplicateQuery) -> list[CustomerRow]:
        try:
            return (await self._desk.api.customers.duplicates(query)).value.items
        except (NotFound, Unsupported):
            return []  # A server that cannot compare lets customers be added all the same.
        except CustomerApiError as problem:
            if problem.out_of_reach:
                return []  # Without a link nobody can be compared with; whoever is the same is found later.
            raise

    def _show_likely(self, found: list[CustomerRow]) -> None:
        self._likely.found = found
        self._likely.display = bool(found)
        self._likely.styles.height = min(len(found), _SHOWN) + 2
        self._likely.redraw()
        self.share_rows()
        self.refresh_bindings()

    async def _save(self) -> Saved[Customer] | None:
        """Make the customer, once it was seen who may be the same."""
        values = self.state.value
        query = duplicate_query(values)
        if query is not None and query not in (self._compared, self._accepted):
            self.post_message(self.Compared(query, found := await self._duplicates(query)))
        else:
            found = list(self._likely.found)
        if found and query != self._accepted:
            self._accepted = query
            self.say("Somebody may be the same: look above. F2 again adds a new one.", "warn")
            return None
        body = customer_of(values)
        if self._sent not in (None, body):
            # What was refused under this key must not come back as the answer to something else.
            self._key = uuid4().hex
        self._sent = body
        try:
            title = f"new customer {body.get('display_name', '')}"
            about = About(title, draft_key=DRAFT_KEY, draft={"values": dict(values)})
            return await self._desk.outgoing.create(self._desk.api.customers, body, self._key, about)
        except CustomerApiError as refused:
            refused.errors = at_own_fields(refused.errors)
            raise

    async def _names_of(self, collection: str) -> list[tuple[str, str]]:
        return [(record.id, record.name) for record in await self._desk.reference(collection)]

    def on_unmount(self, event: events.Unmount) -> None:
        """Compare no more."""
        del event
        if self._pause is not None:
            self._pause.stop()

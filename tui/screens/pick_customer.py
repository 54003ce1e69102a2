"""Pick a customer: the server is searched while one types, and an answer that comes too late is dropped."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from textual import on, work
from textual.message import Message

from client.errors import CustomerApiError
from client.models import CustomerRow, CustomerSearch, Page
from tui.screens.pick import Option, PickScreen
from tui.services.frugal import rows_at_once
from tui.services.search import Search, debounce

if TYPE_CHECKING:
    from tui.app import KeeptabsApp
    from tui.services.desk import Desk

_ROWS: Final = 20
_HINT: Final = "Type a name, a number, a phone, an e-mail."


class PickCustomerScreen(PickScreen[str]):
    """A box with a line to type in and the customers that fit. Gives the id of the one picked, or None.

    Nothing can be picked that does not belong to what is typed: rows of an earlier question are not shown.
    """

    DEFAULT_CSS = "PickCustomerScreen _Options { min-height: 8; }"

    @dataclass
    class Answered(Message):
        """The server answered a question."""

        generation: int
        page: Page[CustomerRow]

    @dataclass
    class Failed(Message):
        """A question got an error for an answer."""

        generation: int
        error: CustomerApiError

    def __init__(
        self, title: str, *, left_out: Iterable[str] = (), likely: Sequence[CustomerRow] = ()
    ) -> None:
        """Take in `left_out` the ids of those who make no sense here, in `likely` whom to offer first."""
        super().__init__(title, ())
        self.search = Search()
        self._left_out = frozenset(left_out)
        self._likely = {row.id: row for row in likely}
        self._recent: tuple[CustomerRow, ...] = ()
        self._shown: dict[str, CustomerRow] = {}

    def on_mount(self) -> None:
        """Offer those who were open lately."""
        known = self._desk.recents.load()
        rows = [CustomerRow.model_validate(kept) for kept in (*known.pinned, *known.opened)]
        self._recent = tuple({row.id: row for row in (*self._likely.values(), *rows)}.values())
        self._show(self._recent, _HINT)

    def name_of(self, customer_id: str) -> str:
        """Give the name of somebody who was offered."""
        row = self._shown.get(customer_id)
        return row.display_name if row is not None else ""

    def narrow(self, text: str) -> None:
        """Ask the server who fits what is typed; meanwhile show whom we know."""
        if not text.strip():
            self.search = Search()
            self._show(self._recent, _HINT)
            return
        before = self.search.generation
        asking = self.search.ask(text, CustomerSearch(), rows_at_once(self._desk.meter, _ROWS))
        if self.search.generation == before:
            return
        known = self.search.fit == "answer" or self.search.narrow(self._recent)
        self._show(self.search.found.rows if known else (), "Searching…")
        if asking:
            self._ask(self.search.generation, self.search.question)

    @property
    def _desk(self) -> "Desk":
        return cast("KeeptabsApp", self.app).desk

    @work(exclusive=True, group="question")
    async def _ask(self, generation: int, question: CustomerSearch) -> None:
        api = self._desk.api
        meter = api.transport.meter
        await asyncio.sleep(debounce(meter.last_round_trip, frugal=meter.frugal))
        try:
            answer = await api.customers.search(question)
        except CustomerApiError as error:
            self.post_message(self.Failed(generation, error))
        else:
            self.post_message(self.Answered(generation, answer.value))

    @on(Answered)
    def _take_answer(self, event: Answered) -> None:
        event.stop()
        if self.search.answer(event.generation, event.page):
            self._show(self.search.found.rows, "Nobody fits.")

    @on(Failed)
    def _take_failure(self, event: Failed) -> None:
        event.stop()
        if self.search.fail(event.generation):
            self._show((), event.error.sentence)

    def _show(self, rows: Iterable[CustomerRow], note: str) -> None:
        shown = [row for row in rows if row.id not in self._left_out]
        self._shown |= {row.id: row for row in shown}
        write = self._desk.formats.phone
        options = [
            Option(
                row.id,
                row.display_name,
                "  ".join(filter(None, (self._likeness(row), *_hints(row, write(row.phone))))),
            )
            for row in shown
        ]
        self.offer(options, note)

    def _likeness(self, row: CustomerRow) -> str:
        return "may be the same" if row.id in self._likely else ""


def _hints(row: CustomerRow, phone: str) -> tuple[str, ...]:
    """Give what tells two people of one name apart."""
    standing = "archived" if row.archived else row.status if row.status in ("blocked", "inactive") else ""
    return (standing, row.city, phone, str(row.number))

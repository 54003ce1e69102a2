"""A screen that searches as one types: when to ask, what to show meanwhile, and which answers count."""

import asyncio
import sys
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.message import Message
from textual.timer import Timer

from client.errors import CustomerApiError
from client.meter import LinkMeter
from client.models import CustomerSearch
from tui.screens.base import AppScreen
from tui.services.search import SAID_AFTER, Search, debounce, patience
from tui.terminal.asking_driver import typed_ahead_done

if TYPE_CHECKING:
    from client.api import CustomerApi
    from client.models import CustomerRow, Page

_QUESTION, _MORE = "question", "more"
_FIRST_PAUSE: Final = 2.0
_LONGEST_PAUSE: Final = 60.0
_SLOW_IMPORT: Final = "client.auth.sign_in"


class TypeAhead(AppScreen[None]):
    """Keeps `search` right. Subclasses show it in `rows_changed`, `waiting` and `asking_failed`."""

    @dataclass
    class Answered(Message):
        """The server answered a question."""

        generation: int
        page: "Page[CustomerRow]"

    @dataclass
    class Continued(Message):
        """The server gave the page that begins at `cursor`."""

        generation: int
        cursor: str
        page: "Page[CustomerRow]"

    @dataclass
    class Failed(Message):
        """A question or a next page got an error for an answer."""

        generation: int
        error: CustomerApiError
        more: bool

    def __init__(self) -> None:
        super().__init__()
        self.search = Search()
        self._waits: list[Timer] = []
        self._pause = _FIRST_PAUSE

    @property
    def meter(self) -> LinkMeter:
        """How the link does."""
        return self.keeptabs.desk.meter

    async def api(self) -> "CustomerApi":
        """Give the client. Its HTTP library is slow to import: in a thread, while letters are being typed."""
        if _SLOW_IMPORT not in sys.modules:
            await typed_ahead_done(self.app)
            await asyncio.to_thread(import_module, _SLOW_IMPORT)
        return self.keeptabs.desk.api

    def rows_at_hand(self) -> "list[CustomerRow]":
        """Give customers known from elsewhere, to show those that match while an answer is awaited."""
        return []

    def question_changed(self) -> None:
        """Forget what was meant for the rows of the question before."""

    def rows_changed(self, *, new_question: bool) -> None:
        """Show `search.found`. With `new_question` the marker begins at the top again."""

    def waiting(self) -> None:
        """Say that an answer is awaited: it takes longer than people take for instant."""

    def answered(self) -> None:
        """Do what waited for the answer, which is shown."""

    def asking_failed(self, error: CustomerApiError, *, more: bool) -> None:
        """Say what went wrong, with the question or with its next page; the rows are as they were."""

    def put(self, text: str, filters: CustomerSearch, limit: int) -> None:
        """Put a question. A new one ends the wait for the one before."""
        before = self.search.generation
        asking = self.search.ask(text, filters, limit)
        if self.search.generation == before:
            return
        self._stop_waiting()
        self.question_changed()
        if self.search.fit == "answer":
            self.rows_changed(new_question=True)
        if asking:
            self._send(debounce(self.meter.last_round_trip, frugal=self.meter.frugal))
        else:
            self.answered()

    def put_again(self) -> None:
        """Put the same question once more, without delay."""
        self.search.ask_again()
        self._stop_waiting()
        self._send(0.0)

    def fetch_more(self) -> None:
        """Fetch the next page, if there is one and it is not on its way."""
        question = self.search.more()
        if question is not None:
            self._ask_for_more(self.search.generation, question)

    def _send(self, delay: float) -> None:
        generation = self.search.generation
        self._ask(generation, self.search.question, delay)
        if self.search.fit == "answer":
            return
        untouched = patience(self.meter.last_round_trip)
        if untouched:
            self._waits.append(self.set_timer(untouched, partial(self._narrow, generation)))
        else:
            self._narrow(generation)
        self._waits.append(self.set_timer(SAID_AFTER, partial(self._say_waiting, generation)))

    def _stop_waiting(self) -> None:
        self.workers.cancel_group(self, _QUESTION)
        self.workers.cancel_group(self, _MORE)
        self._end_timers()

    def _end_timers(self) -> None:
        for timer in self._waits:
            timer.stop()
        self._waits = []

    def _narrow(self, generation: int) -> None:
        awaited = generation == self.search.generation and self.search.asking
        if awaited and self.search.narrow(self.rows_at_hand()):
            self.rows_changed(new_question=True)

    def _say_waiting(self, generation: int) -> None:
        if generation != self.search.generation or not self.search.asking:
            return
        if self.search.drop_old():
            self.rows_changed(new_question=True)
        self.waiting()

    @work(exclusive=True, group=_QUESTION)
    async def _ask(self, generation: int, question: CustomerSearch, delay: float) -> None:
        await asyncio.sleep(delay)
        try:
            answer = await (await self.api()).customers.search(question)
        except CustomerApiError as error:
            self.post_message(self.Failed(generation, error, more=False))
        else:
            self.post_message(self.Answered(generation, answer.value))

    @work(exclusive=True, group=_MORE)
    async def _ask_for_more(self, generation: int, question: CustomerSearch) -> None:
        try:
            answer = await (await self.api()).customers.search(question)
        except CustomerApiError as error:
            self.post_message(self.Failed(generation, error, more=True))
        else:
            self.post_message(self.Continued(generation, question.cursor, answer.value))

    @on(Answered)
    def _take_answer(self, event: Answered) -> None:
        event.stop()
        new_question = self.search.fit != "answer"
        self.keeptabs.desk.saw(event.page.items)
        if self.search.answer(event.generation, event.page):
            self._end_timers()
            self.rows_changed(new_question=new_question)
            self.answered()

    @on(Continued)
    def _take_more(self, event: Continued) -> None:
        event.stop()
        if self.search.answer_more(event.generation, event.cursor, event.page):
            self.rows_changed(new_question=False)

    @on(Failed)
    def _take_failure(self, event: Failed) -> None:
        event.stop()
        if event.more:
            self.search.fail_more(event.generation)
            if event.generation == self.search.generation:
                self.asking_failed(event.error, more=True)
            return
        said_before = self.search.failed and not event.error.status
        if not self.search.fail(event.generation):
            return
        self._end_timers()
        if not said_before:
            self._pause = _FIRST_PAUSE
            if self.search.fit == "old":
                # No answer will come: rows at hand that match are better than those of another question.
                self.search.narrow(self.rows_at_hand())
                self.rows_changed(new_question=True)
            self.asking_failed(event.error, more=False)
        if not event.error.status:
            self.try_again_later()

    def try_again_later(self) -> None:
        """Ask once more behind, ever less often: nothing is painted until the link is back."""
        again = partial(self._ask, self.search.generation, self.search.question, 0.0)
        self._waits.append(self.set_timer(self._pause, again))
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)

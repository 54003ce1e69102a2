"""What was seen before is shown at once, marked with its age where the server is slow or out of reach."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from textual import events

from client.errors import CustomerApiError, Forbidden, NotFound, NotSeen
from tui.screens.base import SLOW_SECONDS, AppScreen

if TYPE_CHECKING:
    from client.api import CustomerApi
    from tui.forms.formats import Formats

T = TypeVar("T")


class ShowsSeen(AppScreen[None]):
    """A screen that asks for what it shows twice: this machine at once, then the server behind."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._ages: dict[str, float] = {}
        """When what is shown was so, in seconds since 1970, for what the server has not vouched for yet."""
        self._told: set[str] = set()
        """Of these, what has waited long enough for its age to be told."""
        self._awaits_link = False

    def refetch(self) -> None:
        """Fetch what is shown anew."""
        raise NotImplementedError

    def show_age(self, words: str) -> None:
        """Mark what is shown as old: `as of 10:32, 2 h ago`; empty: as current."""

    def withdraw(self, name: str) -> None:
        """Show no more what was seen before: the server says that it is gone, or not for this person."""

    async def show_current(
        self,
        name: str,
        ask: "Callable[[CustomerApi], Awaitable[T]]",
        show: Callable[[T], Awaitable[None]],
        *,
        doing: str,
        unseen: bool = True,
    ) -> bool:
        """Show what was seen here, at once and only while nothing is shown (`unseen`); then what is now.

        `ask` gives either, from the API that it is given. Gives whether the server answered.
        """
        desk = self.keeptabs.desk
        if unseen:
            seen, as_of = desk.seen_api()
            with suppress(NotSeen):
                found = await ask(seen)
                self._ages[name] = as_of()
                await show(found)
        answered = False
        late = self.set_timer(SLOW_SECONDS, lambda: self._tell_age(name))
        try:
            async with self.asking("Refreshing…" if name in self._ages else doing):
                current = await self._from_server(name, ask)
                answered = True
                self._told.discard(name)
                self._ages.pop(name, None)
                await show(current)
        finally:
            late.stop()
            self._tell_age("" if answered else name)
        if answered:
            self.reached()
            desk.link_back.reached()
        return answered

    async def _from_server(self, name: str, ask: "Callable[[CustomerApi], Awaitable[T]]") -> T:
        desk = self.keeptabs.desk
        try:
            if not desk.service.permissions:
                await desk.connect()
            return await ask(desk.api)
        except CustomerApiError as problem:
            if problem.out_of_reach:
                as_of, problem.safe = self._ages.get(name), ""
                problem.remedy = (
                    f"What you see is {age_in_words(as_of, desk.formats)}."
                    if as_of
                    else f"{NotSeen.failed} {NotSeen.remedy}"
                )
                self.wait_for_link()
            elif name in self._ages and isinstance(problem, NotFound | Forbidden):
                del self._ages[name]
                self.withdraw(name)
            raise

    def wait_for_link(self) -> None:
        """Fetch everything anew once the link is back; behind another screen, when this one comes again."""
        self._awaits_link = True
        self.keeptabs.desk.link_back.wait(self, self._link_is_back)

    def refetch_when_seen(self) -> None:
        """Fetch everything anew; behind another screen, when this one comes again."""
        if self.is_current:
            self.refetch()
        else:
            self._awaits_link = True

    def _link_is_back(self) -> None:
        if self._awaits_link and self.is_current:
            self._awaits_link = False
            self.refetch()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Ask again for what could not be had."""
        super().on_screen_resume(event)
        if self._awaits_link:
            self._awaits_link = False
            self.refetch()

    def is_old(self, name: str) -> bool:
        """Say whether what is shown under a name is of before, and the server has not vouched for it yet."""
        return name in self._ages

    def all_current(self) -> None:
        """Hear that everything shown is of now, or will be asked for before it is shown again."""
        self._ages.clear()
        self._told.clear()
        self._tell_age("")

    def _tell_age(self, name: str) -> None:
        if name in self._ages:
            self._told.add(name)
        oldest = min((self._ages[told] for told in self._told if told in self._ages), default=0.0)
        self.show_age(age_in_words(oldest, self.keeptabs.desk.formats) if oldest else "")


def age_in_words(as_of: float, formats: "Formats") -> str:
    """Say when something was so: `as of 10:32, 2 h ago`, or with the day where that was another."""
    at = datetime.fromtimestamp(as_of, UTC)
    moment, ago = formats.moment(at).removeprefix("today "), formats.ago(at)
    return f"as of {moment}" if moment.startswith(ago) else f"as of {moment}, {ago}"

"""Following what others change in the profiles that are open: one stream for the whole application.

Nothing is opened for a look: a profile must have been open for a moment. Profiles closed meanwhile cost
nothing; a profile more has the stream opened anew from where it was.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Final

from client.errors import CustomerApiError

if TYPE_CHECKING:
    from client.api import CustomerApi
    from client.live import LiveChanges
    from client.models import Hint

RESTS_SECONDS: Final = 2.0
"""So long a profile is open before its changes are followed: the lookups of a quick search come first."""


class Live:
    """Follows the open customers of one signed-in person."""

    def __init__(self, open_customers: Callable[[], Collection[str]]) -> None:
        self._open_customers = open_customers
        self.heard: Callable[[Sequence[Hint]], None] = lambda _: None
        """Takes what happened; an empty batch says to look once."""
        self._changes: LiveChanges | None = None
        self._followed: frozenset[str] = frozenset()
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False
        self.rests = False
        """Whether nobody looks; what happens meanwhile is told afterwards."""

    def look(self, api: "CustomerApi") -> None:
        """Hear that a profile was opened or closed."""
        if self._closed or self.rests:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(RESTS_SECONDS, self._begin, api)

    def rest(self) -> None:
        """Follow nothing until `rests` is taken back and somebody looks: then from where it was left."""
        self.rests = True
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def close(self) -> None:
        """Follow nothing any more."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        task, self._task, self._changes = self._task, None, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _begin(self, api: "CustomerApi") -> None:
        wanted = frozenset(self._open_customers())
        if wanted and wanted <= self._followed and self._task is not None:
            return
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._followed = wanted
        if wanted:
            self._task = asyncio.create_task(self._follow(api))

    async def _follow(self, api: "CustomerApi") -> None:
        # Behind the paint and beside the loop, like all that only some people come to need.
        from client.live import LiveChanges

        if self._changes is None:
            self._changes = LiveChanges(api.transport)
        try:
            async for hints in self._changes.follow(self._followed):
                self.heard(hints)
        except CustomerApiError:
            # The session is over; the next request of the person says so and asks to sign in.
            self._followed = frozenset()

"""An application whose screen can be locked: by a command, or because nothing was typed for a while.

While it is locked everything behind stays as it is. What is under way there, such as an upload or a save,
goes on; what it would show or close afterwards is kept until the screen is open again, in its order.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, Final, ParamSpec, TypeVar

from textual import events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.screen import Screen

from client.errors import CustomerApiError
from client.session.store import SessionStore
from tui.commands import Command, CommandHost, everywhere
from tui.services.idle import Idle
from tui.terminal.asking_driver import conceal
from tui.terminal.keys import settled

if TYPE_CHECKING:
    from tui.screens.lock import LockScreen
    from tui.services.desk import Desk

    class _Mixed(CommandHost, App[int]):
        """What it is mixed into."""
else:
    # Textual follows only the first DOMNode among the bases of a class.
    _Mixed = object

_DEAF_SECONDS: Final = 1.0
"""What comes so soon after a lock that nobody asked for was typed for what was there before."""
_SETTLE_SECONDS: Final = 1.0
_MARK_SECONDS: Final = 5.0

Given = ParamSpec("Given")
Result = TypeVar("Result")
Host = TypeVar("Host", bound="Lockable")


def once_open(
    method: Callable[Concatenate[Host, Given], None],
) -> Callable[Concatenate[Host, Given], None]:
    """Have a method of the application wait until the screen is open."""

    @wraps(method)
    def waiting(app: Host, /, *given: Given.args, **named: Given.kwargs) -> None:
        if app.locked:
            app.keep(partial(method, app, *given, **named))
        else:
            method(app, *given, **named)

    return waiting


def kept_until_open(app: App[Any], work: Callable[[], object]) -> bool:
    """Have something done once the screen is open; False where it is open, or is none that locks."""
    if isinstance(app, Lockable) and app.locked:
        app.keep(work)
        return True
    return False


class Lockable(_Mixed):
    """Locks the screen, and keeps everything else from being in front of the lock."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (everywhere.LockTheScreen,)
    desk: "Desk"

    def begin_locking(self, idle_seconds: float, hint: str = "") -> None:
        """Lock after so long without a key; never by itself with 0."""
        self.idle = Idle(idle_seconds, partial(self.lock, asked=False))
        self._hint = hint
        self._lock: LockScreen | None = None
        self._kept: list[Callable[[], object]] = []
        self._opened = asyncio.Event()
        self._deaf_until = 0.0
        self._marking: asyncio.Future[None] | None = None

    @property
    def locked(self) -> bool:
        """Whether the screen is locked."""
        return self._lock is not None

    def lock(self, *, asked: bool) -> None:
        """Show nothing any more until the password was given; drafts are written first."""
        if self.locked or not self.desk.signed_in:
            return
        from tui.screens.lock import LockScreen

        self.idle.stop()
        self.desk.flush()
        self.desk.live.rest()
        self._opened.clear()
        self._lock = LockScreen(self._hint)
        super().push_screen(self._lock)
        conceal(self, forget_keys=not asked)
        if not asked:
            self._deaf_until = asyncio.get_running_loop().time() + _DEAF_SECONDS
        self._mark(locked=True)

    def do_lock_the_screen(self) -> None:
        """Lock by the command."""
        self.lock(asked=True)

    def offers(self, name: str) -> bool:
        """Offer nothing on a locked screen: what works there it does itself."""
        return not self.locked and super().offers(name)

    def open_lock(self) -> None:
        """Show everything again, as it was left; then do what was kept."""
        if self._lock is None:
            return
        self._lock = None
        kept, self._kept = self._kept, []
        super().pop_screen()
        self._mark(locked=False)
        self.idle.start()
        self.desk.live.rests = False
        self.desk.follow_changes()
        if len(self.screen_stack) == 1:
            self.show_customers()
        self.run_worker(self._do_kept(kept))

    def drop_lock(self) -> None:
        """Forget the lock and what was kept: everything is closed, and somebody signs in or has done so."""
        self._lock = None
        self._kept = []
        self.idle.start()

    def keep(self, work: Callable[[], object]) -> None:
        """Do something as soon as the screen is open, as it would be done now."""
        self._kept.append(partial(copy_context().run, work))

    def say_on_lock(self, sentence: str) -> None:
        """Say something that tells nothing of a customer."""
        if self._lock is not None:
            # One that has only just come has no line yet.
            self._lock.call_after_refresh(self._lock.say, sentence, "accent")

    def show_customers(self) -> None:
        """Make the list of customers the first screen."""
        raise NotImplementedError

    def before_return(self) -> None:
        """Lock before anything is drawn where the process was stopped for too long: the driver calls this."""
        if self.idle.is_over:
            self.lock(asked=False)

    async def on_unmount(self) -> None:
        """Wait until it is on disk whether the screen is locked."""
        if self._marking is not None:
            await asyncio.wait([self._marking])

    async def on_event(self, event: events.Event) -> None:
        """Note that something was typed; let nothing pass that was meant for what a lock covers."""
        typed = isinstance(event, events.InputEvent | events.Paste)
        if typed and not event.is_forwarded and not self._listens():
            return
        await super().on_event(event)

    def push_screen(self, screen: Any, *given: Any, **named: Any) -> Any:
        """Show a screen in front, behind a lock once that is open."""
        if not self.locked:
            return super().push_screen(screen, *given, **named)
        self.keep(partial(self.push_screen, screen, *given, **named))
        return AwaitComplete()

    async def push_screen_wait(  # type: ignore[override]
        self, screen: Screen[Result], *, mode: str | None = None
    ) -> Result:
        """Show a screen in front and give what comes of it."""
        while self.locked:
            await self._opened.wait()
        return await super().push_screen_wait(screen, mode=mode)

    def pop_screen(self) -> AwaitComplete:
        """Take the screen in front away; never a lock."""
        if not self.locked:
            return super().pop_screen()
        self.keep(self.pop_screen)
        return AwaitComplete()

    async def _do_kept(self, kept: Sequence[Callable[[], object]]) -> None:
        """Do what was kept, each when what the one before has shown is there."""
        for work in kept:
            work()
            with suppress(TimeoutError):
                async with asyncio.timeout(_SETTLE_SECONDS):
                    await settled(self)
        if not self.locked:
            self._opened.set()

    def _listens(self) -> bool:
        if self.locked:
            return asyncio.get_running_loop().time() >= self._deaf_until
        if self.idle.used():
            return True
        self.lock(asked=False)
        if not self.locked:
            # Nobody is signed in: there is nothing to lock, and the key is for signing in.
            self.idle.start()
        return not self.locked

    def _mark(self, *, locked: bool) -> None:
        session = self.desk.session
        if session is not None:
            marking = _marked(self._marking, self.desk.store, session.name, locked=locked)
            self._marking = asyncio.ensure_future(marking)


async def _marked(
    before: "asyncio.Future[None] | None", store: SessionStore, name: str, *, locked: bool
) -> None:
    """Note on disk whether a screen is locked, after what was noted `before`."""
    if before is not None:
        await asyncio.wait([before])
    with suppress(CustomerApiError):
        await asyncio.to_thread(_mark_now, store, name, locked=locked)


def _mark_now(store: SessionStore, name: str, *, locked: bool) -> None:
    # A refresh writes the session too; both at once would lose one of them.
    with store.lock(name) as lock:
        lock.wait(_MARK_SECONDS)
        store.mark_locked(name, locked=locked)

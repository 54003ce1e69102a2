"""Settled keys: each key is delivered when the one before it has taken effect, so none goes astray."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from textual.app import App
from textual.events import Key
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widgets import Input

from tui.terminal.texts import is_text_area

LONGEST_SETTLING = 0.25
"""Seconds after which the next key is delivered in any case."""

LONGEST_START = 5.0
"""Seconds that the first key waits for the application's first screen."""

LONGEST_HOLD = 30.0
"""Seconds that an application may hold keys back."""

MOST_WAITING = 2000
"""Keys that may wait; beyond, the terminal keeps what is typed, and whoever sends it has to wait."""

AT_ONCE = 1.0
"""Seconds within which a key belongs to what was typed before it."""

_GLANCE = 0.01
_PASSES_HELD_KEYS = ("escape", "ctrl+c", "ctrl+q")


class Waiting(NamedTuple):
    """An event that is not yet delivered."""

    event: Message
    after_pause: bool
    """Whether the person had stopped typing before."""


class KeySettler:
    """Delivers input events in order, each when the one before has taken effect.

    Taken effect means: the handlers of the key, the actions it was bound to, and the first layout of
    a screen it opened are done. Workers, and so the network, are not waited for. A letter typed into
    a text needs no settling, nor does a paste.

    An application that knows that keys typed now are meant for something not yet there (a profile that
    is being fetched) has a method `holds_keys() -> bool`; while it is true, or inside a block of `held`,
    keys wait. Escape forgets them, unless it was typed in one go with them: then it is meant for what
    they open.
    """

    def __init__(self, app: App[Any], deliver: Callable[[Message], None]) -> None:
        self._app = app
        self._deliver = deliver
        self._waiting: deque[Waiting] = deque()
        self._came_at = 0.0
        self._blocks = 0
        self._just_held = False
        self._settling: asyncio.Task[None] | None = None
        self._held_since: float | None = None
        self._started = False

    def accept(self, event: Message) -> None:
        """Take an event from the terminal."""
        now = asyncio.get_running_loop().time()
        self._waiting.append(Waiting(event, now - self._came_at > AT_ONCE))
        self._came_at = now
        if self._held_since is not None:
            self._let_escape_pass()
        if not self._started:
            self._started = True
            self._settling = asyncio.create_task(self._settle(LONGEST_START))
        if self._settling is None:
            self._advance()

    @property
    def busy(self) -> bool:
        """Whether keys wait, or the last one has not taken effect."""
        return bool(self._waiting) or self._settling is not None

    @property
    def overrun(self) -> bool:
        """Whether more keys wait than anybody types: what sends them shall wait too."""
        return len(self._waiting) > MOST_WAITING

    async def calm(self) -> None:
        """Wait until no key waits to take effect, but for those that the application holds back."""
        while self._settling is not None and self._held_since is None:
            await asyncio.wait([self._settling])

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold keys back in this block: they are meant for what opens at its end."""
        self._blocks += 1
        try:
            yield
        finally:
            self._blocks -= 1

    def stop(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        if self._settling is not None:
            self._settling.cancel()
            # Stopped by a key, the process goes on reading keys later.
            self._settling = None

    def _advance(self) -> None:
        while self._waiting:
            if self._app_holds() and not self._let_escape_pass():
                self._just_held = True
                self._settling = asyncio.create_task(self._pause())
                return
            if self._just_held:
                self._just_held = False
                self._settling = asyncio.create_task(self._settle(LONGEST_SETTLING))
                return
            if not self._waiting:
                return
            event = self._waiting.popleft().event
            unsettling = isinstance(event, Key) and not self._is_typing(event)
            self._deliver(event)
            if unsettling:
                self._settling = asyncio.create_task(self._settle(LONGEST_SETTLING))
                return

    def _let_escape_pass(self) -> bool:
        """Deliver a key that ends the wait, forgetting those held before it; tell if there is one."""
        for place, (event, after_pause) in enumerate(self._waiting):
            if not isinstance(event, Key) or event.key not in _PASSES_HELD_KEYS:
                continue
            if after_pause or not place:
                for _ in range(place + 1):
                    self._waiting.popleft()
                self._deliver(event)
                return True
        return False

    def _is_typing(self, key: Key) -> bool:
        focused = self._app.focused
        return key.is_printable and (isinstance(focused, Input) or is_text_area(focused))

    def _app_holds(self) -> bool:
        holds = getattr(self._app, "holds_keys", None)
        now = asyncio.get_running_loop().time()
        if not self._blocks and (holds is None or not holds()):
            self._held_since = None
            return False
        if self._held_since is None:
            self._held_since = now
        return now - self._held_since < LONGEST_HOLD

    async def _pause(self) -> None:
        await asyncio.sleep(_GLANCE)
        self._go_on()

    async def _settle(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await settled(self._app)
        self._go_on()

    def _go_on(self) -> None:
        self._settling = None
        self._advance()


async def settled(app: App[Any]) -> None:
    """Wait until what was posted to `app` has taken effect in all that is on its screen."""
    await _processed([app])
    while True:
        before = _focus(app)
        for pump in _way_up(app):
            await _processed([pump])
        busy = [pump for pump in _on_screen(app) if pump.message_queue_size]
        await _processed(busy)
        if not busy and _focus(app) == before:
            if not _awaits_layout(app):
                return
            await asyncio.sleep(_GLANCE / 2)


def _focus(app: App[Any]) -> tuple[object, object]:
    return (app.screen_stack[-1] if app.screen_stack else None, app.focused)


def _way_up(app: App[Any]) -> Iterable[MessagePump]:
    """Give what a key passes: from the focus up to the application."""
    start = app.focused or (app.screen_stack[-1] if app.screen_stack else app)
    return list(start.ancestors_with_self)


def _on_screen(app: App[Any]) -> list[MessagePump]:
    if not app.screen_stack:
        return [app]
    return [app, *app.screen_stack[-1].walk_children(with_self=True)]


def _awaits_layout(app: App[Any]) -> bool:
    if not app.screen_stack:
        return False
    screen = app.screen_stack[-1]
    return bool(screen._layout_required or screen._callbacks)


async def _processed(pumps: Iterable[MessagePump]) -> None:
    """Wait until each of `pumps` has handled what is in its queue now."""
    loop = asyncio.get_running_loop()
    marks: list[asyncio.Future[None]] = []
    for pump in pumps:
        mark = loop.create_future()
        if pump.call_later(_reach, mark):
            marks.append(mark)
    for mark in marks:
        await mark


def _reach(mark: "asyncio.Future[None]") -> None:
    if not mark.done():
        mark.set_result(None)

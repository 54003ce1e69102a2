"""People at their desks: the application as Pilot drives it, against a real server on a real socket."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from client.session.store import Session, SessionStore
from tests.live import LiveServer
from tui.app import KeeptabsApp
from tui.options import OpenOptions
from tui.screens.pick import PickScreen
from tui.services.desk import Desk
from tui.widgets.footer import StatusLine
from tui.widgets.lines import Lines


class Person:
    """Someone who presses keys and reads the screen."""

    def __init__(self, app: KeeptabsApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys, each when the one before has taken effect."""
        for key in keys:
            await self.pilot.press(key)

    async def may(self, permission: str) -> None:
        """Wait until it is known that the person may do something, which is asked once after the start."""
        await self._until(lambda: self.app.desk.may(permission), permission, 10.0)

    async def tab(self, name: str) -> None:
        """Go to a tab of the profile by its digit, whichever that is."""
        names = [tab.name for tab in self.app.screen.tabs]  # type: ignore[attr-defined]
        await self.press(str((names.index(name) + 1) % 10))

    async def type(self, text: str) -> None:
        """Type text letter by letter."""
        names = {" ": "space", "@": "at", ".": "full_stop", "+": "plus", "-": "minus", "/": "slash"}
        await self.press(*(names.get(letter, letter) for letter in text))

    async def pick(self, words: str) -> None:
        """Open the list of the marked field and take what fits these words."""
        await self.press("enter")
        await self._until(lambda: isinstance(self.app.screen, PickScreen), "a list", 10.0)
        await self.type(words)
        await self.press("enter")

    @property
    def screen(self) -> str:
        """All that is drawn, line by line, then what stands in text boxes; the screen on top first."""
        drawn: list[str] = []
        for screen in reversed(self.app.screen_stack):
            for lines in screen.query(Lines):
                if lines.display and lines.size.height:
                    drawn += [lines.render_line(y).text.rstrip() for y in range(lines.size.height)]
            drawn += [box.value for box in screen.query(Input)] + [box.text for box in screen.query(TextArea)]
            if not screen.is_modal or screen.styles.background.a == 1:
                break
        return "\n".join(drawn)

    @property
    def status(self) -> str:
        """What the status line says."""
        return next((line.said for line in self.app.screen.query(StatusLine)), "")

    async def sees(self, text: str, seconds: float = 10.0) -> None:
        """Wait until `text` is on the screen."""
        await self._until(lambda: text in self.screen, text, seconds)

    async def sees_no(self, text: str, seconds: float = 10.0) -> None:
        """Wait until `text` is no longer on the screen."""
        await self._until(lambda: text not in self.screen, f"no {text}", seconds)

    async def _until(self, holds: Callable[[], bool], what: str, seconds: float) -> None:
        end = asyncio.get_running_loop().time() + seconds
        while not holds():
            if asyncio.get_running_loop().time() > end:
                raise AssertionError(f"{what!r} did not come. The screen:\n{self.screen}")
            await self.pilot.pause(0.02)


def cached_session(server: LiveServer, role: str = "staff") -> Session:
    """Give a session as it lies on the machine of somebody who is signed in with a role."""
    return Session(
        name=f"{role}@test",
        server=server.url,
        login=role,
        access_token=server.tokens[role],
        refresh_token="never used",
        expires_at=4e9,
        renew_at=4e9,
    )


@asynccontextmanager
async def at_desk(
    server: LiveServer,
    root: Path,
    role: str = "staff",
    size: tuple[int, int] = (80, 24),
    *,
    open_customer: str = "",
    read_only: bool = False,
    call: str = "",
    keeps: bool = True,
) -> AsyncIterator[Person]:
    """Open the application, signed in with a role, on a machine whose state lies in `root`."""
    store, session = SessionStore(root), cached_session(server, role)
    desk = Desk(store, session, root=root, environment={"LANG": "en_GB.UTF-8"}, read_only=read_only)
    desk.keeps = keeps
    app = KeeptabsApp(desk, OpenOptions(call=call))
    async with app.run_test(size=size) as pilot:
        person = Person(app, pilot)
        await person.sees("calls." if call else "Keeptabs")
        if open_customer:
            app.open_customer(open_customer)
            await person.sees("[1 ")
        yield person

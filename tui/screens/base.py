"""What every screen of the application shares."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from client.errors import CustomerApiError, SignedOut, Unreachable
from tui.commands import CommandHost
from tui.widgets.footer import KeyLine, StatusLine
from tui.widgets.lines import ROLE_CLASSES

if TYPE_CHECKING:
    from tui.app import KeeptabsApp

Result = TypeVar("Result")


SLOW_SECONDS: Final = 0.3
"""What takes longer says so on the status line."""


class AppScreen(CommandHost, Screen[Result]):
    """A screen with a status line and the keys at its foot. Subclasses give the rest in `compose_body`."""

    DEFAULT_CSS = """
    AppScreen > StatusLine, AppScreen > KeyLine { height: 1; }
    """

    AUTO_FOCUS = None
    COMPONENT_CLASSES: ClassVar[set[str]] = {*ROLE_CLASSES}

    _out_of_reach = ""
    """What the status line was told when the server was not reached."""

    @property
    def keeptabs(self) -> "KeeptabsApp":
        """The application, with its type."""
        return cast("KeeptabsApp", self.app)

    def compose(self) -> ComposeResult:
        """Put the foot below what the screen itself shows."""
        yield from self.compose_body()
        yield StatusLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Say what in the person's own files could not be used."""
        problems = getattr(self.app, "problems", [])
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            self.call_after_refresh(self.say, f"{problems[0]}{more}", "warn")
            problems.clear()

    def on_screen_suspend(self, event: events.ScreenSuspend) -> None:
        """Show nothing at the foot while another screen is in front."""
        del event
        self._show_foot(behind=True)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Show the foot again."""
        del event
        self._show_foot(behind=False)

    def _show_foot(self, *, behind: bool) -> None:
        for line in self.query(StatusLine):
            line.stand_behind(behind)
        for keys in self.query(KeyLine):
            keys.redraw()

    def compose_body(self) -> ComposeResult:
        """Give the widgets above the foot."""
        yield from ()

    @property
    def holds_keys(self) -> bool:
        """Whether keys typed now are meant for what is still on its way from the server."""
        return False

    @asynccontextmanager
    async def asking(self, what: str) -> AsyncIterator[None]:
        """Ask the server inside this block: slow answers say `what`, failures become a sentence."""
        waiting, said_before = True, self.said_now

        def say_so() -> None:
            # The timer may come late, when the answer has been told already.
            if what and waiting and self.said_now == said_before:
                self.say(what)

        slow = self.set_timer(SLOW_SECONDS, say_so)
        try:
            yield
        except CustomerApiError as error:
            self.failed(error)
        finally:
            waiting = False
            slow.stop()
            if what and self.said_now == what:
                self.say("")

    def failed(self, error: CustomerApiError) -> None:
        """Say what went wrong; where the session has ended, ask to sign in again. Drafts stay on disk."""
        if isinstance(error, SignedOut):
            self.keeptabs.desk.flush()
            self.keeptabs.show_sign_in(error.sentence)
        else:
            self.say(error.sentence, "bad")
            self._out_of_reach = error.sentence if isinstance(error, Unreachable) else ""

    def reached(self) -> None:
        """Hear that the server answers: what says otherwise is said no longer."""
        if self._out_of_reach and self.said_now == self._out_of_reach:
            self.say("The server answers again.", "good")
        self._out_of_reach = ""

    def say(self, sentence: str, role: str = "muted") -> None:
        """Show a sentence on the status line; a screen that is being taken away has none."""
        for line in self.query(StatusLine):
            line.say(sentence, role)

    @property
    def said_now(self) -> str:
        """What the status line says."""
        return next((line.said for line in self.query(StatusLine)), "")

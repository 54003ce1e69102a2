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
        self.query_one(StatusLine).stand_behind(True)
        self.query_one(KeyLine).redraw()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Show the foot again."""
        del event
        self.query_one(StatusLine).stand_behind(False)
        self.query_one(KeyLine).redraw()

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
        status = self.query_one(StatusLine)
        waiting, said_before = True, status.said

        def say_so() -> None:
            # The timer may come late, when the answer has been told already.
            if what and waiting and status.said == said_before:
                status.say(what)

        slow = self.set_timer(SLOW_SECONDS, say_so)
        try:
            yield
        except CustomerApiError as error:
            self.failed(error)
        finally:
            waiting = False
            slow.stop()
            if what and status.said == what:
                status.say("")

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
        if self._out_of_reach and self.query_one(StatusLine).said == self._out_of_reach:
            self.say("The server answers again.", "good")
        self._out_of_reach = ""

    def say(self, sentence: str, role: str = "muted") -> None:
        """Show a sentence on the status line."""
        self.query_one(StatusLine).say(sentence, role)

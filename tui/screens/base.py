"""What every screen of the application shares."""

from typing import TYPE_CHECKING, TypeVar, cast

from textual.app import ComposeResult
from textual.screen import Screen

from tui.commands import CommandHost
from tui.widgets.footer import KeyLine, StatusLine

if TYPE_CHECKING:
    from tui.app import KeeptabsApp

Result = TypeVar("Result")


class AppScreen(CommandHost, Screen[Result]):
    """A screen with a status line and the keys at its foot. Subclasses give the rest in `compose_body`."""

    DEFAULT_CSS = """
    AppScreen > StatusLine, AppScreen > KeyLine { height: 1; }
    """

    AUTO_FOCUS = None

    @property
    def keeptabs(self) -> "KeeptabsApp":
        """The application, with its type."""
        return cast("KeeptabsApp", self.app)

    def compose(self) -> ComposeResult:
        """Put the foot below what the screen itself shows."""
        yield from self.compose_body()
        yield StatusLine()
        yield KeyLine()

    def compose_body(self) -> ComposeResult:
        """Give the widgets above the foot."""
        yield from ()

    def say(self, sentence: str, role: str = "muted") -> None:
        """Show a sentence on the status line."""
        self.query_one(StatusLine).say(sentence, role)

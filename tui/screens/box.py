"""A box over a screen."""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

from tui.commands import CommandHost

Result = TypeVar("Result")


class BoxScreen(CommandHost, ModalScreen[Result]):
    """A box that closes itself and nothing else, however often and however late it is told to."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close the box with a result. A box that is closed already leaves what is behind it alone."""
        if self.app.screen is not self:
            return AwaitComplete()
        return super().dismiss(result)

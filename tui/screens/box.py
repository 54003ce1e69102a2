"""A box over a screen."""

from functools import partial
from typing import ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

from tui.commands import Command, CommandHost, everywhere
from tui.screens.locking import kept_until_open
from tui.widgets.lines import ROLE_CLASSES

Result = TypeVar("Result")


class LeaveBox(Command):
    """Close the box, as Escape does."""

    keys = "ctrl+c"
    in_palette = False


class BoxScreen(CommandHost, ModalScreen[Result]):
    """A box that closes itself and nothing else, however often and however late it is told to."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*ROLE_CLASSES}
    OFFERS: ClassVar[tuple[type[Command], ...]] = (
        LeaveBox,
        everywhere.ShowHelp,
        everywhere.Redraw,
        everywhere.Suspend,
        everywhere.Quit,
    )

    async def do_leave_box(self) -> None:
        """Do what Escape does here: Ctrl+C is what people press who want out."""
        for command in self.hosted():
            if "escape" in command.keys.split(",") and self.can(command.name()):
                await self.action_command(command.name())
                return

    def may(self, name: str) -> bool:
        """Leave it to the application whether there is a shell to go to."""
        if name != "suspend":
            return super().may(name)
        return isinstance(self.app, CommandHost) and self.app.can(name)

    async def do_show_help(self) -> None:
        """Show the keys that work in the box."""
        await self._by_application("show_help")

    async def do_redraw(self) -> None:
        """Draw the screen anew from here too."""
        await self._by_application("redraw")

    async def do_suspend(self) -> None:
        """Go to the shell from here too."""
        await self._by_application("suspend")

    async def do_quit(self) -> None:
        """Leave Keeptabs from here too; what was typed is kept."""
        await self._by_application("quit")

    async def _by_application(self, name: str) -> None:
        """Have the application do what it offers: keys in a box do not get to it."""
        await self.app.run_action(f"command('{name}')", self.app)

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close the box with a result. A box that is closed already leaves what is behind it alone."""
        if kept_until_open(self.app, partial(self.dismiss, result)):
            return AwaitComplete()
        if self.app.screen is not self:
            return AwaitComplete()
        return super().dismiss(result)

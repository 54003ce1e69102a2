"""What the application says of edits that wait: on demand, at sign-out and when it is left."""

import sys
from typing import TYPE_CHECKING

from textual.app import App

from tui.commands import CommandHost
from tui.screens.base import AppScreen
from tui.services.unsent import NEEDS_YOU, told_unsent

if TYPE_CHECKING:
    from tui.services.desk import Desk

    class _Mixed(CommandHost, App[int]):
        """What it is mixed into."""
else:
    # Textual follows only the first DOMNode among the bases of a class.
    _Mixed = object


class TellsUnsent(_Mixed):
    """The part of the application that knows of edits that wait for the link."""

    desk: "Desk"
    _asked_for: frozenset[str] = frozenset()
    """What waits for the person and not for the link."""

    def show_sign_in(self, reason: str = "") -> None:
        """Ask for name and password."""
        raise NotImplementedError

    def can(self, name: str) -> bool:
        """Offer to show what waits where something does."""
        return bool(self.desk.unsent) if name == "show_unsent" else super().can(name)

    def do_show_unsent(self) -> None:
        """Show the edits that wait for the link."""
        from tui.screens.unsent import UnsentScreen

        self.push_screen(UnsentScreen())

    async def do_sign_out(self) -> None:
        """End the session at the server and forget it here; what waits stays, and is told."""
        unsent = self.desk.unsent
        await self.desk.sign_out()
        self.show_sign_in(f"Signed out.{told_unsent(unsent, 'when you sign in again')}")

    def unsent_counted(self) -> None:
        """Tell at the foot that more or less waits, and in words that something waits for the person."""
        screen, before = self.screen, self._asked_for
        self._asked_for = frozenset(edit.name for edit in self.desk.unsent if edit.state != "waiting")
        if isinstance(screen, AppScreen):
            screen.refresh_bindings()
            if self._asked_for - before:
                screen.say(NEEDS_YOU, "warn")

    def tell_what_waits(self) -> None:
        """Say on the terminal, when the application was left, what waits; nothing where nothing does."""
        sys.stderr.write(self.unsent_at_the_end)

    @property
    def unsent_at_the_end(self) -> str:
        """What is said on the terminal when the application was left; empty where nothing waits."""
        told = told_unsent(self.desk.unsent, "at the next start").strip()
        return f"{told}\n" if told else ""

"""The locked screen: for whom it is locked and a line for the password; of customers nothing."""

import asyncio
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import on, work
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from client.errors import CustomerApiError, SignedOut, TooMany, WrongPassword
from tui.commands import Command, CommandHost, everywhere
from tui.terminal.signals import has_shell
from tui.widgets.footer import KeyLine, StatusLine, key_name, keys_of
from tui.widgets.lines import ROLE_CLASSES, Lines, Row, Span, within

if TYPE_CHECKING:
    from tui.app import KeeptabsApp

_NONE_HERE: Final = frozenset({404, 405, 409, 501})
"""How a server says that it knows no password of this person, or of anybody."""


class OpenLock(Command):
    """Open the screen with the password."""

    keys = "enter,f2"
    footer = "open"
    in_palette = False


class ClearPassword(Command):
    """Clear what is typed."""

    keys = "escape"
    in_palette = False


class SignOutLocked(Command):
    """Sign out instead; drafts are kept."""

    keys = "f6"
    footer = "sign out"
    in_palette = False


class _Words(Lines):
    DEFAULT_CSS = "_Words { height: auto; }"

    def __init__(self, *words: Span, classes: str = "") -> None:
        super().__init__(classes=classes)
        self._words = [span for span in words if span.text]
        self.styles.height = len(self._words)

    def build(self, width: int) -> Sequence[Row]:
        return [Row(within([span], width)) for span in self._words]


class _PasswordBox(Input):
    """What is typed here is shown to nobody and goes to no clipboard."""

    def action_copy(self) -> None:
        raise SkipAction

    def action_cut(self) -> None:
        raise SkipAction


class LockScreen(CommandHost, ModalScreen[None]):
    """Covers everything until the server has said that the password is right.

    A modal screen, so that no key goes past it and what is behind finds itself as it was; and opaque, so that
    nothing of it is drawn.
    """

    OFFERS: ClassVar[tuple[type[Command], ...]] = (
        OpenLock,
        ClearPassword,
        SignOutLocked,
        everywhere.Quit,
        everywhere.Redraw,
        everywhere.Suspend,
    )
    COMPONENT_CLASSES: ClassVar[set[str]] = {*ROLE_CLASSES}
    AUTO_FOCUS = "Input"

    DEFAULT_CSS = """
    LockScreen Vertical { height: 1fr; padding: 1 2; }
    LockScreen .title, LockScreen Horizontal, LockScreen StatusLine, LockScreen KeyLine { height: 1; }
    LockScreen .words, LockScreen Horizontal { margin: 0 0 1 0; }
    LockScreen .label { width: 15; height: 1; }
    LockScreen Input { width: 1fr; max-width: 60; background: $surface; }
    """

    def __init__(self, hint: str = "") -> None:
        """Tell a `hint` below the line, such as the password of a demo."""
        super().__init__()
        self._hint = hint
        self._busy = False
        self._signing_out = False

    @property
    def keeptabs(self) -> "KeeptabsApp":
        """The application, with its type."""
        return cast("KeeptabsApp", self.app)

    def compose(self) -> ComposeResult:
        """Lay out whose screen this is, the line to type in, and the foot."""
        desk = self.keeptabs.desk
        business = f" Keeptabs · {desk.service.business}" if desk.service.business else " Keeptabs"
        yield _Words(Span(business, "title"), classes="title")
        with Vertical():
            who = desk.session.name if desk.session else desk.login
            yield _Words(Span("Locked", "accent"), Span(f"for {who}"), classes="words")
            with Horizontal():
                yield _Words(Span("Password", "label"), classes="label")
                yield _PasswordBox(password=True, select_on_focus=False)
            yield _Words(Span(self._hint, "muted"))
        yield StatusLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Keep the cursor still."""
        self.box.cursor_blink = False

    @property
    def box(self) -> Input:
        """The line that is typed in."""
        return self.query_one(Input)

    def can(self, name: str) -> bool:
        """Say what works now."""
        return has_shell() if name == "suspend" else super().can(name)

    def word(self, command: type[Command]) -> str:
        """Name at the foot the way out, too."""
        return "leave" if command is everywhere.Quit else super().word(command)

    def say(self, sentence: str, role: str = "muted") -> None:
        """Show a sentence on the status line."""
        self.query_one(StatusLine).say(sentence, role)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.do_open_lock()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._signing_out = False

    def do_open_lock(self) -> None:
        """Have the server look at the password."""
        if not self.box.value:
            self.say("The password is empty.", "warn")
        elif not self._busy:
            self._busy = True
            self.say("Asking the server…")
            self._check(self.box.value)

    def do_clear_password(self) -> None:
        """Empty the line."""
        self.box.clear()

    async def do_sign_out_locked(self) -> None:
        """Say what signing out means; do it the second time."""
        if not self._signing_out:
            self._signing_out = True
            again = self._key(SignOutLocked)
            self.say(
                f"Signing out closes what is open here; drafts are kept. {again} again signs out.", "warn"
            )
            return
        self.say("Signing out…")
        await self.keeptabs.do_sign_out()

    def do_quit(self) -> None:
        """Leave; the screen is locked at the next start, too."""
        self.keeptabs.do_quit()

    def do_redraw(self) -> None:
        """Paint every cell again."""
        self.keeptabs.do_redraw()

    def do_suspend(self) -> None:
        """Go to the shell; the screen is locked when it comes back."""
        self.keeptabs.do_suspend()

    @work(exclusive=True)
    async def _check(self, password: str) -> None:
        try:
            # At the start nothing has asked for it yet, and importing it takes a moment.
            await asyncio.to_thread(import_module, "client.auth.sign_in")
            await self.keeptabs.desk.api.check_password(password)
        except CustomerApiError as error:
            self._refused(error)
            return
        finally:
            self._busy = False
        self.keeptabs.open_lock()

    def _refused(self, error: CustomerApiError) -> None:
        # Whatever went wrong: a password that stands there would open for whoever presses Enter later.
        self.box.clear()
        if isinstance(error, SignedOut):
            self.keeptabs.show_sign_in(error.sentence)
        elif isinstance(error, WrongPassword):
            self.say(error.sentence, "bad")
        elif isinstance(error, TooMany):
            self.say(error.failed, "bad")
        elif error.status in _NONE_HERE:
            self.say(
                f"The server knows no password of yours. {self._key(SignOutLocked)} signs out, "
                "then sign in as you did before. Drafts are kept.",
                "bad",
            )
        else:
            self.say(
                f"{error.failed} Only the server knows the password: try again later, leave with "
                f"{self._key(everywhere.Quit, 1)}, or sign out with {self._key(SignOutLocked)}. "
                "Drafts are kept.",
                "bad",
            )

    def _key(self, command: type[Command], place: int = 0) -> str:
        keys = keys_of(self.app, command)
        return key_name(keys[min(place, len(keys) - 1)]) if keys else command.title()

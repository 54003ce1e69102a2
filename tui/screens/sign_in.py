"""Signing in with name and password, or from another device."""

from collections.abc import Sequence
from contextlib import suppress

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input
from textual.worker import get_current_worker

from client.errors import CustomerApiError, WrongPassword
from client.models import DeviceAuthorization
from tui.commands import Command
from tui.screens.base import AppScreen
from tui.services.device_sign_in import offers_device_sign_in, sign_in_by_device
from tui.widgets.lines import Lines, Row, Span, row


class SignIn(Command):
    """Sign in."""

    keys = "f2"
    footer = "sign in"


class SignInByDevice(Command):
    """Sign in on another device, with a code."""

    keys = "f3"
    footer = "by phone or browser"


class NextField(Command):
    """Go to the next field."""

    keys = "down,tab"
    in_palette = False


class PreviousField(Command):
    """Go to the field before."""

    keys = "up,shift+tab"
    in_palette = False


class _Words(Lines):
    def __init__(self, *rows: Row, classes: str = "") -> None:
        super().__init__(classes=classes)
        self._fixed = rows

    def build(self, width: int) -> Sequence[Row]:
        del width
        return self._fixed


_FIELDS = (("server", "Server"), ("login", "Sign-in name"), ("password", "Password"))


class SignInScreen(AppScreen[None]):
    """Server, sign-in name and password; Enter goes on, and signs in at the last field.

    Where the server lets people sign in from another device, so does the screen.
    """

    OFFERS = (SignIn, SignInByDevice, NextField, PreviousField)

    DEFAULT_CSS = """
    SignInScreen > .title { height: 1; }
    SignInScreen Vertical { height: 1fr; align: left top; padding: 1 2; }
    SignInScreen Horizontal { height: 1; }
    SignInScreen .label { width: 15; height: 1; }
    SignInScreen .words { height: 2; }
    SignInScreen Input { width: 1fr; max-width: 60; background: $surface; }
    """

    def __init__(self, reason: str = "") -> None:
        super().__init__()
        self._reason = reason
        self._busy = False
        self._by_device = ""
        """The address of the server that offers it, as it was typed."""

    def compose_body(self) -> ComposeResult:
        """Lay out the fields, each behind its name."""
        yield _Words(row(Span(" Keeptabs", "title")), classes="title")
        with Vertical():
            yield _Words(row(Span("Sign in", "accent")), classes="words")
            for name, label in _FIELDS:
                with Horizontal():
                    yield _Words(row(Span(label, "label")), classes="label")
                    yield Input(id=name, password=name == "password", select_on_focus=False)

    def on_mount(self) -> None:
        """Fill in what is known and stand where typing goes on."""
        desk = self.keeptabs.desk
        known = {"server": desk.server, "login": desk.login, "password": ""}
        for field in self.query(Input):
            field.cursor_blink = False
            field.value = known[str(field.id)]
        first_empty = next(name for name, value in known.items() if not value)
        self.query_one(f"#{first_empty}", Input).focus()
        reason = self._reason or desk.trouble
        if reason:
            self.say(reason, "warn")
        self._look_for_ways(known["server"])

    def can(self, name: str) -> bool:
        """Offer the other device where this server does."""
        if name == "sign_in_by_device":
            return bool(self._by_device) and self._server.value == self._by_device
        return super().can(name)

    @property
    def _server(self) -> Input:
        return self.query_one("#server", Input)

    @on(Input.Blurred, "#server")
    def _server_typed(self) -> None:
        self._look_for_ways(self._server.value)

    @on(Input.Changed, "#server")
    def _server_changed(self) -> None:
        self.refresh_bindings()

    @work(exclusive=True, group="ways")
    async def _look_for_ways(self, server: str) -> None:
        """Find out how this server lets people in. Whatever goes wrong is said when somebody signs in."""
        if not server.strip() or server == self._by_device:
            return
        with suppress(CustomerApiError):
            if await offers_device_sign_in(self.keeptabs.desk, server):
                self._by_device = server
                self.refresh_bindings()

    def do_next_field(self) -> None:
        """Move the focus on."""
        self._go(1)

    def do_previous_field(self) -> None:
        """Move the focus back."""
        self._go(-1)

    def _go(self, by: int) -> None:
        """Move to another field, at the edges to none: what is typed next must not land far away."""
        fields = list(self.query(Input))
        at = next((place for place, field in enumerate(fields) if field.has_focus), 0)
        fields[max(0, min(at + by, len(fields) - 1))].focus()

    def do_sign_in(self) -> None:
        """Send name and password."""
        values = {str(field.id): field.value for field in self.query(Input)}
        missing = next((name for name, value in values.items() if not value.strip()), None)
        if missing is not None:
            self.query_one(f"#{missing}", Input).focus()
            self.say(f"{dict(_FIELDS)[missing]} is empty.", "bad")
        elif not self._busy:
            self._busy = True
            self.say("Signing in…")
            self._sign_in(values["server"], values["login"].strip(), values["password"])

    def do_sign_in_by_device(self) -> None:
        """Ask for a code and show it."""
        if not self._busy:
            self._busy = True
            self.say("Asking for a code…")
            self._sign_in_by_device(self._by_device)

    @work(exclusive=True, group="device")
    async def _sign_in_by_device(self, server: str) -> None:
        from tui.screens.device_code import DeviceCodeScreen

        waiting, terminal = get_current_worker(), self.keeptabs.options.terminal
        shown: list[DeviceCodeScreen] = []

        def show(begun: DeviceAuthorization) -> None:
            self.say("")
            blocks, colours = (True, True) if terminal is None else (terminal.utf8, terminal.colours > 0)
            shown.append(DeviceCodeScreen(begun, blocks=blocks, colours=colours))
            self.app.push_screen(shown[0], lambda _: waiting.cancel())

        try:
            await sign_in_by_device(self.keeptabs.desk, server, show)
        except CustomerApiError as error:
            for screen in shown:
                screen.dismiss(None)
            self.say(error.sentence, "bad")
            return
        finally:
            self._busy = False
        self.keeptabs.show_customers()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "password":
            self.do_sign_in()
        else:
            self.focus_next(Input)

    @work(exclusive=True)
    async def _sign_in(self, server: str, login: str, password: str) -> None:
        try:
            await self.keeptabs.desk.sign_in(server, login, password)
        except CustomerApiError as error:
            self.say(error.sentence, "bad")
            if isinstance(error, WrongPassword):
                # What is typed next is the whole password, not the rest of the wrong one.
                field = self.query_one("#password", Input)
                field.value = ""
                field.focus()
            return
        finally:
            self._busy = False
        self.keeptabs.show_customers()

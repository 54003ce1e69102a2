"""Signing in with name and password; the device flow gets its place beside the password."""

from collections.abc import Sequence

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from client.errors import CustomerApiError, WrongPassword
from tui.commands import Command
from tui.screens.base import AppScreen
from tui.widgets.lines import Lines, Row, Span, row


class SignIn(Command):
    """Sign in."""

    keys = "f2"
    footer = "sign in"


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
    """Server, sign-in name and password; Enter goes on, and signs in at the last field."""

    OFFERS = (SignIn, NextField, PreviousField)

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

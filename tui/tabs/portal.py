"""The customer's account in the portal, as a part of the Contact tab: what is set, and the ways to set it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.message import Message

from client.models import PortalAccount
from tui.commands import Command
from tui.forms.part import EMPTY, Part, labelled
from tui.widgets.lines import Row, Span

if TYPE_CHECKING:
    from tui.services.desk import Desk
    from tui.services.open_customer import OpenCustomer


class GeneratePassword(Command):
    """Make up a password for the portal and show it once."""

    keys = "g"
    footer = "new password"
    permission = "portal-account:write"


class Confirm(Command):
    """Send the e-mail by which the customer confirms the account."""

    keys = "c"
    footer = "send confirmation"
    permission = "portal-account:write"


COMMANDS: Final = (GeneratePassword, Confirm)

_CONFIRMATIONS: Final = {
    "": ("not sent", "muted"),
    "queued": ("waits to be sent", "accent"),
    "sending": ("is going out", "accent"),
    "failed": ("could not be sent: see the messages", "bad"),
}
_LABELS: Final = ("Login", "Password", "Confirmation", "Last sign-in")


class PortalPart(Part):
    """Login, password, confirmation; everything that changes them is asked of the screen, as `Wanted`."""

    heading = "Portal account"
    include = "portal_account"

    @dataclass
    class Wanted(Message):
        """A person wants something done with the account."""

        verb: str
        about: Hashable = "login"
        """The row it was wanted on: `login`, `password` and so on."""

    def __init__(self, opened: "OpenCustomer", desk: "Desk") -> None:
        self._opened = opened
        self._formats = desk.formats
        self._may_write = desk.may("portal-account:write")
        self._may_remove = desk.may("portal-account:delete")

    @property
    def account(self) -> PortalAccount | None:
        """The account, None where there is none."""
        return self._opened.document.portal_account

    @property
    def label_width(self) -> int:
        """The widest label."""
        return max(map(len, _LABELS))

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give a row for each thing to know, or how to begin."""
        account = self.account
        if account is None:
            how = " e makes one, c sends an e-mail that does." if self._may_write else ""
            return [Row((Span(f" The customer has none.{how}", "muted"),), "account")]
        entered = account.last_sign_in_at
        values = (
            [Span(account.login), *([Span("  closed to this customer", "bad")] if account.disabled else [])],
            [self._password(account)],
            [self._confirmation(account)],
            [Span(self._formats.ago(entered)) if entered else Span(EMPTY, "muted")],
        )
        return [
            labelled(label, value, width, label_width, key=label.lower())
            for label, value in zip(_LABELS, values, strict=True)
        ]

    def can(self, command: str, item: Hashable) -> bool:
        """Offer what the role allows and what there is something to do it to."""
        if command == "copy_field":
            return self.account is not None and item == "login"
        if command == "remove":
            return self._may_remove and self.account is not None
        return self._may_write and (
            command in ("edit", "confirm") or (command == "generate_password" and self.account is not None)
        )

    def may(self, command: str) -> bool:
        """Say what the role allows."""
        allowed = self._may_remove if command == "remove" else self._may_write
        return command == "copy_field" or (
            allowed and command in ("edit", "remove", "confirm", "generate_password")
        )

    def act(self, command: str, item: Hashable) -> object:
        """Ask the screen for it."""
        if command == "copy_field" and self.account is not None:
            self.page.post_message(self.page.CopyAsked(self.page, self.account.login, "Login"))
        else:
            self.page.post_message(self.Wanted(command, item))
        return None

    def choose(self, item: Hashable) -> str:
        """Enter edits, but on the confirmation it sends one."""
        return "confirm" if item == "confirmation" else "edit"

    def _password(self, account: PortalAccount) -> Span:
        if account.password_set_at is None:
            return Span("none: the customer cannot sign in", "warn")
        return Span(f"set {self._formats.ago(account.password_set_at)}; the server keeps only a hash of it")

    def _confirmation(self, account: PortalAccount) -> Span:
        if account.confirmed_at is not None:
            return Span(f"confirmed {self._formats.moment(account.confirmed_at)}", "good")
        if account.confirmation_sent_at is not None and account.confirmation == "sent":
            return Span(f"sent {self._formats.moment(account.confirmation_sent_at)}, not confirmed yet")
        return Span(*_CONFIRMATIONS.get(account.confirmation, (account.confirmation, "text")))


def portal(opened: "OpenCustomer", desk: "Desk") -> list[Part]:
    """Give the part, where this server and this person have it."""
    there = desk.has("portal_account") and desk.may("portal-account:read")
    return [PortalPart(opened, desk)] if there else []

"""Reaching a customer from the profile: copy, dial, write."""

import webbrowser
from typing import TYPE_CHECKING, ClassVar

from textual import work

from tui.commands import Command, profile
from tui.screens.base import AppScreen
from tui.screens.plain import PlainScreen

if TYPE_CHECKING:
    from tui.services.open_customer import OpenCustomer


class ProfileReach(AppScreen[None]):
    """The commands that hand what stands on the screen to something outside."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (
        profile.CopyWhole,
        profile.ShowPlainText,
        profile.Dial,
        profile.WriteMail,
    )

    opened: "OpenCustomer | None"

    def can(self, name: str) -> bool:
        """Offer dialling and writing where there is a number or an address."""
        if name == "dial":
            return bool(self._phone)
        if name == "write_mail":
            return bool(self._email)
        if name in ("copy_whole", "show_plain_text"):
            return self.opened is not None
        return super().can(name)

    def do_copy_whole(self) -> None:
        """Copy a card of the customer, one line each for name, phone, e-mail and address."""
        if self.opened is not None:
            self.app.copy_to_clipboard(self.opened.card())

    def do_show_plain_text(self) -> None:
        """Show the card of the customer on an empty screen."""
        if self.opened is not None:
            self.app.push_screen(PlainScreen(self.opened.card()))

    def do_dial(self) -> None:
        """Hand the number to the telephone program of this machine, or else to the clipboard."""
        self._hand_over(f"tel:{self._phone}", self._phone)

    def do_write_mail(self) -> None:
        """Hand the address to the mail program of this machine, or else to the clipboard."""
        self._hand_over(f"mailto:{self._email}", self._email)

    @property
    def _phone(self) -> str:
        phones = self.opened.customer.phones if self.opened else []
        return next((phone.number for phone in phones if phone.is_primary), "")

    @property
    def _email(self) -> str:
        emails = self.opened.customer.emails if self.opened else []
        return next((email.address for email in emails if email.is_primary), "")

    @work(thread=True, exclusive=True, group="reach")
    def _hand_over(self, link: str, text: str) -> None:
        if self.keeptabs.desk.has_desktop and webbrowser.open(link):
            self.app.call_from_thread(self.say, f"Handed over: {link}")
        else:
            # Over SSH no program of the person's own desktop can be started.
            self.app.call_from_thread(self.app.copy_to_clipboard, text)

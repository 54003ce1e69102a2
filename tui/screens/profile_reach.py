"""Reaching a customer from the profile: copy, dial, write."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from tui.commands import Command, profile
from tui.forms.items_part import ItemsPart
from tui.forms.page import Page
from tui.screens.handing import HandsOver
from tui.screens.plain import PlainScreen

if TYPE_CHECKING:
    from tui.services.open_customer import OpenCustomer


class ProfileReach(HandsOver):
    """The commands that hand what stands on the screen to something outside."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (
        profile.CopyWhole,
        profile.ShowPlainText,
        profile.Dial,
        profile.WriteMail,
        profile.ReadBack,
        profile.ShowMap,
    )

    opened: "OpenCustomer | None"

    def can(self, name: str) -> bool:
        """Offer dialling and writing where there is a number or an address."""
        if name == "dial":
            return bool(self._phone)
        if name == "write_mail":
            return bool(self._email)
        if name == "show_map":
            return self._address is not None
        if name in ("copy_whole", "show_plain_text", "read_back"):
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
        self.hand_over(f"tel:{self._phone}", self._phone)

    def do_write_mail(self) -> None:
        """Hand the address to the mail program of this machine, or else to the clipboard."""
        self.hand_over(f"mailto:{self._email}", self._email)

    def do_read_back(self) -> None:
        """Spell what a caller asks for or wants to hear confirmed."""
        from tui.screens.read_back import ReadBackScreen, spellable

        if self.opened is None:
            return
        formats, terminal = self.keeptabs.desk.formats, self.keeptabs.options.terminal
        things = spellable(self.opened.customer, formats)
        blocks = terminal is None or terminal.utf8
        self.app.push_screen(ReadBackScreen(things, formats.dates, blocks=blocks))

    def do_show_map(self) -> None:
        """Show where the address is."""
        from tui.screens.map import MapScreen

        if self._address is not None:
            self.app.push_screen(MapScreen(self._address, self.keeptabs.desk.formats))

    @property
    def _phone(self) -> str:
        phones = self.opened.customer.phones if self.opened else []
        return next((phone.number for phone in phones if phone.is_primary), "")

    @property
    def _email(self) -> str:
        emails = self.opened.customer.emails if self.opened else []
        return next((email.address for email in emails if email.is_primary), "")

    @property
    def _address(self) -> Mapping[str, Any] | None:
        """The address that is marked, else the primary one, as it stands in the form."""
        if self.opened is None:
            return None
        addresses = self.opened.form.items("addresses")
        marked = self.focused.marked if isinstance(self.focused, Page) else None
        if marked is not None and isinstance(marked[0], ItemsPart) and marked[0].name == "addresses":
            place = marked[1]
            if isinstance(place, int) and 0 <= place < len(addresses):
                return addresses[place]
        primary = (address for address in addresses if address.get("is_primary"))
        return next(primary, addresses[0] if addresses else None)

"""Ending a customer's record from the profile: archive, take back, delete for good."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import work

from tui.commands import Command, profile
from tui.screens.base import AppScreen
from tui.screens.confirm import ConfirmScreen

if TYPE_CHECKING:
    from tui.services.open_customer import OpenCustomer


class ProfileEnding(AppScreen[None]):
    """The commands that put a customer aside, or away for good."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (profile.ArchiveCustomer, profile.DeleteCustomer)

    customer_id: str
    opened: "OpenCustomer | None"
    writing: bool
    takes_back: Callable[[], object] | None

    def refresh_profile(self) -> None:
        """Draw what is open as it is now."""
        raise NotImplementedError

    def can(self, name: str) -> bool:
        """Offer what the role allows, while nothing else is being written."""
        if name in ("archive_customer", "delete_customer"):
            permission = "customers:write" if name == "archive_customer" else "customers:delete"
            return self.opened is not None and not self.writing and self.keeptabs.desk.may(permission)
        return super().can(name)

    @work(exclusive=True, group="write")
    async def do_archive_customer(self) -> None:
        """Archive the customer, or take it back."""
        opened = self.opened
        if opened is None:
            return
        async with self.asking("Asking…"):
            customers = self.keeptabs.desk.api.customers
            archived = opened.customer.archived_at is not None
            act = customers.unarchive if archived else customers.archive
            opened.replaced((await act(self.customer_id)).value)
            self.takes_back = None if archived else self.do_archive_customer
            self.refresh_profile()
            if archived:
                self.say("Back from the archive.")
            else:
                self.say("Archived: nothing is lost, sign-in is disabled. u takes it back.")

    @work(exclusive=True, group="write")
    async def do_delete_customer(self) -> None:
        """Delete the customer after its number was typed; say the way to it where that may not be yet."""
        opened = self.opened
        if opened is None:
            return
        customer = opened.customer
        if customer.status != "inactive" and customer.archived_at is None:
            self.say(
                "Only an inactive or archived customer can be deleted: press s and set it inactive.", "warn"
            )
            return
        sentences = [
            f"This deletes {customer.display_name} with all notes and the history, for good.",
            "Archiving instead keeps everything and only closes the access.",
        ]
        if self.keeptabs.desk.has("payments"):
            sentences[0] += " The payment provider forgets the cards."
        question = ConfirmScreen(f"Delete customer {customer.number}?", sentences, str(customer.number))
        if not await self.app.push_screen_wait(question):
            return
        async with self.asking("Deleting…"):
            desk = self.keeptabs.desk
            await desk.api.customers.delete(self.customer_id, version=customer.version)
            desk.draft_saver.discard(f"customers/{self.customer_id}")
            desk.customer_gone(self.customer_id)
            self.keeptabs.close_customer(self.customer_id)
            if isinstance(self.app.screen, AppScreen):
                self.app.screen.say(f"Deleted {customer.number} {customer.display_name}.", "good")

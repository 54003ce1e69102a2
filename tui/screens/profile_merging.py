"""Merging the customer of a profile with another one, and following one who was merged elsewhere."""

from typing import TYPE_CHECKING, ClassVar

from textual import work

from client.errors import CustomerApiError, Merged
from tui.commands import Command, profile
from tui.screens.merging import MergesCustomers, likely_same
from tui.screens.pick_customer import PickCustomerScreen
from tui.services.merging import follow
from tui.services.open_customer import row_of

if TYPE_CHECKING:
    from client.models import Customer
    from tui.services.open_customer import OpenCustomer


class ProfileMerging(MergesCustomers):
    """The command that merges, and what happens where somebody else has merged."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (profile.MergeCustomer,)

    customer_id: str
    opened: "OpenCustomer | None"
    writing: bool

    def can(self, name: str) -> bool:
        """Offer it while nothing else is being written."""
        if name == "merge_customer":
            return self.opened is not None and not self.writing
        return super().can(name)

    @work(exclusive=True, group="merge")
    async def do_merge_customer(self) -> None:
        """Ask with whom, compare both, merge; the one who is left is shown."""
        opened = self.opened
        if opened is None:
            return
        if opened.form.is_dirty:
            self.say("Save what you changed first (F2), or undo it (u).", "warn")
            return
        likely = await likely_same(self, opened.customer)
        box = PickCustomerScreen(
            f"Merge {opened.customer.number} with", left_out=[self.customer_id], likely=likely
        )
        taken = await self.app.push_screen_wait(box)
        if not taken:
            return
        left = await self.merge_pair(self.customer_id, taken[0])
        if left is not None:
            gone = taken[0] if left.id == self.customer_id else self.customer_id
            self._merged(gone, left)

    def _merged(self, gone: str, left: "Customer") -> None:
        app = self.keeptabs
        if left.id == self.customer_id:
            app.close_customer(gone)
            self.refetch()
            self.say(f"Merged. {left.number} {left.display_name} has everything of both.", "good")
        else:
            self._shown_instead(gone, left, f"Merged into {left.number} {left.display_name}.")

    def _shown_instead(self, gone: str, left: "Customer", sentence: str) -> None:
        app = self.keeptabs
        shown = app.desk.open_profiles.get(left.id)
        app.open_customer(left.id, row_of(left))
        if isinstance(shown, ProfileMerging):
            shown.refetch()
        front = app.desk.open_profiles[left.id]
        front.call_after_refresh(front.say, sentence, "good")
        app.close_customer(gone)

    def refetch(self) -> None:
        """Fetch what is shown anew."""
        raise NotImplementedError

    def failed(self, error: CustomerApiError) -> None:
        """Go on to the customer whose record has taken the place of this one; say anything else."""
        if isinstance(error, Merged) and error.customer_id:
            self._follow(error.customer_id)
        else:
            super().failed(error)

    @work(exclusive=True, group="follow")
    async def _follow(self, customer_id: str) -> None:
        desk, left = self.keeptabs.desk, None
        async with self.asking("Opening…"):
            left = (await desk.api.customers.get(customer_id)).value
        if left is not None:
            follow(desk, self.customer_id, row_of(left))
            sentence = f"This record was merged into {left.number} {left.display_name}."
            self._shown_instead(self.customer_id, left, sentence)

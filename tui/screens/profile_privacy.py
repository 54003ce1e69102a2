"""What the law gives a customer, from the profile: everything that is held as files, and erasure."""

from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field
from textual import work

from client.models.base import Model, Page, Record
from client.models.kinds import Line
from tui.commands import Command, profile
from tui.forms.form_screen import FormScreen
from tui.forms.state import FormState
from tui.screens.confirm import ConfirmScreen
from tui.screens.profile_live import ProfileLive
from tui.screens.transfer import TransferScreen

_RIGHTS = {"export_personal_data": "personal-data:read", "erase_personal_data": "personal-data:delete"}


class _Where(Model):
    """Where files go."""

    folder: Annotated[str, Line(max_length=500, required=True), Field(title="Folder")]
    """A folder of this machine; it is made where it is not there. Only you can read the files."""


class ProfilePrivacy(ProfileLive):
    """The commands that export and erase what is known of a person."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (profile.ExportPersonalData, profile.ErasePersonalData)

    def can(self, name: str) -> bool:
        """Offer what the server has and the role allows, while nothing else is being written."""
        if name not in _RIGHTS:
            return super().can(name)
        desk = self.keeptabs.desk
        may = desk.has("personal_data") and desk.may(_RIGHTS[name])
        return may and self.opened is not None and not self.writing

    @work(exclusive=True, group="privacy")
    async def do_export_personal_data(self) -> None:
        """Ask for a folder and write everything that is held into two files there."""
        from tui.services.personal_data import export

        opened, desk = self.opened, self.keeptabs.desk
        if opened is None:
            return
        state = FormState(_Where, {"folder": str(desk.downloads_to)}, desk.formats, new=True)
        typed = await self.app.push_screen_wait(
            FormScreen("Export personal data", state, ("folder",), verb="export")
        )
        if not typed:
            return
        folder = Path(state.value["folder"])
        box = TransferScreen(
            "Exporting personal data",
            lambda progress: export(
                desk.api, opened.customer, folder, desk.formats, self.references, progress
            ),
            unit="steps",
            stopped="Stopped. Nothing was written.",
        )
        paths = await self.app.push_screen_wait(box)
        if paths is None:
            self.say(box.trouble, "bad")
        else:
            self.say(f"Only you can read {' and '.join(map(str, paths))}.", "good")

    @work(exclusive=True, group="privacy")
    async def do_erase_personal_data(self) -> None:
        """Erase the person after the number was typed; say the way to it where that may not be yet."""
        opened, desk = self.opened, self.keeptabs.desk
        if opened is None:
            return
        customer = opened.customer
        if customer.status != "inactive" and customer.archived_at is None:
            self.say(
                "Only an inactive or archived customer can be erased: press s and set it inactive.", "warn"
            )
            return
        goes = (
            f"The name, contact data, notes, documents and messages of {customer.display_name} go, for good."
        )
        stays = f"Invoices and payments stay, as those of customer {customer.number}."
        history = "The history keeps who did what when, and no value."
        if desk.has("payments"):
            stays += " The payment provider forgets the cards; where it does not answer, nothing is done."
        number = str(customer.number)
        question = ConfirmScreen(f"Erase customer {number}?", [goes, stays, history], number)
        if not await self.app.push_screen_wait(question):
            return
        async with self.asking("Erasing…"):
            answer = await desk.api.customers.erase(
                self.customer_id, customer.number, version=customer.version
            )
            self._forget()
            opened.form.rebase(answer.value.to_json())
            opened.replaced(answer.value)
            opened.undos.clear()
            self.takes_back = None
            self.forget_values()
            self.load()
            self.say(f"Erased. The books know {answer.value.display_name}.", "good")

    def _forget(self) -> None:
        """Take what this machine kept of the person: drafts of the customer and its records, the lists."""
        opened, desk = self.opened, self.keeptabs.desk
        desk.customer_gone(self.customer_id)
        desk.outgoing.forget(self.customer_id)
        ids = {self.customer_id}
        for _, part in opened.document if opened is not None else ():
            found = part.items if isinstance(part, Page) else [part]
            ids |= {record.id for record in found if isinstance(record, Record)}
        for draft in desk.drafts.list():
            if ids & set(draft.key.split("/")):
                desk.draft_saver.discard(draft.key)

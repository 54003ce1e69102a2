"""Changing a customer from the profile: save, merge, undo, status, labels, and the draft on disk."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from textual import on, work

from client.errors import CustomerApiError
from client.merge import Clash
from client.models import Customer
from client.models.customer_choices import ACCESSES, STATUSES
from client.saving import Choose, Saved
from tui.commands import Command, profile
from tui.forms.formats import Formats
from tui.forms.page import Page
from tui.screens.base import AppScreen
from tui.screens.conflict import choose_sides
from tui.screens.pick import Option, PickScreen
from tui.services.open_customer import OpenCustomer
from tui.services.outgoing import About
from tui.services.unsent import WAITS
from tui.tabs.naming import field_name
from tui.terminal.asking_driver import keys_held

_GOES_ON = {"alerts": "!"}
"""The key that goes on with an item that is not finished, where it is another one than `e`."""
_WRITES = ("save_changes", "undo_change", "put_labels", "set_status", "set_access")


class ProfileEdits(AppScreen[None]):
    """The commands that write. Every one of them can be undone, and none overwrites a colleague unseen."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (
        profile.SaveChanges,
        profile.UndoChange,
        profile.PutLabels,
        profile.SetStatus,
        profile.SetAccess,
    )

    customer_id: str
    opened: OpenCustomer | None
    writing = False
    """Whether a save is under way: nothing else is written meanwhile."""

    @property
    def draft_key(self) -> str:
        """Names the draft of this customer."""
        return f"customers/{self.customer_id}"

    @property
    def may_edit(self) -> bool:
        """Whether this person may change customers."""
        return self.keeptabs.desk.may("customers:write")

    def refresh_profile(self) -> None:
        """Draw what is open as it is now."""
        raise NotImplementedError

    def can(self, name: str) -> bool:
        """Offer what the role allows and what there is something to do with."""
        opened = self.opened
        if self.writing and name in _WRITES:
            return False
        if name == "save_changes":
            return opened is not None and opened.form.is_dirty and self.may_edit
        if name == "undo_change":
            return opened is not None and self.may_edit and (opened.form.is_dirty or bool(opened.undos))
        if name in ("put_labels", "set_status", "set_access"):
            return opened is not None and self.may_edit
        return super().can(name)

    @on(Page.Edited)
    def _edited(self, event: Page.Edited) -> None:
        event.stop()
        if self.opened is None:
            return
        self.opened.note_edit(event.field)
        self.keep_draft()
        self.refresh_profile()

    @on(Page.CopyAsked)
    def _copy_asked(self, event: Page.CopyAsked) -> None:
        event.stop()
        self.app.copy_to_clipboard(event.text)

    def keep_draft(self) -> None:
        """Have what is typed on disk within a second, or the draft removed where nothing is left of it."""
        opened = self.opened
        if opened is None:
            return
        saver = self.keeptabs.desk.draft_saver
        if opened.form.is_dirty:
            title = f"{opened.customer.number} {opened.customer.display_name}"
            saver.keep(opened.draft(self.draft_key, title))
        else:
            saver.discard(self.draft_key)

    def do_save_changes(self) -> None:
        """Save what was typed, unless a field still holds what cannot be saved."""
        for page in self.query(Page):
            page.settle()
        opened = self.opened
        if opened is None or not opened.form.is_dirty:
            self.say("Nothing to save.")
            return
        if opened.form.errors:
            field, sentence = next(iter(opened.form.errors.items()))
            self.say(f"Nothing was saved. {field_name(Customer, field)}: {sentence}", "bad")
            return
        unfinished = next((key.partition("/")[0] for key in opened.form.item_drafts), "")
        if unfinished and not opened.form.changed:
            name, key = field_name(Customer, unfinished), _GOES_ON.get(unfinished, "e")
            self.say(
                f"Nothing was saved. {name}: one is not finished; {key} goes on with it, u drops it.", "warn"
            )
            return
        self._write("Saving…", lambda: opened.save(self._save, self.choose))

    def do_undo_change(self) -> None:
        """Take back the field that was typed last and is not saved; else the last change that was saved."""
        opened = self.opened
        if opened is None:
            return
        if opened.form.is_dirty:
            field = opened.drop_last_edit()
            self.keep_draft()
            self.refresh_profile()
            self.say(f"{field_name(Customer, field)} is as it was; it had not been saved.")
            return
        if opened.undos:
            self._write("Taking it back…", lambda: opened.undo(self._save, self.choose), "Taken back")

    def do_set_status(self) -> None:
        """Offer every status with what it means."""
        if self.opened is not None:
            self._offer("Status", "status", STATUSES, self.opened.customer.status)

    def do_set_access(self) -> None:
        """Offer what the customer may book."""
        if self.opened is not None:
            self._offer("Access to booking", "access", ACCESSES, self.opened.customer.access)

    @work(exclusive=True, group="labels")
    async def do_put_labels(self) -> None:
        """Offer all labels; those ticked are the customer's."""
        opened = self.opened
        if opened is None:
            return
        options: list[Option[str]] = []
        with keys_held(self.app):
            async with self.asking("Fetching the labels…"):
                labels = await self.keeptabs.desk.reference("labels")
                options = [Option(label.name, label.name, label.description) for label in labels]
        # Whoever has gone elsewhere meanwhile is not asked any more.
        if not options or not self.is_current:
            return
        chosen = await self.app.push_screen_wait(
            PickScreen("Labels of this customer", options, ticked=set(opened.customer.labels))
        )
        if chosen is not None and set(chosen) != set(opened.customer.labels):
            self.change({"labels": sorted(chosen, key=str.casefold)})

    def change(self, values: Mapping[str, Any]) -> None:
        """Save these members at once."""
        opened = self.opened
        if opened is not None:
            self._write("Saving…", lambda: opened.change(self._save, values, self.choose))

    async def _save(
        self, base: dict[str, Any], mine: dict[str, Any], choose: Choose, wish: str
    ) -> Saved[Customer] | None:
        desk = self.keeptabs.desk
        title = f"{base.get('number', '')} {base.get('display_name', '')}".strip()
        form = self.opened.form if self.opened is not None else None
        draft = form.to_draft() if form is not None and mine == form.value else {}
        about = About(title, self.customer_id, self.draft_key, draft)
        return await desk.outgoing.save(desk.api.customers, base, mine, choose, about, wish)

    async def choose(self, clashes: Sequence[Clash]) -> Mapping[str, Any] | None:
        """Ask which side of each clash shall stay. Gives values by pointer, or None."""
        who = await self._who_was_faster()
        return await choose_sides(self.app, Customer, clashes, self.keeptabs.desk, who)

    async def _who_was_faster(self) -> str:
        try:
            page = await self.keeptabs.desk.api.events(self.customer_id).list(limit=1)
        except CustomerApiError:
            return ""
        return page.value.items[0].actor if page.value.items else ""

    def _offer(self, title: str, member: str, choices: Mapping[str, str], now: str) -> None:
        options = [Option(word, Formats.word(word), meaning) for word, meaning in choices.items()]

        def chosen(taken: list[str] | None) -> None:
            if taken and taken[0] != now:
                self.change({member: taken[0]})

        self.app.push_screen(PickScreen(title, options, marked=now), chosen)

    @work(exclusive=True, group="write")
    async def _write(
        self, what: str, write: Callable[[], Coroutine[Any, Any, Saved[Customer] | None]], done: str = "Saved"
    ) -> None:
        self.writing = True
        try:
            async with self.asking(f"{what} Esc stops waiting."):
                saved = await write()
                if saved is None:
                    self.say("Nothing was saved; your changes are kept.", "warn")
                else:
                    self._tell(saved, done + self.told_by(saved))
        finally:
            self.writing = False
            self.keep_draft()
            self.refresh_profile()

    def stop_writing(self) -> None:
        """Wait no longer for a save; it may still be done, and saving again does not do it twice."""
        self.workers.cancel_group(self, "write")
        self.say("Stopped waiting. What you typed is kept; F2 tries again and does not do it twice.", "warn")

    def failed(self, error: CustomerApiError) -> None:
        """Put what the server did not take at its fields; say everything else."""
        if error.errors:
            self._put_at_fields(error)
        else:
            super().failed(error)

    def told_by(self, saved: Saved[Customer]) -> str:
        """Give the words that say what else a save did."""
        del saved
        return ""

    def _tell(self, saved: Saved[Customer], done: str) -> None:
        clock = self.keeptabs.desk.formats.clock(datetime.now(UTC))
        if saved.waits:
            self.say(f"{WAITS} {self._can_be_undone}", "warn")
        elif saved.merged:
            names = ", ".join(dict.fromkeys(field_name(Customer, pointer) for pointer in saved.merged))
            self.say(f"{done} {clock}, together with what somebody else had changed: {names}.", "good")
        else:
            self.say(f"{done} {clock}. {self._can_be_undone}", "good")

    @property
    def _can_be_undone(self) -> str:
        # What is typed and not saved goes first.
        opened = self.opened
        return "u takes it back." if opened is not None and opened.undos and not opened.form.is_dirty else ""

    def _put_at_fields(self, refused: CustomerApiError) -> None:
        opened = self.opened
        if opened is None:
            return
        placed = [opened.form.refuse(error.pointer, error.detail) for error in refused.errors]
        first = refused.errors[0].detail if refused.errors else refused.sentence
        self.say(first if any(placed) else refused.sentence, "bad")
        self.refresh_profile()

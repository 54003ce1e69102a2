"""Adding, editing and removing records of any declared kind: the part that talks to the server.

`RecordsHost` serves every list of records on a screen; `RecordsScreen` is a screen with just one such list.
"""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from textual import on, work
from textual.app import ComposeResult

from client.drafts import Draft
from client.errors import NotFound
from client.merge import Clash
from client.models.base import Record
from tui.commands import Command
from tui.forms.form_screen import FormScreen
from tui.forms.state import FormState
from tui.screens.base import AppScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.conflict import choose_sides
from tui.services.saving import save_merged
from tui.tabs.records import RecordList, Records
from tui.widgets.lines import Lines, Row, Span


class RecordsHost(AppScreen[None]):
    """A screen with lists of records; `customer_id` is set where they hang below a customer."""

    customer_id = ""
    removed: tuple[Records[Any], Record] | None = None
    """What was removed last without a question, while it can still be brought back."""

    def list_of(self, records: Records[Any]) -> RecordList[Any] | None:
        """Give the list that shows these records, where it was made already."""
        return next((shown for shown in self.query(RecordList) if shown.records is records), None)

    def records_changed(self, records: Records[Any]) -> None:
        """Hear that records were made, changed or removed here."""
        self.keeptabs.desk.forget_reference(records.permission)

    @work(group="records")
    async def load_records(self, shown: RecordList[Any]) -> None:
        """Fetch the records of a list and show them."""
        async with self.asking("Loading…"):
            collection = shown.records.collection(self.keeptabs.desk.api, self.customer_id)
            shown.show([record async for record in collection.each()])

    @on(RecordList.Wanted)
    def _wanted(self, wanted: RecordList.Wanted) -> None:
        wanted.stop()
        if wanted.verb == "copy":
            self.app.copy_to_clipboard(str(getattr(wanted.record, wanted.records.fields[0])))
        elif wanted.verb == "remove":
            self.remove_record(wanted.records, wanted.record)
        else:
            self.edit_record(wanted.records, wanted.record)

    @work(group="record")
    async def edit_record(self, records: Records[Any], record: Record | None = None) -> None:
        """Show the form of a record, a new one where there is none yet, and save what is typed."""
        desk = self.keeptabs.desk
        base = record.to_json() if record is not None else {}
        state = FormState(records.model, base, desk.formats, new=record is None)
        key = f"{records.permission}/{record.id if record else 'new/' + self.customer_id}"
        draft = desk.drafts.load(key)
        if draft is not None:
            # With the version it began with, so that what a colleague saved since is merged, not overwritten.
            base = dict(draft.base) or base
            state = FormState(records.model, base, desk.formats, new=record is None)
            state.from_draft(draft.patch)
        idempotency_key = draft.idempotency_key if draft is not None else uuid4().hex

        def keep(typed: dict[str, Any]) -> None:
            desk.draft_saver.keep(Draft(key=key, base=base, patch=typed, idempotency_key=idempotency_key))

        async def submit() -> Any:
            collection = records.collection(desk.api, self.customer_id)
            if record is None:
                made = await collection.create(state.value, idempotency_key=idempotency_key)
                return made.value
            saved = await save_merged(collection, record.id, state.base, state.value, choose)
            return saved.record if saved is not None else None

        async def choose(clashes: Sequence[Clash]) -> Mapping[str, Any] | None:
            return await choose_sides(self.app, records.model, clashes, desk.formats)

        verb = "New" if record is None else "Edit"
        saved = await self.app.push_screen_wait(
            FormScreen(f"{verb} {records.one}", state, records.fields, submit=submit, on_edited=keep)
        )
        if saved is None:
            if state.is_dirty:
                self.say(f"The {records.one} is not saved; what you typed is kept for next time.", "warn")
            return
        desk.draft_saver.discard(key)
        shown = self.list_of(records)
        if shown is not None:
            shown.put(saved)
        self.records_changed(records)
        self.say(f"Saved {records.name(saved)}.", "good")

    @work(group="record")
    async def remove_record(self, records: Records[Any], record: Record) -> None:
        """Remove a record, after a typed word where that cannot be undone."""
        if records.removal:
            name = records.name(record)
            sentences = [f"This removes {name} for good.", records.removal]
            word = str(getattr(record, records.fields[0]))
            if not await self.app.push_screen_wait(ConfirmScreen(f"Remove {name}?", sentences, word)):
                return
        async with self.asking("Removing…"):
            collection = records.collection(self.keeptabs.desk.api, self.customer_id)
            # Somebody else may have removed it already.
            with contextlib.suppress(NotFound):
                await collection.delete(record.id)
            shown = self.list_of(records)
            if shown is not None:
                shown.drop(record)
            self.records_changed(records)
            self.removed = None if records.removal else (records, record)
            can_be_undone = " u writes it again." if self.removed else ""
            self.say(f"Removed {records.name(record)}.{can_be_undone}", "good")
            self.refresh_bindings()

    @work(group="record")
    async def bring_back(self, records: Records[Any], record: Record) -> None:
        """Write a removed record again. It is a new one: the server says who wrote it and when."""
        written = {name: value for name, value in record.to_json().items() if name in records.fields}
        async with self.asking("Writing it again…"):
            collection = records.collection(self.keeptabs.desk.api, self.customer_id)
            # By the id of what was removed, so that a lost answer does not make two of it.
            made = await collection.create(written, idempotency_key=record.id)
            shown = self.list_of(records)
            if shown is not None:
                shown.put(made.value)
            self.removed = None
            self.records_changed(records)
            self.say(f"The {records.one} is back.", "good")


class Leave(Command):
    """Go back."""

    keys = "escape"
    footer = "back"


class RecordsScreen(RecordsHost):
    """One list of records that belong to no customer: labels, branches, partners, locations."""

    OFFERS = (Leave,)

    DEFAULT_CSS = "RecordsScreen > _Title { height: 2; }"

    def __init__(self, records: Records[Any]) -> None:
        super().__init__()
        self._records = records

    def compose_body(self) -> ComposeResult:
        """Lay out the title and the list."""
        desk, word = self.keeptabs.desk, self._records.permission
        yield _Title(self._records.title)
        yield RecordList(
            self._records,
            desk.formats,
            may_write=desk.may(f"{word}:write"),
            may_remove=desk.may(f"{word}:delete"),
        )

    def on_mount(self) -> None:
        """Ask for the records."""
        self.query_one(RecordList).focus()
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        async with self.asking("Fetching…"):
            desk = self.keeptabs.desk
            desk.forget_reference(self._records.permission)
            self.query_one(RecordList).show(await desk.reference(self._records.permission))

    def do_leave(self) -> None:
        """Go back to the screen before."""
        self.dismiss(None)


class _Title(Lines):
    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def build(self, width: int) -> list[Row]:
        del width
        return [Row((Span(f" {self._title}", "title"),)), Row()]

"""What can be done to records of any declared kind: the part that talks to the server, for every screen."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from textual import on, work

from client.drafts import Draft
from client.errors import NotFound, NotSeen
from client.merge import Clash
from client.models.base import Record
from client.saving import Saved
from tui.forms.form_screen import FormScreen
from tui.forms.page import Page
from tui.forms.state import FormState
from tui.screens.acting import ActsOnRecords
from tui.screens.confirm import ConfirmScreen
from tui.screens.conflict import choose_sides
from tui.screens.seen import ShowsSeen
from tui.services.frugal import few_records
from tui.services.outgoing import About
from tui.services.references import References, references_of
from tui.services.unsent import UNSENT, WAITS, records_with
from tui.tabs.records import NewForm, Records
from tui.tabs.records_part import MoreWanted, RecordsPart, Wanted

if TYPE_CHECKING:
    from client.api import CustomerApi


class RecordsHost(ShowsSeen, ActsOnRecords):
    """A screen with lists of records; `customer_id` is set where they hang below a customer."""

    def record_parts(self) -> Iterator[RecordsPart[Any]]:
        """Give every list of records on this screen."""
        for page in self.query(Page):
            for part in page.parts:
                if isinstance(part, RecordsPart):
                    yield part

    def part_of(self, records: Records[Any]) -> RecordsPart[Any] | None:
        """Give the list that shows these records, where it was made already."""
        return next((part for part in self.record_parts() if part.records is records), None)

    def records_changed(self, records: Records[Any]) -> None:
        """Hear that records were made, changed or removed here."""
        self.keeptabs.desk.forget_reference(records.permission)

    @property
    def references(self) -> References:
        """What the records are called that fields of forms point to."""
        return references_of(self.keeptabs.desk)

    @work(group="records")
    async def load_records(self, *parts: RecordsPart[Any]) -> None:
        """Show the records of lists as they were seen before, and fetch them."""
        await asyncio.gather(*(self._load_part(part) for part in parts))

    async def _load_part(self, part: RecordsPart[Any]) -> None:
        desk = self.keeptabs.desk

        async def ask(api: "CustomerApi") -> tuple[Sequence[Any], str | None]:
            collection = part.records.collection(api, self.customer_id)
            limit = few_records(desk.meter)
            if limit is None:
                return [record async for record in collection.each()], None
            if api is not desk.api:
                with contextlib.suppress(NotSeen):
                    return [record async for record in collection.each()], None
            # The rest comes as the marker gets there.
            first = (await collection.list(limit=limit)).value
            return first.items, first.next_cursor

        async def show(found: tuple[Sequence[Any], str | None]) -> None:
            address = part.records.collection(desk.api, self.customer_id).address
            part.show(records_with(desk.outgoing.edits, found[0], address), found[1])

        name = f"{part.records.permission}/{part.records.parent_id}"
        if not await self.show_current(name, ask, show, doing="Loading…", unseen=part.items is None):
            self.say_unseen()

    def say_unseen(self) -> None:
        """Say where nothing has come that it was not seen before."""
        for page in self.query(Page):
            for part in page.parts:
                part.unseen = True
            page.redraw()

    def refetch(self) -> None:
        """Fetch every list anew."""
        self.load_records(*self.record_parts())

    @on(MoreWanted)
    def _more_wanted(self, wanted: MoreWanted) -> None:
        wanted.stop()
        cursor, wanted.part.next_cursor = wanted.part.next_cursor, None
        if cursor:
            self._load_more(wanted.part, cursor)

    @work(group="more")
    async def _load_more(self, part: RecordsPart[Any], cursor: str) -> None:
        """Fetch the page of a list after those that have come; where that fails, moving on asks again."""
        came = False
        async with self.asking("Loading…"):
            collection = part.records.collection(self.keeptabs.desk.api, self.customer_id)
            limit = few_records(self.keeptabs.desk.meter)
            page = (await collection.list(cursor=cursor, limit=limit)).value
            part.extend(page.items, page.next_cursor)
            came = True
        if not came:
            part.next_cursor = cursor

    @on(Wanted)
    def _wanted(self, wanted: Wanted) -> None:
        wanted.stop()
        records, record = wanted.records, wanted.record
        if wanted.verb == "copy_field":
            self.app.copy_to_clipboard(records.copied(record))
        elif record is not None and record.id.startswith(UNSENT):
            self.say(f"This {records.one} waits for the link; it can be changed once it is sent.", "warn")
        elif wanted.verb == "remove":
            self.remove_record(records, record)
        elif wanted.verb == "open_record":
            self.open_record(records, record)
        elif wanted.verb == "add" and records.adds is not None:
            self.add_record(records, records.adds)
        elif wanted.verb in ("add", "edit"):
            self.edit_record(records, record)
        else:
            action = next(found for found in records.actions if found.command.name() == wanted.verb)
            self.act_on_record(records, action, record)

    def took(self, records: Records[Any], record: Record) -> None:
        """Show a record as the server has it now."""
        # What was done before can no longer be taken back with one key: that would surprise.
        self.takes_back = None
        part = self.part_of(records)
        if part is not None:
            part.put(record)
        self.records_changed(records)

    @work(group="record")
    async def add_record(
        self, records: Records[Any], adds: "Callable[[RecordsHost], Awaitable[Record | None]]"
    ) -> None:
        """Make a record in a way of its own."""
        made = await adds(self)
        if made is not None:
            self.took(records, made)
            self.say(f"Saved {records.name(made)}.", "good")

    def _say_kept(self, records: Records[Any], state: FormState) -> None:
        if state.is_dirty:
            kept = any(state.to_draft().values())
            typed = "what you typed is kept for next time" if kept else "what you typed is not kept"
            self.say(f"The {records.one} is not saved; {typed}.", "warn")

    @work(group="record")
    async def edit_record(self, records: Records[Any], record: Record | None = None) -> None:
        """Show the form of a record, a new one where there is none yet, and save what is typed."""
        desk = self.keeptabs.desk
        new = records.new_form(self) if record is None and records.new_form is not None else NewForm()
        base = self._base_of(records, record, new)
        state = FormState(records.model, base, desk.formats, new=record is None)
        place = record.id if record is not None else f"new/{records.parent_id or self.customer_id}"
        desk.flush()  # what was discarded a moment ago must not come back
        draft = desk.drafts.load(key := f"{records.permission}/{place}")
        if draft is not None:
            # With the version it began with, so that what a colleague saved since is merged, not overwritten.
            base = dict(draft.base) if record is not None and draft.base else base
            state = FormState(records.model, base, desk.formats, new=record is None)
            state.from_draft(draft.patch)
        idempotency_key = draft.idempotency_key if draft is not None else uuid4().hex

        def keep(typed: dict[str, Any]) -> None:
            if any(typed.values()):
                desk.draft_saver.keep(Draft(key=key, base=base, patch=typed, idempotency_key=idempotency_key))
            else:
                desk.draft_saver.discard(key)

        async def submit() -> Saved[Any] | None:
            about = self._about(records, key, state)
            collection = records.collection(desk.api, self.customer_id)
            if record is None:
                return await desk.outgoing.create(collection, state.value, idempotency_key, about)
            choose = partial(self._choose, records)
            return await desk.outgoing.save(collection, state.base, state.value, choose, about)

        form = FormScreen(
            new.title or f"{'New' if record is None else 'Edit'} {records.one}",
            state,
            new.fields or records.fields,
            submit=submit,
            on_edited=keep,
            references=self.references,
            verb=new.verb,
        )
        saved: Saved[Any] | None = await self.app.push_screen_wait(form)
        if saved is None:
            self._say_kept(records, state)
            return
        desk.draft_saver.discard(key)
        if saved.waits:
            self.kept(records, saved.record)
        else:
            self.took(records, saved.record)
            self._say_saved(records, saved.record, made=record is None)

    def _say_saved(self, records: Records[Any], record: Record, *, made: bool) -> None:
        told = records.told if made else None
        self.say(told(record) if told is not None else f"Saved {records.name(record)}.", "good")

    async def _choose(self, records: Records[Any], clashes: Sequence[Clash]) -> Mapping[str, Any] | None:
        return await choose_sides(self.app, records.model, clashes, self.keeptabs.desk)

    def kept(self, records: Records[Any], record: Record | None) -> None:
        """Show a record as it will be, once it could be sent."""
        self.takes_back = None
        part = self.part_of(records)
        if part is not None and record is not None:
            part.put(record)
        self.say(WAITS, "warn")

    def _about(self, records: Records[Any], draft_key: str, state: FormState) -> About:
        """Say what a save is of; only what belongs to a customer may wait for the link."""
        shown = self.keeptabs.desk.open_profiles.get(self.customer_id)
        title = f"{shown.name_for_switcher}, {records.one}" if shown is not None else records.one
        waits = records.waits and bool(self.customer_id)
        return About(title, self.customer_id, draft_key, state.to_draft(), waits)

    def _base_of(self, records: Records[Any], record: Record | None, new: NewForm) -> dict[str, Any]:
        """Give the JSON that the form of a record begins with."""
        if record is not None:
            return record.to_json()
        begins = records.starts_with(self) if records.starts_with is not None else {}
        return {**new.base, **begins}

    @work(group="record")
    async def open_record(self, records: Records[Any], record: Record) -> None:
        """Show a record on a screen of its own, with what belongs to it."""
        from tui.screens.opened_record import OpenedRecordScreen

        screen = OpenedRecordScreen(records, record, self.customer_id, self.references)
        await self.app.push_screen_wait(screen)
        if screen.changed:
            self.say("")  # what was said before it was opened is of before
            part = self.part_of(records)
            if part is not None and screen.record is None:
                part.drop(record)
            elif part is not None and screen.record is not None:
                part.put(screen.record)
            self.records_changed(records)

    @work(group="record")
    async def remove_record(self, records: Records[Any], record: Record) -> None:
        """Remove a record, after a typed word where that cannot be undone."""
        if records.removal:
            name = records.name(record)
            sentences = [f"This removes {name} for good.", records.removal]
            word = records.removal_word(record) if records.removal_word else _first(records, record)
            if not await self.app.push_screen_wait(ConfirmScreen(f"Remove {name}?", sentences, word)):
                return
        async with self.asking("Removing…"):
            collection = records.collection(self.keeptabs.desk.api, self.customer_id)
            # Somebody else may have removed it already.
            with contextlib.suppress(NotFound):
                await collection.delete(record.id)
            self.takes_back = None if records.removal else partial(self.bring_back, records, record)
            self.dropped(records, record)
            can_be_undone = " u writes it again." if self.takes_back else ""
            self.say(f"Removed {records.name(record)}.{can_be_undone}", "good")
            self.refresh_bindings()

    def dropped(self, records: Records[Any], record: Record) -> None:
        """Show the list without a record that was removed."""
        part = self.part_of(records)
        if part is not None:
            part.drop(record)
        self.records_changed(records)

    @work(group="record")
    async def bring_back(self, records: Records[Any], record: Record) -> None:
        """Write a removed record again. It is a new one: the server says who wrote it and when."""
        form = records.new_form(self) if records.new_form is not None else NewForm()
        names = form.fields or records.fields
        written = {name: value for name, value in record.to_json().items() if name in names}
        async with self.asking("Writing it again…"):
            collection = records.collection(self.keeptabs.desk.api, self.customer_id)
            # By the id of what was removed, so that a lost answer does not make two of it.
            made = await collection.create(written, idempotency_key=record.id)
            self.took(records, made.value)
            self.say(f"The {records.one} is back.", "good")


def _first(records: Records[Any], record: Record) -> str:
    return str(getattr(record, records.fields[0]))

"""Doing to a record what is more than editing it, after what must be asked first; and taking it back."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import uuid4

from pydantic import BaseModel
from textual import work

from client.models.base import Record
from tui.commands import Command, profile
from tui.forms.form_screen import FormScreen
from tui.forms.state import FormState
from tui.screens.base import AppScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.pick import PickScreen
from tui.services.references import References
from tui.tabs.records import RecordAction, Records, in_currency_of

if TYPE_CHECKING:
    from tui.screens.records import RecordsHost


class ActsOnRecords(AppScreen[None]):
    """The part of a screen with records that runs their actions."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (profile.UndoChange,)

    customer_id = ""
    takes_back: Callable[[], object] | None = None
    """Undoes what was done last without a question, while that is possible."""

    @property
    def references(self) -> References:
        """What the records are called that fields of forms point to."""
        raise NotImplementedError

    def took(self, records: Records[Any], record: Record) -> None:
        """Show a record as the server has it now."""
        raise NotImplementedError

    def records_changed(self, records: Records[Any]) -> None:
        """Hear that records were made, changed or removed here."""
        raise NotImplementedError

    def can(self, name: str) -> bool:
        """Offer to undo what can be undone."""
        return self.takes_back is not None if name == "undo_change" else super().can(name)

    def do_undo_change(self) -> None:
        """Undo what was done last to a record."""
        takes_back, self.takes_back = self.takes_back, None
        if takes_back is not None:
            takes_back()

    @property
    def _host(self) -> "RecordsHost":
        return cast("RecordsHost", self)

    @work(group="record")
    async def act_on_record(self, records: Records[Any], action: RecordAction[Any], record: Record) -> None:
        """Do what a command does to a record, after what must be asked first."""
        if action.question is not None and not await self._agreed(action, record):
            return
        # One key for every attempt, so that a lost answer does not make it happen twice.
        idempotency_key = uuid4().hex

        async def act(body: Mapping[str, Any] | None) -> Any:
            if action.run is not None:
                return await action.run(self._host, record)
            collection = records.collection(self.keeptabs.desk.api, self.customer_id)
            answer = await collection.act(record.id, action.name, body, idempotency_key=idempotency_key)
            return answer.value

        if action.body is None:
            sent: dict[str, str] | None = None
            if action.picks is not None:
                title, options = _titled(records, action, record), action.picks(self._host, record)
                taken = await self.app.push_screen_wait(PickScreen(title, options))
                if not taken:
                    return
                sent = {action.picked: taken[0]}
            async with self.asking(action.doing):
                changed = await act(sent)
                if changed is not record:
                    self._acted(records, action, changed)
            return
        changed = await self._filled_in(records, action, action.body, record, act)
        if changed is not None:
            self._acted(records, action, changed)

    async def _agreed(self, action: RecordAction[Any], record: Record) -> bool:
        """Ask what is to be asked before an action; say whether it may go on."""
        question = None
        async with self.asking(action.doing):
            question = None if action.question is None else await action.question(self._host, record)
        if question is None:
            return False
        return await self.app.push_screen_wait(
            ConfirmScreen(question.title, question.sentences, question.word)
        )

    async def _filled_in(
        self,
        records: Records[Any],
        action: RecordAction[Any],
        body: type[BaseModel],
        record: Record,
        act: Callable[[Mapping[str, Any]], Awaitable[Any]],
    ) -> Any:
        """Show the form of what must be said along with an action, and do it. Gives what came of it."""
        base = dict(action.starts_with(self._host, record)) if action.starts_with is not None else {}
        formats = in_currency_of(record, self.keeptabs.desk.formats)
        state = FormState(body, base, formats, new=True)

        async def submit() -> Any:
            return await act(state.value)

        names = action.names or tuple(body.model_fields)
        form = FormScreen(
            _titled(records, action, record),
            state,
            names,
            submit=submit,
            references=self.references,
            verb=action.command.footer,
        )
        return await self.app.push_screen_wait(form)

    def _acted(self, records: Records[Any], action: RecordAction[Any], changed: Record | None) -> None:
        if changed is not None:
            self.took(records, changed)
        else:
            self.records_changed(records)
        self.takes_back = None
        if action.undo is not None and changed is not None:
            self.takes_back = partial(self.undo_action, records, changed, *action.undo(changed))
        self.say(action.done + (" u takes it back." if self.takes_back else ""), "good")
        self.refresh_bindings()

    @work(group="record")
    async def undo_action(
        self, records: Records[Any], record: Record, name: str, body: Mapping[str, Any] | None
    ) -> None:
        """Take back what an action did, by the action that does the opposite."""
        idempotency_key = uuid4().hex
        async with self.asking("Taking it back…"):
            collection = records.collection(self.keeptabs.desk.api, self.customer_id)
            changed = await collection.act(record.id, name, body, idempotency_key=idempotency_key)
            self.took(records, changed.value)
            self.say("Taken back.", "good")
            self.refresh_bindings()


def _titled(records: Records[Any], action: RecordAction[Any], record: Record) -> str:
    """Name the record that something is done to, where the command speaks of the marked one."""
    title, name = action.command.title(), records.name(record)
    named = title.replace(f"the marked {records.one}", name)
    return named if name in named else f"{title}: {name}"

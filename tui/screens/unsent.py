"""Edits that wait for the link: what each is, why it waits, and what can be done with it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult

from client import models
from client.errors import CustomerApiError
from client.merge import changes
from client.saving import shared
from tui.commands import Command
from tui.forms.formats import Formats
from tui.screens.base import AppScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.record_list import Leave, ScreenTitle
from tui.tabs.naming import field_name
from tui.widgets.lines import LineList, Row, Span, edges, within

if TYPE_CHECKING:
    from client.merge import Clash
    from client.outbox import Edit

_STATES = {
    "waiting": ("waits for the link", "dirty"),
    "clash": ("a colleague changed the same: Enter asks", "bad"),
    "refused": ("refused", "bad"),
}


class OpenUnsent(Command):
    """Open what the edit is about; one that was refused becomes a draft again, to be corrected."""

    keys = "o"
    footer = "open"


class SendUnsent(Command):
    """Send the edit now; where a colleague changed the same, ask field by field."""

    keys = "r"
    footer = "send now"


class DiscardUnsent(Command):
    """Throw the edit away, after a question."""

    keys = "d,delete"
    footer = "discard"


class _Edits(LineList):
    def __init__(self, formats: Formats) -> None:
        super().__init__()
        self.edits: Sequence[Edit] = ()
        self._formats = formats

    def build(self, width: int) -> Sequence[Row]:
        rows: list[Row] = []
        for edit in self.edits:
            word, role = _STATES[edit.state]
            when = self._formats.moment(datetime.fromtimestamp(edit.kept_at, UTC))
            what = edit.title if edit.record_id or not edit.customer_id else f"{edit.title} (new)"
            head = edges([Span(f"{what}  ")], [Span(when, "muted")], width - 2)
            rows.append(Row(head.spans, edit.name))
            why = f"{word}: {edit.said}" if edit.state == "refused" else word
            spans = [Span(f"  {_changed(edit)} · ", "muted"), Span(why, role)]
            rows.append(Row(within(spans, width - 2)))
        return rows or [Row((Span("Nothing waits: everything is saved.", "muted"),))]


def _changed(edit: "Edit") -> str:
    """Name the fields that an edit changes."""
    model = getattr(models, edit.model)
    found = changes(shared(edit.base), shared(edit.mine))
    return ", ".join(dict.fromkeys(field_name(model, change.pointer) for change in found)) or "nothing"


class UnsentScreen(AppScreen[None]):
    """A screen with everything that waits, in the order in which it is sent."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (SendUnsent, OpenUnsent, DiscardUnsent, Leave)

    def compose_body(self) -> ComposeResult:
        """Lay out the title and the list."""
        yield ScreenTitle("Edits that wait for the link")
        yield _Edits(self.keeptabs.desk.formats)

    def on_mount(self) -> None:
        """Show what waits."""
        super().on_mount()
        self.query_one(_Edits).focus()
        self._show()

    def refresh_bindings(self) -> None:
        """Follow what is sent meanwhile."""
        super().refresh_bindings()
        for shown in self.query(_Edits):
            if shown.edits != self.keeptabs.desk.unsent:
                shown.edits = self.keeptabs.desk.unsent
                shown.redraw()

    def can(self, name: str) -> bool:
        """Offer what there is an edit for."""
        if name in ("open_unsent", "send_unsent", "discard_unsent"):
            edit = self._marked
            opens = edit is not None and (bool(edit.customer_id) or edit.state == "refused")
            return opens if name == "open_unsent" else edit is not None
        return super().can(name)

    @property
    def _marked(self) -> "Edit | None":
        lists = self.query(_Edits)
        return next((edit for shown in lists for edit in shown.edits if edit.name == shown.key), None)

    def _show(self) -> None:
        self.keeptabs.desk.outgoing.look()
        shown = self.query_one(_Edits)
        shown.edits = self.keeptabs.desk.unsent
        shown.redraw()
        self.refresh_bindings()

    def on_line_list_chosen(self) -> None:
        """Send the marked one, asking what must be asked."""
        self.do_send_unsent()

    @work(exclusive=True, group="send")
    async def do_send_unsent(self) -> None:
        """Send the marked edit now."""
        from client.models import Customer
        from tui.screens.conflict import choose_sides

        edit, desk = self._marked, self.keeptabs.desk
        if edit is None:
            return
        model = desk.outgoing.model_of(edit)

        async def choose(clashes: "Sequence[Clash]") -> Mapping[str, Any] | None:
            return await choose_sides(self.app, model or Customer, clashes, desk)

        async with self.asking("Sending…"):
            done = await desk.outgoing.send_now(edit, choose)
            self.say("Saved." if done else "It is kept; nothing was sent.", "good" if done else "warn")
        self._show()

    @work(exclusive=True, group="send")
    async def do_discard_unsent(self) -> None:
        """Throw the marked edit away."""
        edit = self._marked
        if edit is None:
            return
        sentences = [
            f"What you typed is lost: {edit.title}.",
            "Nothing was saved of it, as far as this machine knows.",
        ]
        if edit.maybe_done:
            sentences[1] = "It was sent, and the answer was lost: it may be saved all the same."
        if await self.app.push_screen_wait(ConfirmScreen("Discard this edit?", sentences, "discard")):
            try:
                self.keeptabs.desk.outgoing.discard(edit)
            except CustomerApiError as problem:
                self.failed(problem)
            else:
                self.say("Discarded.")
            self._show()

    def do_open_unsent(self) -> None:
        """Open the customer; what was refused is a draft there, to be corrected and saved again."""
        edit = self._marked
        if edit is None:
            return
        app = self.keeptabs
        corrects = edit.state == "refused" and bool(edit.draft_key)
        if corrects:
            app.desk.outgoing.to_draft(edit)
        if not edit.customer_id:
            self._show()
            self.say("It is a draft again: Ctrl+N in the list goes on with it.")
            return
        app.pop_screen()
        if corrects:
            # A profile takes up its draft when it is opened.
            app.close_customer(edit.customer_id)
        app.open_customer(edit.customer_id)

    def do_leave(self) -> None:
        """Go back to the screen before."""
        self.dismiss(None)

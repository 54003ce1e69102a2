"""A form in a box: any model, some of its fields, and what to do with them when they are accepted."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from client.errors import CustomerApiError
from tui.commands import Command
from tui.forms.commands import CloseForm, SubmitForm, TakeForm
from tui.forms.fields import Control
from tui.forms.members import field_at
from tui.forms.page import Page
from tui.forms.part import FieldsPart, Part
from tui.forms.picking import VISIBLE_WAIT, References, no_references
from tui.forms.state import FormState
from tui.screens.box import BoxScreen
from tui.text import one_line
from tui.widgets.footer import KeyLine, StatusLine
from tui.widgets.lines import Lines

Submit = Callable[[], Awaitable[Any]]
"""Saves what the form says and gives what came of it; None leaves the form open.

May raise any `CustomerApiError`; sentences of its `errors` are put at the fields.
"""

_FRAME_ROWS = 3  # the border and the keys
_LEAST_ROWS = 3
_WAITING = "Saving… Esc stops waiting."


class FormScreen(BoxScreen[Any]):
    """Fields to fill in. Gives what `submit` gave, without it the records typed as JSON, and None when left.

    `on_edited` hears of every change with the draft as it is then, so that nothing typed is lost. `extra` is
    shown below the fields, for what the caller finds out meanwhile. `verb` is what submitting does, such as
    `send`; it stands at the foot.
    """

    OFFERS: ClassVar[tuple[type[Command], ...]] = (SubmitForm, TakeForm, CloseForm)
    AUTO_FOCUS = None
    HINT_ROWS: ClassVar[int] = 2
    """Rows below the fields for what is said about the marked one; a longer sentence makes the box grow."""

    DEFAULT_CSS = """
    FormScreen .box > Page { height: auto; }
    FormScreen .box > StatusLine, FormScreen .box > KeyLine { height: 1; }
    """

    def __init__(
        self,
        title: str,
        state: FormState,
        names: Sequence[str],
        *,
        submit: Submit | None = None,
        on_edited: Callable[[dict[str, Any]], None] | None = None,
        references: References = no_references,
        parts: Sequence[Part] = (),
        extra: Lines | None = None,
        verb: str = "",
    ) -> None:
        super().__init__()
        self.state = state
        self.page = Page(
            *_parts(state, names), *parts, references=references, flowing=True, classes="form-fields"
        )
        self._title = title
        self._submit = submit
        self._on_edited = on_edited
        self._extra = extra
        self._verb = verb
        self._waiting = False
        self._fault = False

    def compose(self) -> ComposeResult:
        """Lay out the fields and the foot in a box."""
        extra = [] if self._extra is None else [self._extra]
        box = Vertical(self.page, *extra, StatusLine(self.HINT_ROWS), KeyLine(), classes="box")
        box.border_title = Content(one_line(self._title))
        yield box

    def on_mount(self) -> None:
        """Begin with the first field."""
        self.page.focus()
        self.page.begin()

    def on_resize(self, event: events.Resize) -> None:
        """Divide the new height."""
        del event
        self.share_rows()

    @on(StatusLine.Fitted)
    def share_rows(self) -> None:
        """Divide the height: some fields and the keys are always in sight, and a longer form scrolls."""
        free = self.app.size.height - _FRAME_ROWS
        if self._extra is not None and self._extra.display:
            wanted = self._extra.styles.height
            rows = int(wanted.value) if wanted is not None and wanted.is_cells else 0
            most = min(rows, max(0, free - _LEAST_ROWS - 1))
            self._extra.styles.max_height = most
            free -= most
        free -= self.query_one(StatusLine).leave_room(max(1, free - _LEAST_ROWS))
        self.page.styles.max_height = max(1, free)

    def say(self, sentence: str, role: str = "muted") -> None:
        """Show a sentence below the fields."""
        self.query_one(StatusLine).say(sentence, role)

    def can(self, name: str) -> bool:
        """Take nothing twice: while it is being saved, only leaving works."""
        if name == "submit_form":
            return self._submit is not None and not self._waiting
        return name != "take_form" or self._submit is None

    def word(self, command: type[Command]) -> str:
        """Say what submitting does here."""
        submits = command in (SubmitForm, TakeForm)
        return self._verb if submits and self._verb else super().word(command)

    def do_submit_form(self) -> None:
        """Save what was typed, unless something is wrong or missing."""
        self.do_take_form()

    def do_take_form(self) -> None:
        """Give what was typed to whoever asked, unless something is wrong or missing."""
        self.page.settle()
        self.state.touched = True
        self.page.redraw()
        if self.state.errors:
            self._show_first_error()
        elif self._submit is None:
            self.dismiss(self.state.all_values)
        else:
            self._wait_for(self._submit)

    def do_close_form(self) -> None:
        """Stop waiting, or leave; what was typed stays in the form's state."""
        if self._waiting:
            self.workers.cancel_group(self, "submit")
            self.say("Stopped waiting. What you typed is kept; saving again does not do it twice.", "warn")
            return
        self.page.settle()
        self.dismiss(None)

    @on(Page.Edited)
    def _edited(self, event: Page.Edited) -> None:
        event.stop()
        if self._fault and not self.state.errors:
            # What was wrong is right now.
            self._fault = False
            self.say("")
        if self._on_edited is not None:
            self._on_edited(self.state.to_draft())

    @work(exclusive=True, group="submit")
    async def _wait_for(self, submit: Submit) -> None:
        self._waiting = True
        self.refresh_bindings()
        notice = self.set_timer(VISIBLE_WAIT, lambda: self.say(_WAITING))
        try:
            result = await submit()
        except CustomerApiError as refused:
            self._put_at_fields(refused)
            return
        finally:
            notice.stop()
            self._waiting = False
            self.refresh_bindings()
        if result is not None:
            self.dismiss(result)
        elif self.query_one(StatusLine).said == _WAITING:
            self.say("Nothing was saved; what you typed is kept.", "warn")

    def _put_at_fields(self, refused: CustomerApiError) -> None:
        placed = [self.state.refuse(error.pointer, error.detail) for error in refused.errors]
        self.page.redraw()
        if placed and all(placed):
            self._show_first_error()
        else:
            details = [error.detail for error, known in zip(refused.errors, placed, strict=True) if not known]
            self.say(details[0] if details else refused.sentence, "bad")

    def _show_first_error(self) -> None:
        """Go to the first field that is wrong; its own sentence stands there, and is not said again below."""
        self._fault = True
        wrong = {field_at(self.state.fields, key)[0]: said for key, said in self.state.errors.items()}
        parts = [part for part in self.page.parts if isinstance(part, FieldsPart)]
        shown = [(part, name) for part in parts for name in part.names if name in wrong]
        if not shown:
            name, sentence = next(iter(wrong.items()))
            self.say(f"{self.state.fields[name].title}: {sentence}", "bad")
            return
        part, name = shown[0]
        self.page.mark_item(part, name)
        others = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        self.say(f"Not yet: look at {self.state.fields[name].title}{others}.", "bad")


def _parts(state: FormState, names: Sequence[str]) -> list[Part]:
    """Give the fields as they are filled in: single ones first, then lists whose items have a form each."""
    from tui.forms.items_part import ItemsPart

    lists = [name for name in names if state.fields[name].control is Control.ITEMS]
    single = [name for name in names if name not in lists]
    return [
        FieldsPart("", state, single),
        *(ItemsPart(state.fields[name].title, state, name) for name in lists),
    ]

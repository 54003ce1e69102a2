"""Typing into a field of a page: the text box that lies over the value for as long as that takes."""

from collections.abc import Hashable
from typing import ClassVar, Final

from textual.geometry import Offset

from tui.forms.editor import LineEditor, ParagraphEditor, TextBox
from tui.forms.fields import Control
from tui.forms.state import FormState
from tui.widgets.footer import StatusLine
from tui.widgets.lines import LineList

MARKER_WIDTH: Final = 2


class TypesInFields(LineList):
    """Rows of fields, one of which can have a text box over its value."""

    DEFAULT_CSS: ClassVar[str] = "TypesInFields { overflow: hidden; }"

    flowing = False
    """Whether Enter goes on typing in the next field, as in a box that is filled in from top to bottom."""

    _editor: TextBox | None = None
    _typing: tuple[FormState, str] | None = None
    _typing_key: Hashable = None
    _known_error = ""

    @property
    def label_width(self) -> int:
        """How many cells the labels take."""
        return 0

    def edited(self, name: str) -> None:
        """Draw and tell that a field was changed."""
        del name
        self.redraw()

    async def go_on(self, step: int, *, typing: bool) -> None:
        """Move the marker by so many rows, and type there where that is wanted and possible."""
        raise NotImplementedError

    @property
    def is_typing(self) -> bool:
        """Whether a field is being typed in."""
        return self._editor is not None

    def types_into(self, state: FormState, name: str) -> bool:
        """Say whether this field is the one being typed in."""
        return self._typing is not None and self._typing[0] is state and self._typing[1] == name

    def error_of(self, state: FormState, name: str) -> str:
        """Give what is wrong with a field. While it is typed in, only what was wrong before and still is."""
        error = state.error(name)
        return (error and self._known_error) if self.types_into(state, name) else error

    async def type_into(self, state: FormState, name: str) -> None:
        """Put a text box over the value of the marked field and give it the focus."""
        old, self._editor, self._typing = self._editor, None, None
        self._known_error = state.error(name)
        editor = self._box_for(state, name, old)
        self._editor, self._typing, self._typing_key = editor, (state, name), self.key
        self.redraw()
        if editor is not old:
            await self.mount(editor)
            editor.focus(scroll_visible=False)
            if old is not None:
                old.remove()
        if state.new and not state.dirty(name) and isinstance(editor, LineEditor):
            # What stands in a new form by itself is typed over: `2` in the place of a `1` is not `12`.
            editor.action_select_all()
        self.say(state.hint(name))
        self.screen.refresh_bindings()

    def settle(self) -> None:
        """Take the text box away; what was typed stays in the form."""
        editor, self._editor, typing, self._typing = self._editor, None, self._typing, None
        if editor is None or typing is None:
            return
        self._keep(typing, editor.typed)
        self.focus(scroll_visible=False)
        editor.remove()
        self.say("")
        self.redraw()
        self.screen.refresh_bindings()

    def keep(self) -> None:
        """Take over what is typed, without leaving the text box."""
        if self._editor is not None and self._typing is not None:
            self._keep(self._typing, self._editor.typed)

    def say(self, sentence: str, role: str = "muted") -> None:
        """Show a sentence on the status line of the screen."""
        for line in self.screen.query(StatusLine):
            line.say(sentence, role)

    def redraw(self) -> None:
        """Build again; the text box stays over its field, and goes where that is shown no more."""
        super().redraw()
        if self.is_typing and self.key != self._typing_key:
            self.settle()
        self.place_editor()

    def place_editor(self) -> None:
        """Lay the text box over the value in the marked row."""
        if self._editor is None:
            return
        left = MARKER_WIDTH + 1 + self.label_width + 2
        styles = self._editor.styles
        styles.offset = Offset(left, max(0, self.cursor - self.top))
        styles.width = max(1, self.size.width - left)
        styles.height = (
            1 + self.rows_below(with_errors=False) if isinstance(self._editor, ParagraphEditor) else 1
        )

    def rows_below(self, *, with_errors: bool) -> int:
        """Count the rows below the marked one that belong to it: more of its text, what is wrong with it."""
        count = 0
        for row in self.rows[self.cursor + 1 :]:
            if row.key is not None or not row.spans or (row.spans[-1].role == "bad" and not with_errors):
                break
            count += 1
        return count

    def _box_for(self, state: FormState, name: str, old: TextBox | None) -> TextBox:
        field, text, leaves = state.fields[name], state.text(name), not self.flowing
        if field.control is Control.PARAGRAPH:
            return ParagraphEditor(text, typed=self._typed, left=self._left, leaves=leaves)
        joint = ", " if name == state.several or field.control is Control.WORDS else " "
        secret = field.secret
        if isinstance(old, LineEditor):
            old.start(text, joint=joint, secret=secret)
            return old
        typed, left = self._typed, self._left
        return LineEditor(text, joint=joint, typed=typed, left=left, leaves=leaves, secret=secret)

    def _typed(self, text: str) -> None:
        if self._typing is not None:
            self._keep(self._typing, text)

    def _keep(self, typing: tuple[FormState, str], text: str) -> None:
        state, name = typing
        if text != state.text(name):
            state.type(name, text)
            self.edited(name)

    async def _left(self, step: int, typing_on: bool) -> None:
        if step == 0:
            self.settle()
            return
        await self.go_on(step, typing=typing_on or (self.flowing and step > 0))

    def _reveal(self) -> bool:
        """Bring the marker into view with the rows that belong to it."""
        moved = super()._reveal()
        height = self.size.height
        below = min(self.cursor + self.rows_below(with_errors=True), len(self.rows) - 1)
        if self.cursor >= 0 and below >= self.top + height > 0:
            moved = self._set_top(min(self.cursor, below - height + 1)) or moved
        self.place_editor()
        return moved


Key = tuple[int, Hashable]
"""A row's key on a page: the place of its part, and the item within the part."""

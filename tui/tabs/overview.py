"""The overview: what helps while the phone rings, on one screen of 24 lines."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from tui.forms.formats import Formats
from tui.forms.items_part import ItemsPart
from tui.forms.part import FieldsPart, Part
from tui.forms.state import FormState
from tui.forms.values import choice_label
from tui.services.open_customer import OpenCustomer
from tui.services.unsent import author_of
from tui.text import cut, width_of, wrap
from tui.widgets.lines import Row, Span

_MOST_NOTES = 5
_NOTE_LINES = 3


class BriefItems(ItemsPart):
    """A list field without a heading: its name stands before each item, the kind behind."""

    def __init__(self, label: str, state: FormState, name: str) -> None:
        super().__init__("", state, name)
        self._fixed_label = label

    @property
    def label_width(self) -> int:
        """The width of the name, and of the field's title that stands where there is no item."""
        return max(width_of(self._fixed_label), width_of(self.state.fields[self.name].title))

    def _label(self, item: Mapping[str, Any]) -> str:
        del item
        return self._fixed_label

    def _words(self, item: Mapping[str, Any]) -> Sequence[Span]:
        kind = self._kind()
        word = choice_label(kind, str(item.get("type", self.item_fields["type"].initial))) if kind else ""
        return [Span(f"   {word.lower()}", "muted"), *super()._words(item)]


class Facts(FieldsPart):
    """Fields of which only those are shown that say something."""

    def __init__(self, state: FormState, names: Sequence[str], usual: Mapping[str, Any]) -> None:
        super().__init__("", state, names)
        self._all_names = tuple(names)
        self._usual = usual

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give the rows of fields that are set to something unusual, or that are being changed."""
        state = self.state
        self.names = tuple(
            name
            for name in self._all_names
            if state.dirty(name) or state.get(name) not in ("", None, self._usual.get(name))
        )
        return super().rows(width, label_width)


class NotesPart(Part):
    """The newest notes, to read and copy; they are written and changed on their own tab."""

    heading = "Notes"

    def __init__(self, opened: OpenCustomer) -> None:
        self.opened = opened

    def do_copy_field(self, item: Hashable) -> None:
        """Ask for the text of a note to be copied."""
        page = self.opened.document.notes
        body = next((note.body for note in (page.items if page else ()) if note.id == item), "")
        self.page.post_message(self.page.CopyAsked(self.page, body, "Note"))

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give author and age of each note with its first lines."""
        del label_width
        page = self.opened.document.notes
        notes = page.items if page is not None else []
        if not notes:
            return [Row((Span(" No notes yet. Press n to write one.", "muted"),))]
        formats: Formats = self.opened.form.formats
        rows: list[Row] = []
        for note in sorted(notes, key=lambda note: (not note.pinned, -note.created_at.timestamp()))[
            :_MOST_NOTES
        ]:
            pinned = [Span("pinned  ", "good")] if note.pinned else []
            who = Span(f"{author_of(note)}, {formats.ago(note.created_at)}", "muted")
            rows.append(Row((Span(" "), *pinned, who), note.id))
            lines = wrap(note.body, max(10, width - 3))
            shown = lines[:_NOTE_LINES]
            if len(lines) > _NOTE_LINES:
                shown[-1] = cut(shown[-1] + " …", width - 3)
            rows += [Row((Span(f"   {line}"),)) for line in shown]
        return rows

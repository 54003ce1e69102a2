"""Notes on the overview: pinned ones first, as many as help at a glance."""

from collections.abc import Sequence

from tui.forms.part import Part
from tui.services.open_customer import OpenCustomer
from tui.text import cut, wrap
from tui.widgets.lines import Row, Span

_MOST = 5
_LINES = 3


class NotesPart(Part):
    """The newest notes, to read; they are written and changed on their own tab."""

    heading = "Notes"

    def __init__(self, opened: OpenCustomer) -> None:
        self.opened = opened

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give author and age of each note with its first lines."""
        del label_width
        page = self.opened.document.notes
        notes = page.items if page is not None else []
        if not notes:
            return [Row((Span(" No notes yet. Press n to write one.", "muted"),))]
        formats = self.opened.form.formats
        rows: list[Row] = []
        for note in sorted(notes, key=lambda note: (not note.pinned, -note.created_at.timestamp()))[:_MOST]:
            pinned = [Span("pinned  ", "good")] if note.pinned else []
            who = Span(f"{note.author}, {formats.ago(note.created_at)}", "muted")
            rows.append(Row((Span(" "), *pinned, who)))
            lines = wrap(note.body, max(10, width - 3))
            shown = lines[:_LINES]
            if len(lines) > _LINES:
                shown[-1] = cut(shown[-1] + " …", width - 3)
            rows += [Row((Span(f"   {line}"),)) for line in shown]
        return rows

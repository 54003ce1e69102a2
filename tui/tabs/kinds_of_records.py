"""Every kind of record that is a list with a form, each in a few lines."""

from collections.abc import Sequence
from typing import Final

from client.models import DislikedService, Note
from tui.forms.formats import Formats
from tui.services.unsent import author_of
from tui.tabs.records import Records
from tui.text import fit, wrap
from tui.widgets.lines import Row, Span, edges

_BODY_LINES = 8
_NAME_WIDTH = 22


def _note_rows(note: Note, formats: Formats, width: int) -> Sequence[Row]:
    left = [Span(f"{formats.moment(note.created_at)}  ", "muted"), Span(author_of(note), "accent")]
    marks = [Span(" pinned", "good")] if note.pinned else []
    if note.visibility == "admin":
        marks.append(Span(" admins only", "warn"))
    body = wrap(note.body, max(10, width - 2))
    shown = [Row((Span(f"  {line}"),)) for line in body[:_BODY_LINES]]
    if len(body) > _BODY_LINES:
        shown.append(Row((Span(f"  … {len(body) - _BODY_LINES} more lines; press e to read them", "muted"),)))
    return [Row(edges(left, marks, width).spans, note.id), *shown, Row()]


def _disliked_rows(disliked: DislikedService, formats: Formats, width: int) -> Sequence[Row]:
    del formats
    first, *more = wrap(disliked.comment, max(10, width - _NAME_WIDTH - 3)) or [""]
    lines = [Row((Span(f" {fit(disliked.service, _NAME_WIDTH)}", "title"), Span(f"  {first}")), disliked.id)]
    indent = " " * (_NAME_WIDTH + 3)
    return [*lines, *(Row((Span(f"{indent}{line}"),)) for line in more[: _BODY_LINES - 1])]


NOTES: Final = Records(
    one="note",
    title="Notes",
    model=Note,
    permission="notes",
    collection=lambda api, customer_id: api.notes(customer_id),
    rows=_note_rows,
    fields=("body", "pinned", "visibility"),
    order=lambda note: (not note.pinned, -note.created_at.timestamp()),
    name=lambda _: "the note",
    copies=lambda note: note.body,
    empty="No notes yet.",
)

DISLIKED_SERVICES: Final = Records(
    one="disliked service",
    title="Disliked services",
    model=DislikedService,
    permission="disliked-services",
    collection=lambda api, customer_id: api.disliked_services(customer_id),
    rows=_disliked_rows,
    fields=("service_id", "comment"),
    order=lambda disliked: disliked.service.casefold(),
    name=lambda disliked: disliked.service,
    empty="None.",
)

"""Every kind of record that is a list with a form, each in a few lines."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from client.models import Branch, Label, Location, Note, Partner
from tui.forms.formats import Formats
from tui.tabs.records import Records
from tui.text import fit, wrap
from tui.widgets.lines import Row, Span, edges

_BODY_LINES = 8
_NAME_WIDTH = 22
_COLOR_WIDTH = 9


def _note_rows(note: Note, formats: Formats, width: int) -> Sequence[Row]:
    left = [Span(f"{formats.moment(note.created_at)}  ", "muted"), Span(note.author, "accent")]
    marks = [Span(" pinned", "good")] if note.pinned else []
    if note.visibility == "admin":
        marks.append(Span(" admins only", "warn"))
    body = wrap(note.body, max(10, width - 2))
    shown = [Row((Span(f"  {line}"),)) for line in body[:_BODY_LINES]]
    if len(body) > _BODY_LINES:
        shown.append(Row((Span(f"  … {len(body) - _BODY_LINES} more lines; press e to read them", "muted"),)))
    return [Row(edges(left, marks, width).spans, note.id), *shown, Row()]


def _label_rows(label: Label, formats: Formats, width: int) -> Sequence[Row]:
    del formats
    left = [
        Span(fit(label.name, _NAME_WIDTH), "title"),
        Span(fit(label.color, _COLOR_WIDTH), "muted"),
        Span(label.description),
    ]
    return [Row(edges(left, (), width).spans, label.id)]


def _branch_rows(branch: Branch, formats: Formats, width: int) -> Sequence[Row]:
    place = ", ".join(part for part in (branch.street, branch.postal_code, branch.city) if part)
    left = [Span(fit(branch.name, _NAME_WIDTH), "title"), Span(place, "muted")]
    right = [Span(f" {formats.phone(branch.phone)}")] if branch.phone else []
    return [Row(edges(left, right, width).spans, branch.id)]


def _named_rows(record: Partner | Location, formats: Formats, width: int) -> Sequence[Row]:
    del formats
    left = [Span(fit(record.name, _NAME_WIDTH), "title"), Span(record.description, "muted")]
    return [Row(edges(left, (), width).spans, record.id)]


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
    empty="No notes yet.",
)

LABELS: Final = Records(
    one="label",
    title="Labels",
    model=Label,
    permission="labels",
    collection=lambda api, _: api.labels,
    rows=_label_rows,
    fields=("name", "color", "description"),
    order=lambda label: label.name.casefold(),
    name=lambda label: f"the label {label.name}",
    removal="It is taken off every customer that carries it.",
    empty="No labels yet.",
)

BRANCHES: Final = Records(
    one="branch",
    title="Branches",
    model=Branch,
    permission="branches",
    collection=lambda api, _: api.branches,
    rows=_branch_rows,
    fields=("name", "phone", "street", "postal_code", "city", "country"),
    order=lambda branch: branch.name.casefold(),
    name=lambda branch: f"the branch {branch.name}",
    removal="Only one that no customer prefers can be removed.",
)

PARTNERS: Final = Records(
    one="partner",
    title="Partners",
    model=Partner,
    permission="partners",
    collection=lambda api, _: api.partners,
    rows=_named_rows,
    fields=("name", "description"),
    order=lambda partner: partner.name.casefold(),
    name=lambda partner: f"the partner {partner.name}",
    removal="Only one that no customer belongs to can be removed.",
)

LOCATIONS: Final = Records(
    one="location",
    title="Locations",
    model=Location,
    permission="locations",
    collection=lambda api, _: api.locations,
    rows=_named_rows,
    fields=("name", "description"),
    order=lambda location: location.name.casefold(),
    name=lambda location: f"the location {location.name}",
    removal="Only one that no customer belongs to can be removed.",
)

REFERENCE_LISTS: Final[Mapping[str, Records[Any]]] = {
    "labels": LABELS,
    "branches": BRANCHES,
    "partners": PARTNERS,
    "locations": LOCATIONS,
}
"""The lists that have a screen of their own, by the name of their collection."""

"""The history of a customer as rows: who did what when, and each field before and after."""

from collections.abc import Iterable, Sequence

from pydantic import BaseModel

from client.models import Branch, Change, Customer, Event, Label, Note
from tui.forms.formats import Formats
from tui.tabs.naming import field_name, value_text
from tui.text import cut
from tui.widgets.lines import Row, Span

MODELS: dict[str, type[BaseModel]] = {
    "customers": Customer,
    "notes": Note,
    "labels": Label,
    "branches": Branch,
}
"""What the first half of an event's kind names."""

_DID = {"created": "added", "changed": "changed", "removed": "removed"}
_VALUE_WIDTH = 60


def event_rows(events: Iterable[Event], formats: Formats) -> Sequence[Row]:
    """Give the rows of a history: a heading for each event that can be marked, its changes below."""
    rows: list[Row] = []
    for event in events:
        collection, _, verb = event.kind.partition(".")
        model = MODELS.get(collection, Customer)
        what = _DID.get(verb, verb.replace("_", " ").replace("-", " "))
        subject = "" if collection == "customers" else f" {collection.rstrip('s')}"
        heading = (
            Span(f"{formats.moment(event.at)}  ", "muted"),
            Span(event.actor or "the server", "accent"),
            Span(f" {what}{subject}"),
        )
        rows.append(Row(heading, event.id))
        rows += [_change_row(model, change, formats) for change in event.changes]
    return rows


def _change_row(model: type[BaseModel], change: Change, formats: Formats) -> Row:
    name = field_name(model, change.field)
    old, new = (
        cut(value_text(model, change.field, value, formats).replace("\n", " "), _VALUE_WIDTH)
        for value in (change.old, change.new)
    )
    spans = [Span(f"    {name}: ", "label")]
    if old:
        spans.append(Span(old, "muted"))
    spans.append(Span(" → " if old else "", "muted"))
    spans.append(Span(new, "text") if new else Span("removed", "muted"))
    return Row(tuple(spans))

"""What waits for the link, as people see it: records as they will be, and words for how many."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import ValidationError

from client.models.base import Page, Record

if TYPE_CHECKING:
    from client.models import CustomerDocument, Note
    from client.outbox import Edit

T = TypeVar("T", bound=Record)

UNSENT: Final = "unsent-"
"""What the id of a record begins with that the server has not made yet."""
WAITS: Final = "Kept on this machine; it is sent once the link is back."
"""What is said of a save that waits."""
NEEDS_YOU: Final = 'An edit that waited could not be saved: Ctrl+P, "edits that wait", says why and asks.'
"""What is said of an edit that only its author can decide on."""


def document_with(edits: "Sequence[Edit]", document: "CustomerDocument") -> "CustomerDocument":
    """Give a customer with what waits for it."""
    for edit in edits:
        if edit.customer_id != document.id:
            continue
        if edit.record_id == document.id:
            document = _changed(document, edit)
            continue
        name = edit.address.rpartition("/")[2].replace("-", "_")
        page = getattr(document, name, None)
        if isinstance(page, Page):
            items = records_with(edits, page.items, edit.address)
            document = document.model_copy(update={name: page.model_copy(update={"items": items})})
    return document


def records_with(edits: "Sequence[Edit]", records: Sequence[T], address: str) -> list[T]:
    """Give the records of a collection with what waits for it."""
    shown = {record.id: record for record in records}
    for edit in edits:
        if edit.address == address and edit.state != "refused":
            record: Any = as_record(edit, shown.get(edit.record_id))
            if record is not None and (not edit.record_id or edit.record_id in shown):
                shown[record.id] = record
    return list(shown.values())


def author_of(note: "Note") -> str:
    """Give who wrote a note; of one that waits, that it does."""
    return "not sent yet" if note.id.startswith(UNSENT) else note.author


def counted(edits: int) -> str:
    """Say how many edits: `1 edit`, `2 edits`."""
    return f"{edits} edit{'' if edits == 1 else 's'}"


def told_unsent(edits: "Sequence[Edit]", when: str) -> str:
    """Say that edits wait and when they are sent; nothing where none do."""
    if not edits:
        return ""
    waits, are = ("waits", "is") if len(edits) == 1 else ("wait", "are")
    return f" {counted(len(edits))} {waits} on this machine and {are} sent {when}."


def as_record(edit: "Edit", now: Record | None = None) -> Record | None:
    """Give the record that an edit leads to, `now` being how it is; None where only the server can tell."""
    from client import models
    from client.merge import merge
    from client.saving import shared

    at = datetime.fromtimestamp(edit.kept_at, UTC).isoformat()
    known = now.to_json() if now is not None else edit.base
    given = {"id": edit.unsent_id, "version": 1, "created_at": at, "updated_at": at} | {
        name: value for name, value in known.items() if name not in shared(known)
    }
    mine = merge(shared(edit.base), shared(edit.mine), shared(known)).value if now else shared(edit.mine)
    try:
        record: Record = getattr(models, edit.model).model_validate(mine | given)
    except ValidationError:
        return None
    return record


def _changed(document: "CustomerDocument", edit: "Edit") -> "CustomerDocument":
    from tui.services.open_customer import customer_of

    customer = as_record(edit, customer_of(document)) if edit.state != "refused" else None
    if customer is None:
        return document
    return document.model_copy(update={name: getattr(customer, name) for name in type(customer).model_fields})

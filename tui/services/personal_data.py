"""Everything that is held of a customer as two files: one for programs, one to read."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from client import models
from client.documents import made, saved
from client.errors import NotKept
from tui.forms.formats import Formats
from tui.services.references import References, names_for
from tui.tabs.naming import field_name, model_of, value_text

if TYPE_CHECKING:
    from client.api import CustomerApi

Progress = Callable[[int, int], None]

_STEPS = 3
_UNTOLD = ("id", "version", "record_id", "actor_id", "request_id")
"""Members that say nothing to the person whose data it is; the file for programs has them."""


async def export(
    api: "CustomerApi",
    customer: models.Customer,
    folder: Path,
    formats: Formats,
    references: References,
    progress: Progress,
) -> list[Path]:
    """Fetch what is held and write both files, for their owner's eyes only. Gives where they are.

    The names of the files are made of the number alone; nothing is overwritten. `references` says what the
    records are called that fields point to. Raises CustomerApiError.
    """
    progress(0, _STEPS)
    held = (await api.customers.personal_data(customer.id)).value
    progress(1, _STEPS)
    name = f"customer-{customer.number}-personal-data"
    for_programs = json.dumps(held.to_json(), ensure_ascii=False, indent=2) + "\n"
    names: dict[str, str] = {}
    for model, told in _told(held):
        names |= await names_for(references, model, told)
    to_read = await asyncio.to_thread(readable, held, formats, names)
    progress(2, _STEPS)

    def write() -> list[Path]:
        place = made(folder)
        files = {f"{name}.json": for_programs, f"{name}.md": to_read}
        return [saved(place, file, content.encode()) for file, content in files.items()]

    try:
        paths = await asyncio.to_thread(write)
    except OSError as problem:
        raise NotKept(f"{folder} cannot be written to: {problem.strerror}.") from problem
    progress(_STEPS, _STEPS)
    return paths


def _told(held: models.PersonalData) -> Iterator[tuple[type[BaseModel], list[tuple[str, Any]]]]:
    """Give for each model the fields that are told of it, with their values."""
    yield models.Customer, list(held.customer.items())
    for path, records in held.collections.items():
        if path != "events":
            yield model_of(path), [pair for record in records for pair in record.items()]
            continue
        for event in map(models.Event.model_validate, records):
            values = [(change.field, value) for change in event.changes for value in (change.old, change.new)]
            yield _model_of(event), values


def readable(held: models.PersonalData, formats: Formats, names: Mapping[str, str]) -> str:
    """Give what is held as a text with headings (CommonMark), every field by its title.

    `names` says what records are called, by their ids.
    """
    customer = held.customer
    lines = [f"# {_plain(customer.get('display_name', ''))}, customer {customer.get('number', '')}", ""]
    when = formats.moment(held.made_at)
    lines += [f"All that is held, as of {when}; put together by {_plain(held.made_by)}.", ""]
    lines += [*_record(models.Customer, customer, formats, names), ""]
    for path, records in held.collections.items():
        model = model_of(path)
        lines += [f"## {path.replace('-', ' ').capitalize()}: {len(records)}", ""]
        for record in records:
            entry = _entry(record, formats, names) if path == "events" else None
            lines += [*(entry or _record(model, record, formats, names)), ""]
    return "\n".join(lines)


def _record(
    model: type[BaseModel], record: Mapping[str, Any], formats: Formats, names: Mapping[str, str]
) -> Iterator[str]:
    for name, value in record.items():
        shown = "" if _says_nothing(name, value, names) else value_text(model, name, value, formats, names)
        if shown:
            yield f"- {_plain(field_name(model, name)).replace('_', ' ')}: {_plain(shown)}"


def _entry(entry: Mapping[str, Any], formats: Formats, names: Mapping[str, str]) -> Iterator[str]:
    """Tell one entry of the history: who did what when, and each field before and after."""
    event = models.Event.model_validate(entry)
    model = _model_of(event)
    yield f"- {formats.moment(event.at)}: {_plain(event.actor or 'the server')}, {event.kind}"
    for change in event.changes:
        if all(_says_nothing(change.field, value, names) for value in (change.old, change.new)):
            continue
        old, new = (
            value_text(model, change.field, value, formats, names) for value in (change.old, change.new)
        )
        yield f"  - {_plain(field_name(model, change.field))}: {_plain(old)} → {_plain(new)}"


def _says_nothing(name: str, value: Any, names: Mapping[str, str]) -> bool:
    """Say whether a member is for programs only: an id of what has no name, or is named beside it."""
    is_id = name.endswith("_id") and not name.endswith("external_id")
    return name in _UNTOLD or (is_id and value not in names)


def _model_of(event: models.Event) -> type[BaseModel]:
    return model_of(event.kind.partition(".")[0])


def _plain(text: str) -> str:
    """Give text on one line in which no letter means anything to a reader of Markdown."""
    one_line = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|~" else letter for letter in one_line)

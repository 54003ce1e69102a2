"""Everything that is held of a customer as two files: one for programs, one to read."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from client import models
from client.documents import made, saved
from client.errors import NotKept
from client.models.base import Model
from tui.forms.formats import Formats
from tui.tabs.history import MODELS
from tui.tabs.naming import field_name, value_text

if TYPE_CHECKING:
    from client.api import CustomerApi

Progress = Callable[[int, int], None]

_STEPS = 3
_UNTOLD = ("id", "version", "record_id", "actor_id", "request_id")
"""Members that say nothing to the person whose data it is; the file for programs has them."""


async def export(
    api: "CustomerApi", customer: models.Customer, folder: Path, formats: Formats, progress: Progress
) -> list[Path]:
    """Fetch what is held and write both files, for their owner's eyes only. Gives where they are.

    The names are made of the number alone; nothing is overwritten. Raises CustomerApiError.
    """
    progress(0, _STEPS)
    held = (await api.customers.personal_data(customer.id)).value
    progress(1, _STEPS)
    name = f"customer-{customer.number}-personal-data"
    for_programs = json.dumps(held.to_json(), ensure_ascii=False, indent=2) + "\n"
    to_read = await asyncio.to_thread(readable, held, formats)
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


def readable(held: models.PersonalData, formats: Formats) -> str:
    """Give what is held as a text with headings (CommonMark), every field by its title."""
    customer = held.customer
    lines = [f"# {_plain(customer.get('display_name', ''))}, customer {customer.get('number', '')}", ""]
    when = formats.moment(held.made_at)
    lines += [f"All that is held, as of {when}; put together by {_plain(held.made_by)}.", ""]
    lines += [*_record(models.Customer, customer, formats), ""]
    for path, records in held.collections.items():
        model = model_of(path)
        lines += [f"## {path.replace('-', ' ').capitalize()}: {len(records)}", ""]
        for record in records:
            lines += [*(_entry(record, formats) if path == "events" else _record(model, record, formats)), ""]
    return "\n".join(lines)


def _record(model: type[BaseModel], record: Mapping[str, Any], formats: Formats) -> Iterator[str]:
    for name, value in record.items():
        shown = value_text(model, name, value, formats) if name not in _UNTOLD else ""
        if shown:
            yield f"- {_plain(field_name(model, name)).replace('_', ' ')}: {_plain(shown)}"


def _entry(entry: Mapping[str, Any], formats: Formats) -> Iterator[str]:
    """Tell one entry of the history: who did what when, and each field before and after."""
    event = models.Event.model_validate(entry)
    model = model_of(event.kind.partition(".")[0])
    yield f"- {formats.moment(event.at)}: {_plain(event.actor or 'the server')}, {event.kind}"
    for change in event.changes:
        old, new = (value_text(model, change.field, value, formats) for value in (change.old, change.new))
        yield f"  - {_plain(field_name(model, change.field))}: {_plain(old)} → {_plain(new)}"


def model_of(path: str) -> type[BaseModel]:
    """Give the model of a collection's records; a bare one where this program does not know it."""
    member = models.CustomerDocument.model_fields.get(path.replace("-", "_"))
    for found in get_args(member.annotation) if member is not None else ():
        if isinstance(found, type) and issubclass(found, BaseModel):
            items = found.model_fields.get("items")
            return found if items is None else get_args(items.annotation)[0]
    return MODELS.get(path, Model)


def _plain(text: str) -> str:
    """Give text on one line in which no letter means anything to a reader of Markdown."""
    one_line = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|~" else letter for letter in one_line)

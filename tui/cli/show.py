"""`keeptabs show`: a customer as text that reads well aloud, or as JSON."""

import argparse
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tui.cli import exit_codes
from tui.cli.printing import add_forms, line, plain, put
from tui.cli.twin import (
    NotOne,
    add_customer,
    check_fields,
    formats_of,
    from_input,
    one_customer,
    parts_of,
    say,
    with_api,
)

if TYPE_CHECKING:
    from client.api import CustomerApi
    from client.models import CustomerDocument
    from tui.forms.formats import Formats

_LEFT_OUT = frozenset({"id", "version", "updated_at"})
_INCLUDED = ("notes", "summary")
_COLUMNS = ("number", "display_name", "status", "phones", "emails")


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "show",
        help="show a customer",
        description="Show a customer: a line for each thing that is known, as the screens say it.",
        epilog="Exit codes: 0 shown, 3 there is none such, 4 not signed in, 6 not reachable, 8 several fit.",
    )
    add_customer(parser, several=True)
    parser.add_argument(
        "--include", metavar="PARTS", default="", help="what else, such as invoices,bookings (with --json)"
    )
    add_forms(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show them."""
    return with_api(arguments, lambda api: _show(api, arguments))


async def _show(api: "CustomerApi", arguments: argparse.Namespace) -> int:
    from client.models import CustomerDocument

    check_fields(arguments, CustomerDocument.model_fields)
    include = parts_of(arguments.include)
    formats = None if arguments.form else await formats_of(api)
    shown, code = [], exit_codes.OK
    for wanted in from_input(arguments.customers):
        try:
            customer_id = await one_customer(api, wanted)
        except NotOne as not_one:
            say(not_one.sentence)
            code = not_one.code
            continue
        document = (await api.customers.open(customer_id, include=include or _INCLUDED)).value
        if formats is None:
            shown.append(document.to_json())
            continue
        names = await _names(api, document)
        for text in _spoken(document, formats, names, arguments.fields):
            line(text)
    if (
        arguments.form == "json"
        and len(arguments.customers) == 1
        and len(shown) == 1
        and not arguments.fields
    ):
        line(json.dumps(shown[0], ensure_ascii=False, indent=2))
    elif arguments.form:
        put(arguments, shown, _COLUMNS)
    return code


async def _names(api: "CustomerApi", document: "CustomerDocument") -> dict[str, dict[str, str]]:
    """Give the names of the records that members point to, by collection and id."""
    from client.errors import NotFound
    from client.models import Customer
    from client.models.kinds import Reference
    from tui.forms.fields import fields_of

    names: dict[str, dict[str, str]] = {}
    for name, field in fields_of(Customer).items():
        target = getattr(document, name)
        if isinstance(field.kind, Reference) and target:
            collection = getattr(api, field.kind.collection.replace("-", "_"))
            try:
                names[field.kind.collection] = {target: (await collection.get(target)).value.name}
            except NotFound:
                continue
    return names


def _spoken(
    document: "CustomerDocument", formats: "Formats", names: Mapping[str, Mapping[str, str]], fields: str
) -> Iterator[str]:
    """Give a line for each member that says something, lists an item a line."""
    from client.models import Customer
    from tui.forms.fields import fields_of
    from tui.forms.values import shown

    wanted = set(parts_of(fields))
    record = document.to_json()
    if not wanted:
        yield f"{record.get('number', '')} {record.get('display_name', '')}".strip()
    for name, field in fields_of(Customer).items():
        value = record.get(name)
        if value in (None, "", [], {}) or name in _LEFT_OUT or (wanted and name not in wanted):
            continue
        if isinstance(value, list) and field.item_model is not None:
            for item in value:
                yield f"{field.title}: {_item(item, formats)}"
        elif isinstance(value, Mapping):
            yield f"{field.title}: {plain(value)}"
        else:
            yield f"{field.title}: {plain(shown(field, value, formats, names))}"
    if not wanted and document.notes is not None:
        for note in document.notes.items:
            yield f"Note by {note.author}, {formats.moment(note.created_at)}: {plain(note.body)}"


def _item(item: Mapping[str, Any], formats: "Formats") -> str:
    """Give an item as words: what it is, then its kind, then what it is used for."""
    if "severity" in item:
        return f"{plain(item.get('text'))} ({item['severity']})"
    marks = [name.removeprefix("is_").replace("_", " ") for name, value in item.items() if value is True]
    told = [
        formats.phone(str(value)) if name == "number" else plain(value)
        for name, value in item.items()
        if name not in ("id", "type") and not isinstance(value, bool | float)
    ]
    return ", ".join(part for part in [*told, plain(item.get("type")), *marks] if part)

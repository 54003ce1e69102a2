"""`keeptabs edit`: change members of a customer, each as people type it."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui.cli import exit_codes
from tui.cli.twin import NotOne, add_customer, formats_of, one_customer, refuse_to_write, say, with_api

if TYPE_CHECKING:
    from client.api import CustomerApi
    from tui.forms.formats import Formats

_ABOUT = """\
Each change is NAME=VALUE: status=active, born_on=12.3.85, company_name="Byrne & Co", labels=vip,donor.
An empty value takes away what is there. Of phones, emails and addresses the primary one is meant:
phone=02079460958, email=joanna@example.org, city=London.
Exit codes: 0 saved, 2 a value that cannot be taken, 3 there is none such, 4 not signed in, 5 not allowed,
6 not reachable, 7 somebody changed it at the same time, 8 several fit.
"""
_PARTS = {"phone": ("phones", "number"), "email": ("emails", "address")}
"""Members of a list that have a short name, with the member that is meant."""


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "edit",
        help="change a customer",
        description="Change a customer.",
        epilog=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_customer(parser)
    parser.add_argument("changes", metavar="NAME=VALUE", nargs="+", help="what to change")
    parser.add_argument("--if-version", metavar="N", type=int, help="only if this is still the version")


def run(arguments: argparse.Namespace) -> int:
    """Save the changes."""
    return with_api(arguments, lambda api: _edit(api, arguments))


async def _edit(api: "CustomerApi", arguments: argparse.Namespace) -> int:
    refuse_to_write(arguments)
    formats = await formats_of(api)
    customer_id = await one_customer(api, arguments.customer)
    customer = (await api.customers.get(customer_id)).value
    patch = _patch(arguments.changes, customer.to_json(), formats)
    version = arguments.if_version or customer.version
    saved = (await api.customers.update(customer_id, patch, version=version)).value
    say(f"Saved {saved.number} {saved.display_name}.")
    return exit_codes.OK


def _patch(changes: list[str], record: Mapping[str, Any], formats: "Formats") -> dict[str, Any]:
    """Read every change as a form would. Raises NotOne with the sentence of the first that cannot be."""
    from client.models.kinds import Refused

    patch: dict[str, Any] = {}
    for change in changes:
        name, equals, text = change.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise NotOne(exit_codes.USAGE, f"{name}: Write NAME=VALUE.")
        try:
            member, value = _read(name, text, {**record, **patch}, formats)
        except Refused as refused:
            raise NotOne(exit_codes.USAGE, f"{name}: {refused.sentence}") from None
        patch[member] = value
    return patch


def _read(name: str, text: str, record: Mapping[str, Any], formats: "Formats") -> tuple[str, Any]:
    """Give the member of the customer that a name means, and its value. Raises `Refused` and NotOne."""
    from client.models import Address, Customer, Email, Model, PhoneNumber
    from tui.forms.fields import fields_of
    from tui.forms.values import read

    known = fields_of(Customer)
    if name in known and not known[name].read_only and known[name].item_model is None:
        return name, read(known[name], text, formats) if text else None
    parts = {**_PARTS, **{member: ("addresses", member) for member in Address.model_fields}}
    if name in known or name not in parts:
        raise NotOne(exit_codes.USAGE, f"{name}: {_no_such(name, known)}")
    of, member = parts[name]
    models: dict[str, type[Model]] = {"phones": PhoneNumber, "emails": Email, "addresses": Address}
    field = fields_of(models[of])[member]
    items = [dict(item) for item in record.get(of, [])]
    return of, _with_primary(items, member, read(field, text, formats) if text else None)


def _with_primary(items: list[dict[str, Any]], member: str, value: Any) -> list[dict[str, Any]]:
    """Set a member of the primary item, of a new one where there is none; without a value it goes."""
    place = next((n for n, item in enumerate(items) if item.get("is_primary")), None)
    if place is None:
        return items if value is None else [*items, {member: value}]
    if value is None and member in ("number", "address"):
        return [item for n, item in enumerate(items) if n != place]
    items[place] = {name: kept for name, kept in (items[place] | {member: value}).items() if kept is not None}
    return items


def _no_such(name: str, known: Mapping[str, Any]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    return "There is nothing of that name to change." + (f" Did you mean {near[0]}?" if near else "")

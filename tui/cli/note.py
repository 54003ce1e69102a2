"""`keeptabs note`: a note on a customer."""

import argparse
from collections.abc import Mapping
from typing import Any

from tui.cli.writing import Written


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pin", action="store_true", help="pin it above the others")
    parser.add_argument("--admins-only", action="store_true", help="for admins only")


def _members(arguments: argparse.Namespace) -> Mapping[str, Any]:
    return {"pinned": arguments.pin, "visibility": "admin" if arguments.admins_only else "staff"}


_NOTE = Written(
    name="note",
    about="write a note on a customer",
    options=_options,
    members=_members,
    collection=lambda api, customer_id: api.notes(customer_id),
    done="Written.",
)
register, run = _NOTE.register, _NOTE.run

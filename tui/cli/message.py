"""`keeptabs message`: an e-mail to a customer."""

import argparse
from collections.abc import Mapping
from typing import Any

from tui.cli.writing import Written


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--subject", required=True, help="the subject line")
    parser.add_argument("--to", default="", help="another of the customer's addresses than the primary one")


def _members(arguments: argparse.Namespace) -> Mapping[str, Any]:
    return {"subject": arguments.subject} | ({"to": arguments.to} if arguments.to else {})


_MESSAGE = Written(
    name="message",
    about="write an e-mail to a customer",
    options=_options,
    members=_members,
    collection=lambda api, customer_id: api.messages(customer_id),
    done="Queued: the server sends it.",
)
register, run = _MESSAGE.register, _MESSAGE.run

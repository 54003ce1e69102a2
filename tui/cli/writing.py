"""What is written about a customer, or to one, from the command line: each kind a declaration."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.cli import exit_codes
from tui.cli.twin import NotOne, add_customer, one_customer, refuse_to_write, say, text_of, with_api

if TYPE_CHECKING:
    from client.api import CustomerApi
    from client.collection import Collection

_EXIT_CODES = (
    "Exit codes: 0 written, 2 nothing to write, 3 there is none such, 4 not signed in, 5 not allowed, "
    "6 not reachable, 8 several customers fit."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A kind of thing that is written: its name, its options, and what they say."""

    name: str
    about: str
    options: Callable[[argparse.ArgumentParser], None]
    """Adds the options beside customer and text."""
    members: Callable[[argparse.Namespace], Mapping[str, Any]]
    """Gives what they say, beside the body."""
    collection: "Callable[[CustomerApi, str], Collection[Any]]"
    done: str

    def register(self, subparsers: Any) -> None:
        """Add the subcommand."""
        described = f"{self.about[:1].upper()}{self.about[1:]}."
        parser = subparsers.add_parser(self.name, help=self.about, description=described, epilog=_EXIT_CODES)
        add_customer(parser)
        parser.add_argument("text", metavar="TEXT", nargs="*", help="the text; missing or -: standard input")
        self.options(parser)

    def run(self, arguments: argparse.Namespace) -> int:
        """Write it."""
        return with_api(arguments, lambda api: self._write(api, arguments))

    async def _write(self, api: "CustomerApi", arguments: argparse.Namespace) -> int:
        refuse_to_write(arguments)
        customer_id = await one_customer(api, arguments.customer)
        body = text_of(arguments.text)
        if not body:
            raise NotOne(exit_codes.USAGE, "There is nothing to write.")
        await self.collection(api, customer_id).create({"body": body, **self.members(arguments)})
        say(self.done)
        return exit_codes.OK

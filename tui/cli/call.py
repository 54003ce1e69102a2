"""`keeptabs call NUMBER`: who is calling, in the application that runs already, or in one that opens."""

import argparse
import os
import sys
from dataclasses import replace
from typing import Any

from tui.cli import exit_codes
from tui.cli.sessions import add_session
from tui.options import OpenOptions

_ABOUT = """\
NUMBER is a telephone number in any writing, or a tel: link. The profile of the only customer with that
number opens; of several a list is shown; for nobody the form of a new customer, with the number in it.
Exit codes: 0 shown, 2 no number, or no application runs and this is no terminal.
"""


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "call",
        help="show who is calling",
        description="Show who is calling.",
        epilog=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "number", metavar="NUMBER", nargs="+", help="such as +442079460958 or tel:+442079460958"
    )
    add_session(parser)


def run(arguments: argparse.Namespace) -> int:
    """Ring."""
    from tui.services.calls import caller, folder_for_calls, ring

    number = caller(" ".join(arguments.number))
    if not any(character.isdigit() for character in number):
        print("This is no telephone number.", file=sys.stderr)  # noqa: T201 - the command line speaks on stderr
        return exit_codes.USAGE
    if ring(folder_for_calls(os.environ), number):
        return exit_codes.OK
    from tui.terminal.opening import open_on_terminal

    options = OpenOptions(
        server=arguments.server,
        user=arguments.user,
        profile=arguments.profile or "",
        theme=arguments.theme,
        read_only=arguments.read_only,
        driver=arguments.driver,
    )
    return open_on_terminal(replace(options, call=number))

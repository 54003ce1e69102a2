"""The root of the command line: one line per subcommand, none of them imported before it is asked for."""

import argparse
import importlib
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, cast

DRIVERS = ("keeptabs", "stock")


class Subcommand(NamedTuple):
    """Where a subcommand lives and the line that `--help` shows for it."""

    module: str
    summary: str


SUBCOMMANDS: dict[str, Subcommand] = {
    "demo": Subcommand("tui.cli.demo", "try everything on a sample business, with one command"),
    "serve": Subcommand("tui.cli.serve", "run the server on SQLite or PostgreSQL"),
    "staff": Subcommand("tui.cli.staff", "make and list the accounts of a server"),
    "find": Subcommand("tui.cli.find", "find customers"),
    "show": Subcommand("tui.cli.show", "show a customer"),
    "edit": Subcommand("tui.cli.edit", "change a customer"),
    "note": Subcommand("tui.cli.note", "write a note on a customer"),
    "message": Subcommand("tui.cli.message", "write an e-mail to a customer"),
    "export": Subcommand("tui.cli.export", "export customers as CSV, vCard or JSON Lines"),
    "import": Subcommand("tui.cli.import_customers", "import customers from a CSV file"),
    "call": Subcommand("tui.cli.call", "show who is calling"),
    "login": Subcommand("tui.cli.login", "sign in to a server"),
    "logout": Subcommand("tui.cli.logout", "sign out, and revoke the session"),
    "doctor": Subcommand(
        "tui.cli.doctor", "show what is known of this terminal, this machine and the server"
    ),
    "completion": Subcommand("tui.cli.completion", "complete subcommands and options in your shell"),
    "config": Subcommand("tui.cli.config", "show and check the configuration"),
    "themes": Subcommand("tui.cli.themes", "list, check, make and preview themes"),
    "status": Subcommand("tui.cli.status", "show who is signed in where"),
}

Subparsers = Any  # argparse's own type is private


class CommandModule(Protocol):
    """What the module of a subcommand offers."""

    def register(self, subparsers: Subparsers) -> None:
        """Add the subcommand's own parser to `subparsers`."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it; the result is one of `tui.cli.exit_codes`."""


class BrokenSubcommand(Exception):
    """A subcommand whose module cannot be imported; the others still work."""


class _Version(argparse.Action):
    """Prints the version; looked up only when asked for, for it reads package metadata."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="show the version and leave")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"keeptabs {version('keeptabs')}")  # noqa: T201 - what was asked for
        parser.exit()


def parse(argv: Sequence[str]) -> tuple[argparse.Namespace, CommandModule | None]:
    """Parse `argv`; the module is None when the application itself shall open.

    Leaves with `USAGE` on arguments that cannot be understood. Raises BrokenSubcommand.
    """
    wanted = next((word for word in _words(argv) if word in SUBCOMMANDS), None)
    module = load(wanted) if wanted else None
    parser = build_parser(wanted, module)
    arguments, rest = parser.parse_known_args(argv)
    if rest and hasattr(arguments, "text") and not any(word.startswith("-") for word in rest):
        # Words of a text behind an option: argparse has finished with the text by then.
        arguments.text += rest
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return arguments, module


def build_parser(wanted: str | None = None, module: CommandModule | None = None) -> argparse.ArgumentParser:
    """Build the root parser; only the `wanted` subcommand knows its own arguments."""
    parser = argparse.ArgumentParser(
        prog="keeptabs",
        description="Find a customer while the phone still rings. Without a subcommand, the app opens.",
    )
    parser.add_argument("--version", action=_Version)
    parser.add_argument("--server", metavar="URL", help="the server to use (default: the one used last)")
    parser.add_argument("--user", metavar="NAME", help="the account to use (default: the one used last)")
    parser.add_argument("--profile", metavar="NAME", help="the profile of the configuration to use")
    parser.add_argument("--theme", metavar="NAME", help="the colours to use")
    parser.add_argument("--read-only", action="store_true", help="look, but write nothing")
    parser.add_argument(
        "--driver",
        choices=DRIVERS,
        default=DRIVERS[0],
        help="how the screen is drawn; 'stock' is the way out should the terminal show nonsense",
    )
    subparsers = parser.add_subparsers(title="subcommands", dest="command", metavar="SUBCOMMAND")
    for name, subcommand in SUBCOMMANDS.items():
        if module is not None and name == wanted:
            module.register(subparsers)
        else:
            subparsers.add_parser(name, help=subcommand.summary, add_help=False)
    return parser


def load(name: str) -> CommandModule:
    """Import the module of one subcommand."""
    try:
        return cast("CommandModule", importlib.import_module(SUBCOMMANDS[name].module))
    except Exception as error:
        raise BrokenSubcommand(f"'keeptabs {name}' cannot be used here: {error}") from error


def _words(argv: Sequence[str]) -> list[str]:
    """Give the arguments that may name a subcommand: not options, nor the values that follow them."""
    words, value_follows = [], False
    for argument in argv:
        if value_follows:
            value_follows = False
        elif argument in ("--server", "--user", "--profile", "--theme", "--driver"):
            value_follows = True
        elif not argument.startswith("-"):
            words.append(argument)
    return words[:1]

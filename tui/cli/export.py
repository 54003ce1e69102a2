"""`keeptabs export`: customers as a table, as cards or as JSON Lines, for files and for other programs."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.cli import exit_codes
from tui.cli.sessions import add_session
from tui.cli.twin import NotOne, parts_of, say, search_for, with_api

if TYPE_CHECKING:
    from client.api import CustomerApi
    from client.exporting import Exported
    from client.models import ExportRequest

_CHANNELS = ("email", "post", "sms", "push")
_ABOUT = """\
Everyone who is not archived is exported, or whom the words and options find, in the order of numbers.
With --channel it is for marketing: whoever said no to that channel is left out whatever else is asked for,
and how many those are is told on standard error.
Exit codes: 0 exported, 1 the file cannot be written or the words fit too many, 2 usage, 3 nobody found,
4 not signed in, 5 not allowed, 6 not reachable or cut off in the middle.
"""


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "export",
        help="export customers as CSV, vCard or JSON Lines",
        description="Export customers as CSV, vCard 4.0 or JSON Lines.",
        epilog=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("words", metavar="WORD", nargs="*", help="whom, as in find; without: everyone")
    parser.add_argument(
        "--format", choices=("csv", "vcard", "jsonl"), default="csv", help="how (default: csv)"
    )
    parser.add_argument("--channel", choices=_CHANNELS, default="", help="for marketing by this channel")
    parser.add_argument(
        "--willing", action="store_true", help="with --channel: only those who said yes to it"
    )
    parser.add_argument("--status", metavar="WORDS", default="", help="only these: new,active,inactive")
    parser.add_argument("--label", metavar="NAMES", default="", help="only who carries all of these labels")
    parser.add_argument(
        "--archived", choices=("no", "yes", "any"), default="no", help="archived ones too, or alone"
    )
    parser.add_argument("--fields", metavar="COLUMNS", default="", help="only these, with commas between")
    parser.add_argument(
        "--output", metavar="FILE", default="-", help="a new file (default: -, standard output)"
    )
    add_session(parser)


def run(arguments: argparse.Namespace) -> int:
    """Export."""
    arguments.file = Path(arguments.output).expanduser()
    return with_api(arguments, lambda api: _export(api, arguments))


async def _export(api: "CustomerApi", arguments: argparse.Namespace) -> int:
    from client.exporting import save, stream

    request = _request(arguments)
    if arguments.output == "-":
        told = await stream(api, request, _put)
        sys.stdout.buffer.flush()
    else:
        told = await save(api, request, arguments.file, _unheard, exact=True)
    _tell(told, arguments)
    return exit_codes.OK if told.total else exit_codes.NOT_FOUND


def _request(arguments: argparse.Namespace) -> "ExportRequest":
    from client.models import ExportRequest

    if arguments.willing and not arguments.channel:
        raise NotOne(exit_codes.USAGE, "--willing goes with --channel.")
    return ExportRequest(
        format=arguments.format,
        search=search_for(
            q=" ".join(arguments.words),
            status=parts_of(arguments.status),
            label=parts_of(arguments.label),
            archived=arguments.archived,
        ),
        columns=parts_of(arguments.fields),
        channel=arguments.channel,
        willing="granted" if arguments.willing else "not_denied",
    )


async def _put(piece: bytes) -> None:
    sys.stdout.buffer.write(piece)


def _unheard(have: int, whole: int) -> None:
    """Take progress, which a script has no use for."""


def _tell(told: "Exported", arguments: argparse.Namespace) -> None:
    where = f" to {told.path}" if told.path is not None else ""
    left = f"; {told.left_out} left out, who said no" if arguments.channel else ""
    missing = f"; {told.unreachable} without an address or a number for it" if arguments.channel else ""
    say(f"Exported {told.total}{where}{left}{missing}.")

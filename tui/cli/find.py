"""`keeptabs find`: the list of customers for scripts and for screen readers."""

import argparse
from typing import TYPE_CHECKING, Any

from tui.cli import exit_codes
from tui.cli.printing import add_forms, put
from tui.cli.sessions import add_session
from tui.cli.twin import check_fields, from_input, parts_of, search_for, with_api

if TYPE_CHECKING:
    from client.api import CustomerApi

COLUMNS = ("number", "display_name", "phone", "email", "city", "status", "labels")


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "find",
        help="find customers",
        description="Find customers by words of names, digits of phones, e-mail, number, city, label.",
        epilog="Exit codes: 0 found, 2 usage, 3 nobody found, 4 not signed in, 6 not reachable.",
    )
    parser.add_argument(
        "words", metavar="WORD", nargs="*", help="what to find; - reads one search a line from standard input"
    )
    parser.add_argument(
        "--status", metavar="WORDS", default="", help="only these: new,active,inactive,blocked"
    )
    parser.add_argument("--label", metavar="NAMES", default="", help="only who carries all of these labels")
    parser.add_argument(
        "--archived", choices=("no", "yes", "any"), default="no", help="archived ones too, or alone"
    )
    parser.add_argument("--sort", metavar="COLUMN", default="recent", help="such as name or -number")
    parser.add_argument(
        "--limit", metavar="ROWS", type=int, default=25, help="how many at most (default: 25)"
    )
    add_forms(parser)
    add_session(parser)


def run(arguments: argparse.Namespace) -> int:
    """Find and print."""
    if arguments.limit < 1:
        arguments.limit = 1
    return with_api(arguments, lambda api: _find(api, arguments))


async def _find(api: "CustomerApi", arguments: argparse.Namespace) -> int:
    from client.models import CustomerRow

    check_fields(arguments, CustomerRow.model_fields)
    wanted = list(from_input(["-"])) if arguments.words == ["-"] else [" ".join(arguments.words)]
    rows: dict[str, dict[str, Any]] = {}
    for words in wanted:
        async for row in _found(api, arguments, words):
            rows.setdefault(row["id"], row)
    return put(arguments, rows.values(), COLUMNS) if rows else _nobody(arguments)


async def _found(api: "CustomerApi", arguments: argparse.Namespace, words: str) -> Any:
    left, cursor = arguments.limit, ""
    while left > 0:
        search = search_for(
            q=words,
            status=parts_of(arguments.status),
            label=parts_of(arguments.label),
            archived=arguments.archived,
            sort=arguments.sort,
            limit=min(left, 200),
            cursor=cursor,
        )
        page = (await api.customers.search(search)).value
        for row in page.items:
            yield row.to_json()
        left -= len(page.items)
        cursor = page.next_cursor or ""
        if not cursor:
            return


def _nobody(arguments: argparse.Namespace) -> int:
    put(arguments, [], COLUMNS)
    return exit_codes.NOT_FOUND

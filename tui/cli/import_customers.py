"""`keeptabs import`: customers from a CSV file, checked row by row before anything is written."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.cli import exit_codes
from tui.cli.printing import line
from tui.cli.sessions import add_session
from tui.cli.twin import NotOne, formats_of, refuse_to_write, say, with_api

if TYPE_CHECKING:
    from client.api import CustomerApi
    from client.models import Import
    from client.tables import Table

_ABOUT = """\
Columns are guessed from their names; --map Telefon=phone says what one is, --map Notes= leaves one out.
Everything is checked first. What is wrong is written to standard output, a line each: row, column, sentence.
Then all is written at once, or nothing. Rows of customers who are there already (the same external id, phone,
e-mail, or name and postcode) are left out, unless --duplicates says otherwise.
Exit codes: 0 imported (or with --dry-run: all rows are fit), 1 rows that cannot be imported, or a file that
cannot be read, 2 usage, 4 not signed in, 5 not allowed, 6 not reachable.
"""


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "import",
        help="import customers from a CSV file",
        description="Import customers from a CSV file.",
        epilog=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="a table with the names of its columns in the first row")
    parser.add_argument(
        "--map", metavar="COLUMN=MEMBER", action="append", default=[], help="what a column is; repeatable"
    )
    parser.add_argument(
        "--duplicates",
        choices=("skip", "update", "add"),
        default="skip",
        help="what happens to rows that are likely there (default: skip)",
    )
    parser.add_argument("--leave-out-faulty", action="store_true", help="import the other rows all the same")
    parser.add_argument("--dry-run", action="store_true", help="check, and write nothing")
    add_session(parser)


def run(arguments: argparse.Namespace) -> int:
    """Import."""
    arguments.path = Path(arguments.file).expanduser()
    return with_api(arguments, lambda api: _import(api, arguments))


async def _import(api: "CustomerApi", arguments: argparse.Namespace) -> int:
    from client import importing
    from client.tables import read_table
    from tui.services.importing import Converter, guesses

    refuse_to_write(arguments)
    table = read_table(arguments.path)
    fields = [field async for field in api.custom_fields.each(limit=200)]
    columns = _mapped(table, guesses(table, {field.key: field.name for field in fields}), arguments.map)
    say(
        "Columns: " + ", ".join(f"{h} → {c or 'left out'}" for h, c in zip(table.heads, columns, strict=True))
    )
    members = {"name": arguments.path.name[:150], "columns": columns, "sha256": table.sha256}
    one = await importing.begin(api, members)
    converter = Converter(columns, await formats_of(api), {field.key: field.type for field in fields})
    await importing.send(api, one, converter.rows(table), 0, _unheard)
    one = await importing.check(api, one.id, _unheard)
    await _print_faults(api, one)
    faulty = "leave_out" if arguments.leave_out_faulty else "refuse"
    say(_found(one))
    if arguments.dry_run or (one.report.faulty and faulty == "refuse"):
        return exit_codes.FAILED if one.report.faulty else exit_codes.OK
    done = await importing.run(api, one, arguments.duplicates, faulty, _unheard)
    report = done.report
    say(f"Added {report.added}, changed {report.updated}, left out {report.left_out}.")
    return exit_codes.OK


def _mapped(table: "Table", guessed: list[str], given: list[str]) -> list[str]:
    columns = list(guessed)
    for pair in given:
        head, equals, member = pair.rpartition("=")
        places = [place for place, known in enumerate(table.heads) if known.casefold() == head.casefold()]
        if not equals or not places:
            known = ", ".join(table.heads)
            raise NotOne(exit_codes.USAGE, f"--map takes COLUMN=MEMBER; the columns are: {known}.")
        if member:
            columns = ["" if column == member else column for column in columns]
        columns[places[0]] = member
    return columns


async def _print_faults(api: "CustomerApi", one: "Import") -> None:
    from client import importing

    after: int | None = 0
    while after is not None and one.report.faulty:
        found = await importing.findings(api, one.id, "fault", after)
        for fault in found.items:
            line(f"{fault.row}\t{fault.column}\t{fault.sentence}")
        after = found.next_row


def _found(one: "Import") -> str:
    report = one.report
    fit = report.checked - report.empty - report.faulty
    return (
        f"{fit} rows can be imported, {report.faulty} cannot; {report.existing} are likely there already, "
        f"{report.repeated} come twice."
    )


def _unheard(have: int, whole: int) -> None:
    """Take progress, which a script has no use for."""

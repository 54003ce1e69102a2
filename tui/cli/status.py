"""`keeptabs status`: who is signed in where, as far as this machine knows; nothing is asked of a server."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from client import errors
from tui.cli import exit_codes
from tui.cli.sessions import exit_code, session_store

if TYPE_CHECKING:
    from client.session import Session


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "status",
        help="show who is signed in where",
        description="Show the sessions on this machine; * marks the one used last.",
        epilog="Exit codes: 0 somebody is signed in, 1 failed, 4 nobody is.",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Show the sessions."""
    try:
        store = session_store()
        sessions, last = store.sessions(), store.current()
    except errors.CustomerApiError as error:
        print(error.sentence, file=sys.stderr)  # noqa: T201 - the command line speaks on stderr
        return exit_code(error)
    rows = [_row(session, last) for session in sessions]
    if arguments.json:
        print(json.dumps(rows, indent=2))  # noqa: T201 - the data asked for
    for row in [] if arguments.json else rows:
        state = "signed in" if row["signed_in"] else "signed out"
        state += ", a demo: only with --server" if row["demo"] else ""
        print(f"{'*' if row['last'] else ' '} {row['name']}  {row['server']}  {state}  {row['kept']}")  # noqa: T201 - the data asked for
    return exit_codes.OK if any(row["signed_in"] for row in rows) else exit_codes.SIGNED_OUT


def _row(session: "Session", last: str | None) -> dict[str, Any]:
    return {
        "name": session.name,
        "server": session.server,
        "login": session.login,
        "signed_in": session.signed_in,
        "kept": session.kept,
        "last": session.name == last and not session.demo,
        "demo": bool(session.demo),
    }

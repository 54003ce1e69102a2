"""`keeptabs logout`: end a session here and on its server."""

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

from client import errors
from tui.cli import exit_codes
from tui.cli.sessions import add_session, asked_session, exit_code, session_store

if TYPE_CHECKING:
    from client.session import Session, SessionStore


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "logout",
        help="sign out, and revoke the session",
        description="Sign out: of the session used last, or of the one that --server and --user name.",
        epilog="Unsaved drafts stay. Exit codes: 0 signed out, 1 failed, 3 no such session.",
    )
    parser.add_argument("--all", action="store_true", help="sign out everywhere")
    parser.add_argument("--forget", action="store_true", help="also forget recently opened customers")
    add_session(parser)


def run(arguments: argparse.Namespace) -> int:
    """Sign out."""
    store = session_store()
    try:
        one = asked_session(store, arguments)
        sessions = store.sessions() if arguments.all else [one] if one else []
        if not sessions:
            _say("There is no such session.")
            return exit_codes.NOT_FOUND
        for session in sessions:
            _sign_out(store, session, forget=arguments.forget)
    except errors.CustomerApiError as error:
        _say(error.sentence)
        return exit_code(error)
    return exit_codes.OK


def _sign_out(store: "SessionStore", session: "Session", *, forget: bool) -> None:
    import asyncio

    from client.auth.sign_in import sign_out
    from client.cache import SeenAnswers
    from client.outbox import Outbox
    from client.recents import RecentStore
    from client.session.store import state_folder
    from client.transport import LinkSettings, Transport
    from tui.services.unsent import told_unsent

    async def work() -> bool:
        async with Transport(LinkSettings.of(session.server, os.environ)) as transport:
            return await sign_out(transport, store, session.name)

    told = asyncio.run(work())
    SeenAnswers(state_folder(), session.server, session.login).clear()
    if forget:
        RecentStore(state_folder(), session.server, session.login).clear()
    unsent = Outbox(state_folder(), session.server, session.login).list()
    _say(f"Signed out of {session.name}.{told_unsent(unsent, 'when you sign in again')}")
    if not told:
        _say("The server could not be told; there, the session ends by itself.")


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201 - the command line speaks on stderr

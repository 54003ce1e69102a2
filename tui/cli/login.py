"""`keeptabs login`: sign in to a server; the session is there for every later start."""

import argparse
import os
import sys
from typing import Any

from client import errors
from tui.cli import exit_codes
from tui.cli.sessions import add_session, exit_code, session_store

_ABOUT = """\
The password is asked for on the terminal, or read from a pipe with --password-stdin. It is never an
argument: those can be read by everyone on the machine. The session is kept in the keyring of the desktop
where there is one, else in a file that only you can read; KEEPTABS_KEYRING=no always takes the file.
Exit codes: 0 signed in, 1 failed, 2 usage, 4 wrong name or password, 6 not reachable.
"""


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "login",
        help="sign in to a server",
        description="Sign in to a server.",
        epilog=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("address", metavar="SERVER", nargs="?", help="such as https://desk.example.org")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    add_session(parser)


def run(arguments: argparse.Namespace) -> int:
    """Sign in."""
    from client.address import server_address

    store = session_store()
    try:
        known = store.find(arguments.address or arguments.server or "", arguments.user or "")
        server = arguments.address or arguments.server or (known.server if known else "")
        plain = os.environ.get("KEEPTABS_ALLOW_PLAIN_HTTP", "") == "yes"
        server = server_address(server or _asked("Server: "), allow_plain_http=plain)
        login = arguments.user or _asked("Sign-in name: ", known.login if known else "")
        return _sign_in(server, login.strip().lower(), _password(arguments))
    except errors.CustomerApiError as error:
        _say(error.sentence)
        return exit_code(error)
    except EOFError:
        _say(
            "Nothing was typed, so nobody is signed in. Without a terminal, give --user and --password-stdin."
        )
        return exit_codes.USAGE


def _sign_in(server: str, login: str, password: str) -> int:
    import asyncio

    from client.api import CustomerApi
    from client.auth import grants
    from client.auth.authority import SessionAuthority
    from client.auth.sign_in import sign_in
    from client.transport import LinkSettings, Transport

    async def work() -> str:
        store = session_store()
        async with Transport(LinkSettings.of(server, os.environ)) as transport:
            session = await sign_in(transport, store, login, grants.password(login, password))
            transport.authority = SessionAuthority(transport, store, session)
            api = CustomerApi(transport)
            me, service = (await api.me()).value, (await api.service()).value
            return f"Signed in as {me.name} ({me.role}) at {service.business or session.server}."

    _say(asyncio.run(work()))
    return exit_codes.OK


def _asked(prompt: str, proposal: str = "") -> str:
    if not sys.stdin.isatty():
        raise EOFError
    print(f"{prompt}[{proposal}] " if proposal else prompt, end="", file=sys.stderr, flush=True)  # noqa: T201 - a prompt
    return input().strip() or proposal


def _password(arguments: argparse.Namespace) -> str:
    if arguments.password_stdin:
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\r\n")
    if not sys.stdin.isatty():
        raise EOFError
    from getpass import getpass

    return getpass("Password: ", stream=sys.stderr)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201 - the command line speaks on stderr

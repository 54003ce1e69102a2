"""`keeptabs login`: sign in to a server; the session is there for every later start."""

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

from client import errors
from tui.cli import exit_codes
from tui.cli.sessions import add_session, exit_code, session_store
from tui.terminal.preflight import colour_depth, speaks_utf8

if TYPE_CHECKING:
    from client.models import DeviceAuthorization
    from client.session import Session, SessionStore
    from client.transport import Transport

_ABOUT = """\
The password is asked for on the terminal, or read from a pipe with --password-stdin. It is never an
argument: those can be read by everyone on the machine. The session is kept in the keyring of the desktop
where there is one, else in a file that only you can read; KEEPTABS_KEYRING=no always takes the file.

With --device no password is typed here: an address and a code are printed, you open the one and type the
other on your phone or computer, and this waits until you have approved there. Ctrl+C gives up.
Exit codes: 0 signed in, 1 failed, 2 usage, 4 wrong name or password, refused or not approved in time,
6 not reachable, 130 given up.
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
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    ways.add_argument("--device", action="store_true", help="approve on a phone or another computer")
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
        if arguments.device:
            return _sign_in_by_device(server)
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

    from client.auth import grants
    from client.auth.sign_in import sign_in
    from client.transport import LinkSettings, Transport

    async def work() -> str:
        store = session_store()
        async with Transport(LinkSettings.of(server, os.environ)) as transport:
            session = await sign_in(transport, store, login, grants.password(login, password))
            return await _who(transport, store, session)

    _say(asyncio.run(work()))
    return exit_codes.OK


def _sign_in_by_device(server: str) -> int:
    import asyncio

    from client.auth.device import device_sign_in
    from client.transport import LinkSettings, Transport

    async def work() -> str:
        store = session_store()
        settings = LinkSettings.of(server, os.environ)
        async with Transport(settings) as transport, device_sign_in(transport) as waiting:
            _show(waiting.begun)
            session = await waiting.finished(store)
            return await _who(transport, store, session)

    _say(asyncio.run(work()))
    return exit_codes.OK


def _show(begun: "DeviceAuthorization") -> None:
    """Print where to go with which code: data for who reads it, a picture where that is a terminal."""
    print(f"Open {begun.verification_uri}\nand type {begun.user_code}")  # noqa: T201 - what was asked for
    if sys.stdout.isatty() and speaks_utf8(os.environ):
        from shutil import get_terminal_size

        from tui.qr import half_blocks

        width, height = get_terminal_size()
        colours = ("\x1b[30;47m", "\x1b[0m") if colour_depth(os.environ) else ("", "")
        target = begun.verification_uri_complete or begun.verification_uri
        for line in half_blocks(target, width, height - 4, light=not colours[0]):
            print(line.join(colours))  # noqa: T201 - to be photographed
    sys.stdout.flush()
    _say("Waiting until you sign in there and approve. Ctrl+C gives up.")


async def _who(transport: "Transport", store: "SessionStore", session: "Session") -> str:
    from client.api import CustomerApi
    from client.auth.authority import SessionAuthority

    transport.authority = SessionAuthority(transport, store, session)
    api = CustomerApi(transport)
    me, service = (await api.me()).value, (await api.service()).value
    return f"Signed in as {me.name} ({me.role}) at {service.business or session.server}."


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

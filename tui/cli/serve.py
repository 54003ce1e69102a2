"""`keeptabs serve`: the server for real use, on SQLite or PostgreSQL."""

import argparse
import sys
from typing import Any

from tui.cli import exit_codes

_ABOUT = """\
Every setting can also come from the environment as KEEPTABS_SERVER_ and its name, such as
KEEPTABS_SERVER_DATABASE, which keeps a database's password out of the list of processes.
Exit codes: 0 stopped when told to, 1 could not start, 2 usage.
"""


def register(subparsers: Any) -> None:
    """Add the subcommand and its options."""
    parser = subparsers.add_parser(
        "serve",
        help="run the server on SQLite or PostgreSQL",
        description="Run the server until it is told to stop. `keeptabs staff add` makes the first admin.",
        epilog=_ABOUT,
        argument_default=argparse.SUPPRESS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_database(parser)
    add = parser.add_argument
    add("--host", help="address to listen on (default 127.0.0.1)")
    add("--port", help="port to listen on (default 8765); 0 takes a free one")
    add("--tls-certificate", metavar="FILE", help="certificate chain, PEM")
    add("--tls-key", metavar="FILE", help="its private key, PEM, where it is not in the same file")
    add("--trusted-proxies", metavar="LIST", help="addresses whose X-Forwarded headers are believed")
    add("--public-url", metavar="URL", help="where clients reach the server, behind a proxy")
    add("--insecure-http", action="store_true", help="allow others to connect without TLS")
    add("--business", metavar="NAME", help="whose customers these are")
    add("--smtp-url", metavar="URL", help="mail server, smtp://user:password@host:587; better as a variable")
    add("--mail-from", metavar="ADDRESS", help="the business's address: bounces go there")
    add("--mail-folder", metavar="DIR", help="send nothing, keep e-mails as files here, to try things out")
    add("--payments-url", metavar="URL", help="where the payment provider answers, see docs/payments.md")
    add("--demo-payments", action="store_true", help="take payments of made-up money, to try things out")
    add("--without", metavar="LIST", help="features to leave out, such as devices,rewards")
    add(
        "--no-device-sign-in",
        dest="device_sign_in",
        action="store_false",
        help="sign-in with a code on another device is not offered",
    )
    add("--no-access-log", dest="access_log", action="store_false", help="no log line for each request")
    add("--socket-fd", metavar="FD", help="use this bound socket instead of host and port")
    add("--ready-fd", metavar="FD", type=int, help="when ready, write one line of JSON to this descriptor")
    add("--stop-on-eof", metavar="FD", type=int, help="stop when this descriptor ends: with its starter")


def add_database(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the database."""
    parser.add_argument(
        "--database",
        metavar="FILE|URL",
        default=argparse.SUPPRESS,
        help="a SQLite file (default keeptabs.db here) or postgresql://user@host/name",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped."""
    from pydantic import ValidationError

    from server.config import ServerSettings
    from server.opening import CannotStart
    from server.serve import Ready, log_to_stderr, serve, write_ready

    try:
        settings = ServerSettings(**given_settings(arguments))
    except ValidationError as refused:
        for error in refused.errors():
            say(f"{'.'.join(map(str, error['loc']))}: {error['msg']}")
        return exit_codes.USAGE
    log_to_stderr(settings)

    def ready(told: Ready) -> None:
        say(f"Keeptabs serves on {told.url or told.host}. Ctrl+C stops it.")
        if "ready_fd" in arguments:
            write_ready(arguments.ready_fd, told)

    try:
        serve(settings, ready=ready, stop_on_eof=getattr(arguments, "stop_on_eof", None))
    except CannotStart as reason:
        say(str(reason))
        return exit_codes.FAILED
    return exit_codes.OK


def given_settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """Give those arguments that are settings of the server."""
    from server.config import ServerSettings

    return {name: value for name, value in vars(arguments).items() if name in ServerSettings.model_fields}


def say(sentence: str) -> None:
    """Tell the person at the terminal."""
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - the command line speaks on stderr

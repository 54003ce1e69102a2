"""`keeptabs demo`: a real server with a sample business, and the application signed in to it."""

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui.cli import exit_codes

if TYPE_CHECKING:
    from tui.cli.demo_server import Demo, Running
    from tui.options import OpenOptions

_ACCOUNTS = {"admin": "anna", "staff": "joe", "viewer": "vera"}
_CUSTOMERS = 5000

_ABOUT = """\
The server listens on this machine only and ends with the last demo that uses
it. What you change stays until --fresh. Accounts: anna (admin), joe (staff),
vera (viewer); --serve-only shows their password.
"""


def register(subparsers: Any) -> None:
    """Add the subcommand and its options."""
    parser = subparsers.add_parser(
        "demo",
        help="try everything on a sample business, with one command",
        description="Try Keeptabs on Riverside, a business that does not exist.",
        epilog=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--customers", metavar="N", type=_count, help=f"how many customers (default {_CUSTOMERS:,})")
    add("--fresh", action="store_true", help="make the sample business anew; changes made to it are lost")
    add(
        "--as",
        dest="login",
        metavar="LOGIN",
        default="admin",
        help="admin (default), staff, viewer, or a name",
    )
    add("--serve-only", action="store_true", help="run the server alone; print its address and the accounts")
    add("--mail", action="store_true", help="print the e-mails that the demo kept instead of sending them")
    add("--database", metavar="FILE|URL", help="an empty database to use, SQLite or PostgreSQL")


def run(arguments: argparse.Namespace) -> int:
    """Prepare the business, run its server, and open the application on it."""
    from client.errors import CustomerApiError
    from tui.cli.demo_server import Demo, DemoRefused

    login = _ACCOUNTS.get(arguments.login, arguments.login)
    unknown = "" if login in _ACCOUNTS.values() else _unknown(login)
    if unknown:
        _say(unknown)
        return exit_codes.USAGE
    count = _CUSTOMERS if arguments.customers is None else arguments.customers
    demo = Demo(count, arguments.database)
    if arguments.mail:
        return _print_mail(demo)
    try:
        demo.prepare(fresh=arguments.fresh, tell=_say)
        if arguments.serve_only:
            return _serve(demo)
        return _open(demo, login, arguments)
    except (CustomerApiError, DemoRefused) as reason:
        _say(str(reason))
        return exit_codes.FAILED


def _unknown(login: str) -> str:
    """Say who is there, where `login` is not."""
    from server.sample.business import business

    logins = [one.login for one in business().staff if not one.disabled]
    if login in logins:
        return ""
    return f"Nobody is called {login!r} there. Choose admin, staff, viewer, or one of: {', '.join(logins)}."


def _serve(demo: "Demo") -> int:
    """Stay until the server ends or the person has had enough."""
    with demo.running() as running:
        print(f"{running.url}  password {demo.password}", flush=True)  # noqa: T201 - what was asked for
        for role, login in _ACCOUNTS.items():
            print(f"  {login:6} {role}", flush=True)  # noqa: T201
        _say(f"E-mails are kept in {demo.mail} instead of sent.")
        _say("Ctrl+C stops the server.")
        try:
            running.wait()
        except KeyboardInterrupt:
            return exit_codes.OK
    _say("The server stopped.")
    return exit_codes.FAILED


def _print_mail(demo: "Demo") -> int:
    from tui.cli.demo_mail import shown

    lines = list(shown(demo.mail))
    print("\n".join(lines) if lines else "Nothing was sent yet.", flush=True)  # noqa: T201 - what was asked for
    return exit_codes.OK


def _say_what_was_kept(demo: "Demo") -> None:
    from tui.cli.demo_mail import kept

    count = len(kept(demo.mail))
    if count:
        e_mails = "1 e-mail was" if count == 1 else f"{count} e-mails were"
        _say(f"{e_mails} kept instead of sent, in {demo.mail}: keeptabs demo --mail prints them.")


class _Stopped(SystemExit):
    """Leaves the preparations on the terminal without a word; the reason is said once it is restored."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(exit_codes.FAILED)
        self.reason = reason


def _open(demo: "Demo", login: str, arguments: argparse.Namespace) -> int:
    from tui.options import OpenOptions
    from tui.terminal.opening import open_on_terminal

    held: list[Running] = []

    def prepare(options: "OpenOptions") -> "OpenOptions":
        try:
            held.append(demo.running())
            demo.sign_in(held[0].url, login)
        except Exception as reason:
            raise _Stopped(reason) from reason
        hint = f"The password of this demo is {demo.password}"
        return replace(options.with_server(held[0].url, login), lock_hint=hint)

    options = OpenOptions(theme=arguments.theme, read_only=arguments.read_only, driver=arguments.driver)
    try:
        return open_on_terminal(options, prepare)
    except _Stopped as stopped:
        raise stopped.reason from None
    finally:
        for running in held:
            running.close()
        demo.forget_choice()
        _say_what_was_kept(demo)


def _count(text: str) -> int:
    count = int(text.replace(",", "").replace("_", ""))
    if not 0 <= count <= 5_000_000:
        raise argparse.ArgumentTypeError("choose a number up to 5,000,000")
    return count


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - the command line speaks on stderr

"""`keeptabs staff`: the accounts of a server, on its database directly. The first admin is made here."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tui.cli import exit_codes
from tui.cli.serve import add_database, given_settings, say

if TYPE_CHECKING:
    from server.config import ServerSettings
    from server.store.database import Database

_ABOUT = """\
A password is asked for on the terminal, read from a pipe with --password-stdin, or made up and shown
once with --generate. It is never an argument: those can be read by everyone on the machine.
Exit codes: 0 done, 1 not done, 2 usage.
"""


def register(subparsers: Any) -> None:
    """Add the subcommand and its own subcommands."""
    parser = subparsers.add_parser(
        "staff",
        help="make and list the accounts of a server",
        description="Make and change the accounts of a server, on its database directly.",
        epilog=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)

    add = actions.add_parser("add", help="make an account")
    add.add_argument("login", metavar="LOGIN", help="sign-in name: a-z, 0-9, '.', '_', '-'")
    add.add_argument("--name", required=True, help="the name that colleagues see")
    add.add_argument("--role", default="staff", help="viewer, staff (default) or admin")
    add.add_argument("--email", default="", help="e-mail address")
    _add_password(add)

    password = actions.add_parser("password", help="set a password, which ends all sessions of the account")
    password.add_argument("login", metavar="LOGIN")
    _add_password(password)

    disable = actions.add_parser("disable", help="shut an account and end its sessions")
    disable.add_argument("login", metavar="LOGIN")
    enable = actions.add_parser("enable", help="open a disabled account again")
    enable.add_argument("login", metavar="LOGIN")
    listing = actions.add_parser("list", help="list the accounts")
    listing.add_argument("--json", action="store_true", help="as JSON")
    email = actions.add_parser("email", help="set the address that an account writes to customers from")
    email.add_argument("login", metavar="LOGIN")
    email.add_argument("address", metavar="ADDRESS")
    for action in (add, password, disable, enable, listing, email):
        add_database(action)


def _add_password(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    source.add_argument("--generate", action="store_true", help="make one up and show it once")


def run(arguments: argparse.Namespace) -> int:
    """Do one action."""
    from pydantic import ValidationError
    from sqlalchemy.exc import DBAPIError

    from server.accounts import AccountRefused
    from server.config import ServerSettings
    from server.opening import CannotStart, open_database

    try:
        settings = ServerSettings(**given_settings(arguments))
        database = open_database(settings.database, new=arguments.action == "add")
    except ValidationError as refused:
        say(f"The settings in the environment are not valid: {refused.errors()[0]['msg']}")
        return exit_codes.USAGE
    except CannotStart as reason:
        say(str(reason))
        return exit_codes.FAILED
    try:
        getattr(_Actions(arguments, settings, database), arguments.action)()
    except AccountRefused as refused:
        say(str(refused))
        return exit_codes.FAILED
    except DBAPIError as error:
        say(f"The database refused: {error.orig}")
        return exit_codes.FAILED
    finally:
        database.close()
    return exit_codes.OK


class _Actions:
    """The actions by their names; each raises AccountRefused with the reason why it was not done."""

    def __init__(
        self, arguments: argparse.Namespace, settings: "ServerSettings", database: "Database"
    ) -> None:
        self._arguments = arguments
        self._settings = settings
        self._database = database
        self._now = datetime.now(UTC)

    def add(self) -> None:
        from server.accounts import add, check_free

        login, role = self._arguments.login.strip().lower(), self._arguments.role
        given = {"login": login, "name": self._arguments.name, "role": role}
        if self._arguments.email:
            given["email"] = self._arguments.email
        # Before somebody types a password for nothing.
        self._database.read_now(lambda connection: check_free(connection, given))
        hashed = self._hashed_password(login)
        self._database.write_now(lambda connection: add(connection, given, hashed, self._now))
        say(f"{login} can sign in now, as {role}.")

    def password(self) -> None:
        from server.accounts import find, set_password_of

        login = self._arguments.login
        self._database.read_now(lambda connection: find(connection, login))
        hashed = self._hashed_password(login)
        self._database.write_now(lambda connection: set_password_of(connection, login, hashed, self._now))
        say(f"The password of {login} is set; all sessions of the account have ended.")

    def disable(self) -> None:
        self._set_disabled(True)
        say(f"{self._arguments.login} is disabled; all sessions of the account have ended.")

    def enable(self) -> None:
        self._set_disabled(False)
        say(f"{self._arguments.login} is enabled.")

    def email(self) -> None:
        from server.accounts import set_email

        login, address = self._arguments.login, self._arguments.address
        self._database.write_now(lambda connection: set_email(connection, login, address, self._now))
        say(f"Messages of {login} come from {address} now, and answers go there.")

    def list(self) -> None:
        from server.accounts import listed

        accounts = self._database.read_now(listed)
        if self._arguments.json:
            sys.stdout.write(json.dumps([asdict(account) for account in accounts], default=str) + "\n")
            return
        for account in accounts:
            last = account.last_sign_in_at
            when = f"{last:%Y-%m-%d %H:%M} UTC" if last else "never signed in"
            state = "" if account.can_sign_in else "  disabled" if account.disabled else "  no password"
            sys.stdout.write(f"{account.login:<20} {account.role:<7} {account.name:<30} {when}{state}\n")

    def _set_disabled(self, disabled: bool) -> None:
        from server.accounts import set_disabled

        login = self._arguments.login
        self._database.write_now(lambda connection: set_disabled(connection, login, disabled, self._now))

    def _hashed_password(self, login: str) -> str:
        from server.accounts import AccountRefused
        from server.auth.passwords import Passwords, weakness

        password = _new_password(self._arguments)
        sentence = weakness(password, login)
        if sentence is not None:
            raise AccountRefused(sentence)
        return Passwords(self._settings).hash_now(password)


def _new_password(arguments: argparse.Namespace) -> str:
    from server.accounts import AccountRefused

    if arguments.generate:
        import secrets

        password = secrets.token_urlsafe(12)
        sys.stdout.write(f"{password}\n")
        return password
    if arguments.password_stdin:
        return _text(sys.stdin.buffer.readline().rstrip(b"\r\n"))

    import getpass

    if not sys.stdin.isatty():
        raise AccountRefused(
            "There is no terminal to ask for a password: use --password-stdin or --generate."
        )
    try:
        password = getpass.getpass("Password: ")
        again = getpass.getpass("The same again: ")
    except EOFError:
        raise AccountRefused("No password was given. Nothing was changed.") from None
    if again != password:
        raise AccountRefused("These were two different passwords. Nothing was changed.")
    return _text(os.fsencode(password))


def _text(typed: bytes) -> str:
    from server.accounts import AccountRefused

    try:
        return typed.decode("utf-8")
    except UnicodeDecodeError:
        raise AccountRefused("The password is not in UTF-8. Nothing was changed.") from None

"""What subcommands that deal with sessions share: whose session is meant, what an error tells a script."""

import argparse
import os
from typing import TYPE_CHECKING

from client import errors
from tui.cli import exit_codes

if TYPE_CHECKING:
    from client.session import Session, SessionStore

_EXIT_CODES: dict[type[errors.CustomerApiError], int] = {
    errors.Invalid: exit_codes.USAGE,
    errors.NotFound: exit_codes.NOT_FOUND,
    errors.SignedOut: exit_codes.SIGNED_OUT,
    errors.WrongPassword: exit_codes.SIGNED_OUT,
    errors.NotApproved: exit_codes.SIGNED_OUT,
    errors.CodeOver: exit_codes.SIGNED_OUT,
    errors.Forbidden: exit_codes.FORBIDDEN,
    errors.Unreachable: exit_codes.UNREACHABLE,
    errors.TimedOut: exit_codes.UNREACHABLE,
    errors.Interrupted: exit_codes.UNREACHABLE,
    errors.Stale: exit_codes.CONFLICT,
}


def exit_code(error: errors.CustomerApiError) -> int:
    """Give the exit code that tells a script what an error means."""
    return _EXIT_CODES.get(type(error), exit_codes.FAILED)


def session_store() -> "SessionStore":
    """Give the sessions of the person at this machine."""
    from client.session import SessionStore

    return SessionStore.of_this_user(os.environ)


def asked_session(store: "SessionStore", arguments: argparse.Namespace) -> "Session | None":
    """Give the session that the arguments name, else the configuration, else the one used last."""
    from tui.services.config import configured

    config = configured(arguments.profile or "").config
    return store.find(arguments.server or config.server, arguments.user or config.user)


def add_session(parser: argparse.ArgumentParser) -> None:
    """Take the options that name a session behind the subcommand too, where people write them."""
    parser.add_argument("--server", metavar="URL", default=argparse.SUPPRESS, help="address of the server")
    parser.add_argument("--user", metavar="NAME", default=argparse.SUPPRESS, help="sign-in name")

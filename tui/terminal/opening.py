"""Opening the application on a terminal: look, refuse or paint, and only then import what is slow."""

import gc
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.cli import exit_codes
from tui.options import OpenOptions
from tui.terminal.early import EarlyStart
from tui.terminal.preflight import examine, refusal

if TYPE_CHECKING:
    from client.early_connection import EarlyConnection

Prepare = Callable[[OpenOptions], OpenOptions]


def open_on_terminal(options: OpenOptions, prepare: Prepare | None = None) -> int:
    """Open the application and stay until it is left; the result is one of `tui.cli.exit_codes`.

    `prepare` runs with the first frame already on the screen and may fill in the options (a server that
    it started, say). It must print nothing. Whatever happens, the terminal is given back as it was found.
    """
    terminal = examine(os.environ)
    reason = refusal(terminal)
    if reason is not None:
        print(reason, file=sys.stderr)  # noqa: T201 - said before there is a screen
        return exit_codes.USAGE
    options = replace(options, terminal=terminal)
    try:
        with EarlyStart() as early:
            if options.driver == "keeptabs":
                early.take()
                early.paint(terminal)
                options = replace(options, early=early)
            if prepare is not None:
                options = prepare(options)
            return _application()(replace(options, opened=_connection(options)))
    except Exception as error:  # noqa: BLE001 - the last line of defence: a sentence instead of a traceback
        return _say_what_broke(error)


def _application() -> Callable[[OpenOptions], int]:
    """Import the application. What it is made of is never garbage: none is looked for meanwhile, or later."""
    gc.disable()
    try:
        from tui.app import open_app
    finally:
        gc.freeze()
        gc.enable()
    return open_app


def _connection(options: OpenOptions) -> "EarlyConnection":
    """Open a connection to the server beside what is imported: the first answer waits for it."""
    from client.early_connection import EarlyConnection

    def find() -> str:
        from client.session.store import SessionStore
        from tui.services.config import configured

        config = configured(options.profile).config
        server, user = options.server or config.server, options.user or config.user
        session = SessionStore.of_this_user(os.environ).find(server, user)
        return session.server if session is not None and session.signed_in else ""

    return EarlyConnection(find)


def _say_what_broke(fault: Exception) -> int:
    from tui.terminal.faults import report

    if os.environ.get("KEEPTABS_TRACEBACK"):
        traceback.print_exception(fault)
    where = report(fault)
    sentence = f"Keeptabs stopped because of a fault of its own ({type(fault).__name__}). Drafts are kept."
    particulars = f" The particulars are in {where}." if where else ""
    print(sentence + particulars, file=sys.stderr)  # noqa: T201 - the screen is gone
    return exit_codes.BROKEN

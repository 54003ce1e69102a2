"""`keeptabs doctor`: what Keeptabs finds out about this terminal, this machine and the server."""

import argparse
import asyncio
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tui.cli import exit_codes

Fact = tuple[str, str]


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "doctor",
        help="show what is known of this terminal, this machine and the server",
        description="Show what Keeptabs finds out about the terminal, its files, and the server.",
        epilog="Exit codes: 0 all well, 1 something is not as it must be.",
    )
    parser.add_argument("--keys", action="store_true", help="name each key as it arrives, until q")
    parser.add_argument("--clipboard", action="store_true", help="send a test text to the clipboard")


def run(arguments: argparse.Namespace) -> int:
    """Print the facts, then do the tests asked for."""
    if arguments.keys:
        from tui.terminal.key_echo import echo_keys

        if not sys.stdin.isatty():
            sys.stderr.write("Keys can only be shown on a terminal.\n")
            return exit_codes.USAGE
        sys.stderr.write("Press keys; q ends.\n")
        echo_keys(lambda line: print(line, flush=True))  # noqa: T201 - the data asked for
        return exit_codes.OK
    if arguments.clipboard:
        return _test_clipboard()
    well = True
    for title, facts in (("Terminal", _terminal()), ("Files", _files()), ("Sessions", _sessions())):
        print(title)  # noqa: T201 - the data asked for
        for name, value in facts:
            well = well and not value.startswith("PROBLEM")
            print(f"  {name:18}{value}")  # noqa: T201 - the data asked for
    return exit_codes.OK if well else exit_codes.FAILED


def _terminal() -> Iterator[Fact]:
    from importlib.metadata import version

    from tui.terminal.preflight import examine, refusal
    from tui.theming.choice import by_terminal

    terminal = examine(os.environ)
    yield "Keeptabs", f"{version('keeptabs')}, Python {platform.python_version()}, {platform.system()}"
    for name in ("TERM", "COLORTERM", "NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG"):
        yield name, os.environ.get(name, "not set")
    yield "size", f"{terminal.width}x{terminal.height}" if terminal.width else "not told"
    yield "colours", {0: "none", 16777216: "true colour"}.get(terminal.colours, str(terminal.colours))
    yield "characters", "UTF-8" if terminal.utf8 else "ASCII only"
    yield "hyperlinks", "shown or passed over" if terminal.shows_links else "not sent"
    around = [name for name in ("TMUX", "STY", "ZELLIJ", "SSH_CONNECTION", "MOSH") if os.environ.get(name)]
    yield "around it", ", ".join(around) or "nothing"
    yield "theme", by_terminal(terminal, os.environ)
    reason = refusal(terminal)
    yield "can draw", "yes" if reason is None else f"no: {reason}"


def _files() -> Iterator[Fact]:
    from client.session.store import state_folder
    from tui.services.config import config_files, load_config
    from tui.theming.files import find_themes, folders

    for file in config_files():
        yield "configuration", f"{file}{'' if file.exists() else ' (not there)'}"
    for problem in (*load_config(config_files()).problems, *find_themes(folders()).problems):
        yield "", f"PROBLEM {problem}"
    yield "state", _private(state_folder())


def _private(folder: Path) -> str:
    if not folder.exists():
        return f"{folder} (not there yet)"
    status = folder.stat()
    if status.st_uid != os.getuid():
        return f"PROBLEM {folder} belongs to another user"
    if status.st_mode & 0o077:
        return f"PROBLEM {folder} can be read by others: chmod 700 {folder}"
    return f"{folder} (yours alone)"


def _sessions() -> Iterator[Fact]:
    from client.errors import CustomerApiError
    from tui.cli.sessions import session_store

    try:
        sessions = session_store().sessions()
    except CustomerApiError as error:
        yield "", f"PROBLEM {error.sentence}"
        return
    if not sessions:
        yield "", "nobody is signed in"
    for session in sessions:
        state = "signed in" if session.signed_in else "signed out"
        yield session.login, f"{session.server}, {state}, kept in the {session.kept}"
    for server in dict.fromkeys(session.server for session in sessions):
        yield "", asyncio.run(_asked(server))


async def _asked(server: str) -> str:
    from client.api import CustomerApi
    from client.errors import CustomerApiError
    from client.transport import LinkSettings, Transport

    try:
        async with CustomerApi(Transport(LinkSettings(server=server, connect_seconds=5))) as api:
            service = (await api.service()).value
            await api.service()
            seconds = api.transport.meter.last_round_trip or 0
            traffic = api.transport.meter.traffic()
    except CustomerApiError as error:
        return f"PROBLEM {server}: {error.sentence}"
    counted = "in all" if traffic.whole else "of HTTP"
    return (
        f"{server}: {service.business or service.name}, {seconds * 1000:.0f} ms for a round trip, "
        f"{traffic.up:,} bytes sent and {traffic.down:,} received {counted} to ask twice"
    )


def _test_clipboard() -> int:
    from tui.terminal.clipboard import clipboard_sequence

    if not sys.stdout.isatty():
        sys.stderr.write("The clipboard can only be reached through a terminal.\n")
        return exit_codes.USAGE
    sys.stdout.write(clipboard_sequence("Keeptabs was here", os.environ))
    sys.stdout.flush()
    sys.stderr.write("Sent 'Keeptabs was here'. If it cannot be pasted, the terminal takes no OSC 52.\n")
    return exit_codes.OK

"""`make keys`: docs/keys.md from the commands themselves."""

import importlib
import inspect
import pkgutil
import sys
from pathlib import Path

import tui
from tui.commands import Command
from tui.widgets.footer import key_name

PAGE = Path(__file__).parents[1] / "docs" / "keys.md"

# Where a command lives says where it works; the order is the one in which a person meets them.
PLACES = {
    "tui.commands.everywhere": "On every screen",
    "tui.commands.customers": "In the list of customers",
    "tui.commands.profile": "In a profile",
    "tui.commands.map": "On the map of an address",
    "tui.commands.read_back": "While something is read back",
    "tui.commands.moving": "In every list",
    "tui.forms.commands": "In a page of fields, and while typing in one",
    "tui.tabs.records": "In notes, labels and other lists of records",
    "tui.tabs.bookings": "In bookings",
    "tui.tabs.devices": "In devices",
    "tui.tabs.allowances": "In usage allowances",
    "tui.tabs.tickets": "In tickets",
    "tui.tabs.history": "In the activity",
    "tui.commands.lists": "Lists that customers point to",
    "tui.screens.filters": "In the filters",
    "tui.screens.conflict": "Where a colleague changed the same field",
    "tui.screens.sign_in": "At sign-in",
    "tui.screens.lock": "On a locked screen",
}

_HEAD = """\
# Keys

Made from the commands themselves by `make keys`. The last line of the screen shows the most useful keys
that work at that moment, `?` shows all of them, and Ctrl+P finds any command by its name. Arrows, PageUp,
PageDown, Home and End move wherever there is something to move in."""


def page() -> str:
    """Write the page."""
    for found in pkgutil.walk_packages(tui.__path__, "tui."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    parts = [_HEAD]
    for module, place in PLACES.items():
        rows = [_row(command) for command in _commands(module)]
        if rows:
            parts.append(
                "\n".join([f"## {place}", "| keys | what it does | name |", "| --- | --- | --- |", *rows])
            )
    return "\n\n".join(parts) + "\n"


def _commands(module: str) -> list[type[Command]]:
    own = vars(importlib.import_module(module)).values()
    return [
        command
        for command in own
        if inspect.isclass(command) and issubclass(command, Command) and command.__module__ == module
    ]


def _row(command: type[Command]) -> str:
    keys = ", ".join(f"`{key_name(key)}`" for key in command.keys.split(",") if key)
    return f"| {keys or 'Ctrl+P'} | {command.title()} | {command.name()} |"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(page(), end="")
    else:
        PAGE.write_text(page(), encoding="utf-8")

"""All commands that there are, found by looking: needed only where keys are configured or listed."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import tui.commands
import tui.forms
import tui.screens
import tui.tabs
import tui.widgets
from tui.commands import Command, CommandHost
from tui.keymaps.keymap import Keymap, Known, resolve
from tui.tabs.records_page import RecordsPage

_ROOMS = (tui.commands, tui.forms, tui.screens, tui.tabs, tui.widgets)


def keymap_of(preset: str, own: Mapping[str, str]) -> Keymap:
    """Give the keymap of a preset with a person's own keys over it, checked against all there is."""
    return resolve(preset, own, known_commands(), places())


def known_commands() -> Mapping[str, Known]:
    """Give every command by its name."""
    _import_all()
    return {
        command.name(): Known(command.name(), command.title(), command.keys)
        for command in _below(Command)
        if not command.takes_key
    }


def places() -> list[Sequence[str]]:
    """Name the commands that each screen and widget does itself: of two with one key only one works."""
    _import_all()
    hosts = [host.hosted() for host in _below(CommandHost) if "<locals>" not in host.__qualname__]
    offered = {command for commands in hosts for command in commands}
    # What no class offers is done to records: a page is made for those that it shows.
    done_to_records = (one for one in _below(Command) if one.__module__.startswith("tui.tabs."))
    acting = [(command, *RecordsPage.hosted()) for command in done_to_records if command not in offered]
    return [[command.name() for command in commands] for commands in (*hosts, *acting)]


def _import_all() -> None:
    for room in _ROOMS:
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            importlib.import_module(module.name)


def _below(base: type[Any]) -> Iterator[type[Any]]:
    for child in base.__subclasses__():
        yield child
        yield from _below(child)

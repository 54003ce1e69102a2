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
from tui.keymaps.keymap import Known
from tui.tabs.records import Records
from tui.tabs.records_page import RecordsPage

_ROOMS = (tui.commands, tui.forms, tui.screens, tui.tabs, tui.widgets)


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
    usual = RecordsPage.hosted()
    acting = [(*(action.command for action in records.actions), *usual) for records in _kinds_of_records()]
    hosts = [host.hosted() for host in _below(CommandHost)]
    return [[command.name() for command in commands] for commands in (*hosts, *acting)]


def _kinds_of_records() -> Iterator[Records[Any]]:
    for module in pkgutil.iter_modules(tui.tabs.__path__, f"{tui.tabs.__name__}."):
        declared = vars(importlib.import_module(module.name)).values()
        yield from (found for found in declared if isinstance(found, Records))


def _import_all() -> None:
    for room in _ROOMS:
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            importlib.import_module(module.name)


def _below(base: type[Any]) -> Iterator[type[Any]]:
    for child in base.__subclasses__():
        yield child
        yield from _below(child)

"""`keeptabs config`: what is configured, where each value comes from, and whether the files are right."""

import argparse
import json
from dataclasses import fields
from typing import Any

from tui.cli import exit_codes
from tui.cli.printing import line
from tui.cli.twin import say


def register(subparsers: Any) -> None:
    """Add the subcommand with its actions."""
    parser = subparsers.add_parser(
        "config",
        help="show and check the configuration",
        description="Show and check the configuration.",
        epilog="Exit codes: 0 all right, 1 something in the files cannot be used, 2 usage.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    show = actions.add_parser("show", help="every value, and where it comes from")
    show.add_argument("--json", action="store_true", help="as JSON")
    actions.add_parser("check", help="say what in the files cannot be used")
    actions.add_parser("path", help="name the files, the office's first")
    actions.add_parser("profiles", help="name the profiles")
    actions.add_parser("schema", help="give the JSON Schema of the file")


def run(arguments: argparse.Namespace) -> int:
    """Do the action."""
    from tui.services.config import config_files, configured, schema

    if arguments.action == "schema":
        line(json.dumps(schema(), indent=2))
        return exit_codes.OK
    if arguments.action == "path":
        for file in config_files():
            line(str(file))
        return exit_codes.OK
    loaded = configured(arguments.profile or "")
    problems = [*loaded.problems]
    keys = loaded.config.keys
    if arguments.action == "check" and (keys.own or keys.preset != "default"):
        from tui.keymaps.registry import keymap_of

        # Which keys clash only the screens know: they are asked here and nowhere else.
        problems += keymap_of(keys.preset, keys.own).problems
    if arguments.action == "check" and loaded.config.theme:
        from tui.theming.files import find_themes, folders

        problems += find_themes(folders()).lacking(loaded.config.theme)
    for problem in problems:
        say(problem)
    if arguments.action == "profiles":
        for name in loaded.profiles:
            line(f"{'*' if name == (arguments.profile or loaded.config.profile) else ' '} {name}")
    if arguments.action == "show":
        _show(loaded, as_json=arguments.json)
    return exit_codes.FAILED if problems else exit_codes.OK


def _show(loaded: Any, *, as_json: bool) -> None:
    told = []
    for one in fields(loaded.config):
        value = getattr(loaded.config, one.name)
        if one.name == "keys":
            value = {"preset": value.preset, **value.own}
        told.append({"key": one.name, "value": value, "from": loaded.origins.get(one.name, "the usual")})
    if as_json:
        line(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for row in told:
        line(f"{row['key']:12} {json.dumps(row['value'], ensure_ascii=False):40} {row['from']}".rstrip())

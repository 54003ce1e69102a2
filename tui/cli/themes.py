"""`keeptabs themes`: list, check, make and preview themes without opening the application."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli import exit_codes

if TYPE_CHECKING:
    from tui.theming.files import ThemeFile


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand with its four actions."""
    parser = subparsers.add_parser(
        "themes",
        help="list, check, make and preview themes",
        description="Themes are files; see their README.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="name all themes and the folders they are looked for in")
    check = actions.add_parser("check", help="compute the contrast of every role at every depth of colour")
    check.add_argument("theme", nargs="?", help="only this one (default: all)")
    new = actions.add_parser("new", help="write a theme of your own to begin with")
    new.add_argument("theme", help="its name: lower-case letters, digits, hyphens")
    new.add_argument("--from", dest="base", default="dark", metavar="THEME", help="what it extends")
    preview = actions.add_parser("preview", help="show every role of a theme")
    preview.add_argument("theme")


def run(arguments: argparse.Namespace) -> int:
    """Do the action: 0 done, 1 a theme is not as it must be, 2 usage."""
    from tui.theming.files import find_themes, folders, no_such_theme

    places = folders()
    found = find_themes(places)
    for problem in found.problems:
        _say(problem)
    if arguments.action == "list":
        for theme in sorted(found.themes.values(), key=lambda theme: theme.name):
            _give(f"{theme.name:22}{theme.title:34}{theme.origin}")
        _say("Folders: " + ", ".join(map(str, places)))
        return exit_codes.FAILED if found.problems else exit_codes.OK
    if arguments.action == "new":
        return _new(arguments.theme, arguments.base, places[-1], known=list(found.themes))
    wanted = arguments.theme
    if wanted is not None and wanted not in found.themes:
        _say(no_such_theme(wanted, found.themes))
        return exit_codes.USAGE
    names = [wanted] if wanted else sorted(found.themes)
    if arguments.action == "check":
        enough = [_check(found.themes[name]) for name in names]
        return exit_codes.OK if all(enough) and not found.problems else exit_codes.FAILED
    return _preview(found.themes[names[0]])


def _check(theme: "ThemeFile") -> bool:
    from tui.theming.contrast import measure

    measured = measure(theme)
    poor = [each for each in measured if not each.enough]
    lowest = min((each for each in measured if each.role != "border"), key=lambda each: each.ratio)
    verdict = "good" if not poor else "too low"
    _give(f"{theme.name:22}{verdict:9}lowest {lowest.ratio:.1f} ({lowest.role} on {lowest.ground})")
    for each in poor:
        where = f" on {each.where}" if each.where else ""
        figures = f"{each.ratio:.2f}, at least {each.least:g}, in {each.depth}{where}"
        _give(f"  {each.role} on {each.ground}: {figures}")
    return not poor


def _new(name: str, base: str, folder: Path, known: list[str]) -> int:
    from tui.theming.files import MUST_BE, is_name, no_such_theme

    path = folder / f"{name}.toml"
    if base not in known or not is_name(name):
        _say(no_such_theme(base, known) if base not in known else f"The name {MUST_BE}")
        return exit_codes.USAGE
    if name in known or path.exists():
        _say(f"{path} is there already." if path.exists() else f"There is a theme {name} already.")
        return exit_codes.FAILED
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(_beginning(name, base), "utf-8")
    except OSError as problem:
        _say(f"{path} cannot be written: {problem.strerror}.")
        return exit_codes.FAILED
    _give(path)
    return exit_codes.OK


def _beginning(name: str, base: str) -> str:
    title = name.replace("-", " ").capitalize()
    return (
        f'name = "{name}"\ntitle = "{title}"\nextends = "{base}"\n\n'
        "# Say here only what shall differ; the roles stand in the README of the themes.\n[colors]\n"
    )


def _preview(theme: "ThemeFile") -> int:
    from rich.console import Console
    from rich.style import Style
    from rich.text import Text

    from tui.theming.files import TEXT_ROLES

    def rich(color: str) -> str:
        return color.removeprefix("ansi_")

    console = Console(highlight=False)
    console.print(Text(theme.title, Style(bold=True)))
    for ground in ("background", "surface"):
        line = Text("  ")
        for role in TEXT_ROLES:
            words = theme.styles.get(role, "none").replace("none", "").split()
            style = Style(color=rich(theme.colors[role]), bgcolor=rich(theme.colors[ground]))
            line.append(f" {role} ", style + Style.parse(" ".join(words) or "not bold"))
        console.print(line)
    return exit_codes.OK


def _give(line: object) -> None:
    sys.stdout.write(f"{line}\n")


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")

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
    from tui.theming.files import find_themes, folders

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
        _say(f"There is no theme {wanted}. 'keeptabs themes list' names them.")
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
    path = folder / f"{name}.toml"
    if base not in known or path.exists():
        reason = f"There is no theme {base}." if base not in known else f"{path} is there already."
        _say(reason)
        return exit_codes.USAGE if base not in known else exit_codes.FAILED
    folder.mkdir(parents=True, exist_ok=True)
    title = name.replace("-", " ").capitalize()
    path.write_text(
        f'name = "{name}"\ntitle = "{title}"\nextends = "{base}"\n\n'
        "# Say here only what shall differ; the roles stand in the README of the themes.\n[colors]\n",
        "utf-8",
    )
    _give(path)
    return exit_codes.OK


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

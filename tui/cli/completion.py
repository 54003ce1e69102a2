"""`keeptabs completion`: what a shell needs to complete subcommands and options, made from the parsers."""

import argparse
import contextlib
import io
import re
from collections.abc import Mapping
from typing import Any, Final

from tui.cli import exit_codes
from tui.cli.printing import line

_SHELLS = ("bash", "zsh", "fish")


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "completion",
        help="complete subcommands and options in your shell",
        description="Print a script for a shell. Try: source <(keeptabs completion bash)",
    )
    parser.add_argument("shell", choices=_SHELLS)


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    options = _options()
    line({"bash": _bash, "zsh": _zsh, "fish": _fish}[arguments.shell](options))
    return exit_codes.OK


def _options() -> Mapping[str, list[str]]:
    """Give the options and actions of every subcommand, those of `keeptabs` itself under an empty name."""
    from tui.cli.parser import SUBCOMMANDS

    found = {"": list(dict.fromkeys([*_OPTION.findall(_help([])), *SUBCOMMANDS]))}
    for name in SUBCOMMANDS:
        told = _help([name])
        choices = [word for words in _CHOICES.findall(told) for word in words.split(",")]
        actions = _ACTION.findall(told.partition("ACTION")[2])
        found[name] = list(dict.fromkeys([*_OPTION.findall(told), *choices, *actions]))
    return found


_OPTION: Final = re.compile(r"(?<![\w-])--[a-z][a-z-]*[a-z]")
_CHOICES: Final = re.compile(r"\{([a-z0-9_,-]+)\}")
_ACTION: Final = re.compile(r"^ {4}([a-z][a-z-]*)(?: |$)", re.MULTILINE)


def _help(words: list[str]) -> str:
    """Give what `--help` says, which names every option: the parsers tell it to nobody otherwise."""
    from tui.cli.parser import BrokenSubcommand, parse

    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.suppress(SystemExit, BrokenSubcommand):
        parse([*words, "--help"])
    return told.getvalue()


def _bash(options: Mapping[str, list[str]]) -> str:
    cases = "\n".join(f"    {name}) words='{' '.join(words)}';;" for name, words in options.items() if name)
    return f"""\
_keeptabs() {{
  local words='{" ".join(options[""])}' word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do case "$word" in
{cases}
  esac; done
  COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _keeptabs keeptabs"""


def _zsh(options: Mapping[str, list[str]]) -> str:
    return f"autoload -U +X bashcompinit && bashcompinit\n{_bash(options)}"


def _fish(options: Mapping[str, list[str]]) -> str:
    lines = []
    for name, words in options.items():
        condition = f"__fish_seen_subcommand_from {name}" if name else "__fish_use_subcommand"
        plain = [word for word in words if not word.startswith("--")]
        lines += [
            f"complete -c keeptabs -n '{condition}' -l {word[2:]}" for word in words if word not in plain
        ]
        if plain:
            lines.append(f"complete -c keeptabs -n '{condition}' -a '{' '.join(plain)}'")
    return "\n".join(lines)

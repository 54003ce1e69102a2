"""`keeptabs completion`: what a shell needs to complete subcommands and options, made from the parsers."""

import argparse
import sys
from collections.abc import Mapping
from typing import Any

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
    from tui.cli.parser import SUBCOMMANDS, BrokenSubcommand, build_parser, load

    found: dict[str, list[str]] = {"": [*_of(build_parser()), *SUBCOMMANDS]}
    for name in SUBCOMMANDS:
        try:
            parser = build_parser(name, load(name))
        except BrokenSubcommand as broken:
            print(broken, file=sys.stderr)  # noqa: T201 - the command line speaks on stderr
            continue
        chosen = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001 - argparse has no other way to ask
        found[name] = _of(chosen.choices[name])
    return found


def _of(parser: argparse.ArgumentParser) -> list[str]:
    words: list[str] = []
    for action in parser._actions:  # noqa: SLF001 - as above
        words += [option for option in action.option_strings if option.startswith("--")]
        if isinstance(action.choices, Mapping) and action.dest != "command":
            words += list(action.choices)
        elif action.choices and not action.option_strings:
            words += [str(choice) for choice in action.choices]
    return words


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

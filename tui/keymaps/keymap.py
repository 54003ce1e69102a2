"""From presets and a person's own choices to the keys that work: every name and key checked, clashes told."""

import string
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from textual.keys import KEY_NAME_REPLACEMENTS

from tui.keymaps.presets import PRESETS

DISABLED: Final = "disabled"
"""As a key: the command has none; it stays in the palette."""

_MODIFIERS: Final = ("ctrl", "shift", "alt")
_NAMED: Final = (
    *(f"f{number}" for number in range(1, 25)),
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete"),
    *("enter", "escape", "tab", "space", "backspace"),
)


_ALIASES: Final = {
    "esc": "escape",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "del": "delete",
    "ins": "insert",
    "return": "enter",
}


def _name_of(character: str) -> str:
    """Give a character as Textual names its key: letters and digits as they are, others as Unicode does."""
    if character.isalnum():
        return character
    named = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(named, named)


CHARACTERS: Final = {_name_of(character): character for character in string.punctuation}
"""Punctuation by the name of its key."""


@dataclass(frozen=True, slots=True)
class Known:
    """A command as a keymap sees it."""

    name: str
    title: str
    keys: str
    """As it declares them, comma-separated."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys that differ from the declared ones, by command, and what was wrong with the choices."""

    keys: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def resolve(
    preset: str, own: Mapping[str, str], known: Mapping[str, Known], hosts: Iterable[Sequence[str]]
) -> Keymap:
    """Give the keymap of a preset with a person's own keys over it.

    `hosts` are the names of commands that work at the same place: there no key may stand for two. A choice
    that cannot be used is left out and told in a sentence; everything else still holds.
    """
    problems: list[str] = []
    if preset not in PRESETS:
        problems.append(f"keys.preset: there is no preset {preset!r}.{_nearest(preset, PRESETS)}")
    usual = {name: keys for name, keys in PRESETS.get(preset, {}).items() if name in known}
    places = [tuple(host) for host in hosts]
    wrong: dict[str, str] = {}
    taken: dict[str, str] = {}
    for name, written in own.items():
        if name not in known:
            wrong[name] = f"there is no such command.{_nearest(name, known)}"
            continue
        keys, problem = _read_keys(written)
        if problem:
            wrong[name] = problem
        else:
            taken[name] = keys
    # All choices hold together, so that two may swap their keys; of two that want the same key the
    # first has it. One that is left out keeps its key, which another may have been given: look again.
    while clashing := _last_clash(taken, usual | taken, known, places):
        name, clash = clashing
        wrong[name] = clash
        del taken[name]
    problems += [f"keys.{name}: {wrong[name]}" for name in own if name in wrong]
    return Keymap(usual | taken, tuple(problems))


def normal_key(key: str) -> str:
    """Give a key as Textual names it: `Ctrl+S` is `ctrl+s`, `?` is `question_mark`. "" where it is none."""
    *modifiers, last = [key] if len(key) == 1 else key.replace("++", "+plus").split("+")
    lowered = [modifier.lower() for modifier in modifiers]
    if any(modifier not in _MODIFIERS for modifier in lowered):
        return ""
    if len(last) == 1:
        last = _name_of(last.lower() if modifiers else last)
    elif _ALIASES.get(last.lower(), last.lower()) in _NAMED:
        last = _ALIASES.get(last.lower(), last.lower())
    elif last not in CHARACTERS:
        return ""
    return "+".join([*lowered, last])


def _read_keys(written: str) -> tuple[str, str]:
    if written == DISABLED:
        return DISABLED, ""
    keys: list[str] = []
    for each in written.split(",") if written != "," else ["comma"]:
        key = normal_key(each.strip())
        if not key:
            return "", f"{each.strip()!r} is no key.{_nearest(each.strip().lower(), _NAMED)}"
        keys.append(key)
    return ",".join(keys), ""


def _last_clash(
    taken: Mapping[str, str],
    chosen: Mapping[str, str],
    known: Mapping[str, Known],
    places: Sequence[Sequence[str]],
) -> tuple[str, str] | None:
    for name in reversed([*taken]):
        clash = _clash(name, taken[name], chosen, known, places)
        if clash:
            return name, clash
    return None


def _clash(
    name: str,
    keys: str,
    chosen: Mapping[str, str],
    known: Mapping[str, Known],
    places: Iterable[Sequence[str]],
) -> str:
    # Where two share a key by declaration, the nearer one has it: that is meant.
    wanted = {*keys.split(",")} - {DISABLED, *known[name].keys.split(",")}
    for place in places:
        if name not in place:
            continue
        for other in place:
            if other == name or other not in known:
                continue
            both = wanted & {*chosen.get(other, known[other].keys).split(",")}
            if both:
                return f"{min(both)!r} is already the key of {other} ({known[other].title}) there."
    return ""


def _nearest(word: str, names: Iterable[str]) -> str:
    near = get_close_matches(word, list(names), 1)
    return f" Did you mean {near[0]}?" if near else ""

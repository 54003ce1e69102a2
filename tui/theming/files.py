"""Theme files: found, read, completed by what they extend. Nothing here imports Textual."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import Any, Final

TEXT_ROLES: Final = (
    "text",
    "muted",
    "label",
    "title",
    "accent",
    "good",
    "warn",
    "bad",
    "match",
    "dirty",
    "key",
)
"""Roles that text is painted in."""
ROLES: Final = ("background", "surface", *TEXT_ROLES, "border")

STYLES: Final = ("none", "bold", "dim", "italic", "underline", "reverse")

MUST_BE = "must be lower-case letters, digits and hyphens."

_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
ANSI_COLORS: Final = (
    "ansi_default",
    *(f"ansi_{name}" for name in _NAMES),
    *(f"ansi_bright_{name}" for name in _NAMES),
)
"""The terminal's own colours; after the first in the order of their numbers."""

_KEYS = ("name", "title", "dark", "ansi", "extends", "colors", "styles")


class BadTheme(ValueError):
    """A theme file that cannot be used; the sentence names the file, the key, and the nearest right one."""


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """A theme as its file says, with what it extends filled in."""

    name: str
    title: str
    dark: bool
    ansi: bool
    colors: Mapping[str, str]
    """A colour for every role: `#rrggbb`, or one of ANSI_COLORS."""
    styles: Mapping[str, str] = field(default_factory=dict)
    """Text styles by role; a role without one is plain."""
    origin: str = "shipped"
    """Where it was found."""


@dataclass(frozen=True, slots=True)
class Found:
    """All themes that can be used, and why others cannot."""

    themes: Mapping[str, ThemeFile]
    problems: tuple[str, ...] = ()

    def lacking(self, name: str | None) -> list[str]:
        """Say that there is no theme of a name, where one is named and not there."""
        return [no_such_theme(name, self.themes)] if name and name not in self.themes else []


def folders() -> list[Path]:
    """Name the folders of themes that do not come with Keeptabs: the office's, then the person's own."""
    from platformdirs import PlatformDirs

    places = PlatformDirs("keeptabs", appauthor=False)
    return [Path(places.site_config_dir) / "themes", Path(places.user_config_dir) / "themes"]


def find_themes(extra: Iterable[Path] = ()) -> Found:
    """Read the shipped themes and those in `extra` folders; a later file replaces an earlier one."""
    texts: dict[str, tuple[str, str]] = {}
    for file in resources.files("themes").iterdir():
        if file.name.endswith(".toml"):
            texts[file.name] = (file.read_text("utf-8"), "shipped")
    problems: list[str] = []
    for folder in extra:
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            try:
                texts[path.name] = (path.read_text("utf-8"), str(path))
            except (OSError, UnicodeDecodeError) as problem:
                problems.append(f"{path} cannot be read: {problem}")
    parsed: dict[str, tuple[Mapping[str, Any], str]] = {}
    for file_name, (text, origin) in sorted(texts.items()):
        where = origin if origin != "shipped" else file_name
        try:
            table = tomllib.loads(text)
            parsed[str(table.get("name", ""))] = (table, where)
        except tomllib.TOMLDecodeError as problem:
            problems.append(f"{where} is not TOML: {problem}")
    themes: dict[str, ThemeFile] = {}
    for name, (_, where) in parsed.items():
        try:
            themes[name] = _complete(name, parsed, ())
        except BadTheme as problem:
            problems.append(f"{where}: {problem}")
    return Found(themes, tuple(problems))


def is_name(name: str) -> bool:
    """Tell whether a theme can be called so."""
    return re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) is not None


def no_such_theme(name: str, themes: Iterable[str]) -> str:
    """Say that there is no theme of that name, and which is nearest."""
    return f"There is no theme {name}.{_nearest(name, themes)} 'keeptabs themes list' names them."


def _complete(
    name: str, parsed: Mapping[str, tuple[Mapping[str, Any], str]], below: tuple[str, ...]
) -> ThemeFile:
    table, where = parsed[name]
    _known(table, _KEYS, "")
    if not is_name(name):
        raise BadTheme(f"name {MUST_BE}")
    parent: ThemeFile | None = None
    if "extends" in table:
        wanted = table["extends"]
        if wanted in (*below, name):
            raise BadTheme(f"extends goes round in a circle: {' → '.join((*below, name, str(wanted)))}.")
        if wanted not in parsed:
            raise BadTheme(f"extends names {wanted!r}, which is no theme.{_nearest(str(wanted), parsed)}")
        parent = _complete(wanted, parsed, (*below, name))
    ansi = _flag(table, "ansi", default=parent.ansi if parent else False)
    colors = {**(parent.colors if parent else {}), **_table(table, "colors", ROLES)}
    for role, color in colors.items():
        _check_color(role, color, ansi=ansi)
    missing = [role for role in ROLES if role not in colors]
    if missing:
        raise BadTheme(f"colors lacks {', '.join(missing)}; say them, or extend a theme.")
    styles = {**(parent.styles if parent else {}), **_table(table, "styles", TEXT_ROLES)}
    for role, style in styles.items():
        for word in style.split():
            if word not in STYLES:
                raise BadTheme(f"styles.{role}: {word!r} is no style.{_nearest(word, STYLES)}")
    return ThemeFile(
        name,
        str(table.get("title", name)),
        _flag(table, "dark", default=parent.dark if parent else True),
        ansi,
        colors,
        styles,
        where if "/" in where else "shipped",
    )


def _table(table: Mapping[str, Any], key: str, roles: Iterable[str]) -> Mapping[str, str]:
    given = table.get(key, {})
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise BadTheme(f"{key} must be a table of texts.")
    _known(given, roles, f"{key}.")
    return given


def _flag(table: Mapping[str, Any], key: str, *, default: bool) -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise BadTheme(f"{key} must be true or false.")
    return value


def _known(table: Mapping[str, Any], known: Iterable[str], prefix: str) -> None:
    names = list(known)
    for key in table:
        if key not in names:
            raise BadTheme(f"{prefix}{key} is not known.{_nearest(key, names)}")


def _check_color(role: str, color: str, *, ansi: bool) -> None:
    if color.startswith("ansi_"):
        if not ansi:
            raise BadTheme(f"colors.{role}: {color} needs ansi = true.")
        if color not in ANSI_COLORS:
            raise BadTheme(f"colors.{role}: {color!r} is no colour.{_nearest(color, ANSI_COLORS)}")
    elif ansi:
        raise BadTheme(f"colors.{role}: with ansi = true every colour is one of the terminal's own.")
    elif not re.fullmatch(r"#[0-9A-Fa-f]{6}", color):
        raise BadTheme(f"colors.{role}: {color!r} is no colour; write it as #rrggbb.")


def _nearest(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), 1)
    return f" Did you mean {near[0]}?" if near else ""

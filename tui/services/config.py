"""The configuration: one TOML file of the person over one of the office, every key known and checked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal

FILE_NAME = "config.toml"


@dataclass(frozen=True, slots=True)
class KeysConfig:
    """`[keys]`: a preset, and keys of one's own by the name of the command."""

    preset: str = "default"
    """`default`, `tmux-safe` or `vim`."""
    own: Mapping[str, str] = field(default_factory=dict)
    """What was said beside the preset: keys, comma-separated, or `disabled`."""


@dataclass(frozen=True, slots=True)
class Config:
    """What can be configured. Options on the command line take precedence."""

    server: str = ""
    """Address of the server to use where no other is named."""
    user: str = ""
    """Sign-in name to use there."""
    theme: str = ""
    """A theme by name; empty: the one chosen in the application, or what fits the terminal."""
    read_only: bool = False
    """Write nothing."""
    driver: Literal["keeptabs", "stock"] = "keeptabs"
    """How the screen is drawn; `stock` is the way out should the terminal show nonsense."""
    map_tiles: str = ""
    """Address of a tile server such as `https://tiles.example.org/{z}/{x}/{y}.png`, for streets on maps.

    It then learns which places are looked at. Empty: maps are drawn from the outlines that come along.
    """
    keys: KeysConfig = KeysConfig()
    """Keys of one's own."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The configuration, and a sentence for each thing in the files that could not be used."""

    config: Config
    problems: tuple[str, ...] = ()


def config_files() -> list[Path]:
    """Name the files, the office's first."""
    from platformdirs import PlatformDirs

    places = PlatformDirs("keeptabs", appauthor=False)
    return [Path(folder) / FILE_NAME for folder in (places.site_config_dir, places.user_config_dir)]


def load_config(files: Iterable[Path]) -> Loaded:
    """Read the files, a later one over an earlier one. What is wrong is left out and told, never fatal."""
    merged: dict[str, Any] = {}
    problems: list[str] = []
    for file in files:
        try:
            text = file.read_text("utf-8")
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as problem:
            problems.append(f"{file} cannot be read: {problem}")
            continue
        # Most people have no such file, and do not wait for what reads one.
        import tomllib

        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            problems.append(f"{file} is not TOML: {problem}")
            continue
        wrong = dict(_wrong(table))
        problems += [f"{file}: {sentence}" for sentence in wrong.values()]
        good = {name: value for name, value in table.items() if name not in wrong}
        keys = {**merged.get("keys", {}), **good.get("keys", {})}
        merged = merged | good | {"keys": keys}
    own = merged.pop("keys", {})
    preset = str(own.pop("preset", KeysConfig().preset))
    keymap = KeysConfig(preset, {name: str(keys) for name, keys in own.items()})
    return Loaded(Config(**merged, keys=keymap), tuple(problems))


_DRIVERS: Final = ("keeptabs", "stock")


def _wrong(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name the members that cannot be used, each with a sentence."""
    known = {one.name: one.type for one in fields(Config)}
    for name, value in table.items():
        if name not in known:
            from difflib import get_close_matches

            near = get_close_matches(name, known, 1)
            yield name, f"{name} is not known." + (f" Did you mean {near[0]}?" if near else "")
        elif name == "driver" and value not in _DRIVERS:
            yield name, f"{name}: This must be one of: {', '.join(_DRIVERS)}."
        elif name == "keys" and not (isinstance(value, dict) and isinstance(value.get("preset", ""), str)):
            yield name, f"{name}: This must be a table, its preset a text in quotes."
        elif known[name] is bool and not isinstance(value, bool):
            yield name, f"{name}: This must be true or false."
        elif known[name] is str and not isinstance(value, str):
            yield name, f"{name}: This must be a text in quotes."
        elif name == "map_tiles" and value:
            from tui.services.tile_address import wrong_with_address

            if sentence := wrong_with_address(value):
                yield name, f"{name}: {sentence}"

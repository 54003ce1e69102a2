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
    keep_customers: bool = True
    """Keep customers who were seen, what is typed, and edits that wait for the link, on this machine.

    false: nothing of a customer is at rest here. Then there is nothing to read with the link down, and
    what is typed and not saved ends with the program.
    """
    driver: Literal["keeptabs", "stock"] = "keeptabs"
    """How the screen is drawn; `stock` is the way out should the terminal show nonsense."""
    map_tiles: str = ""
    """Address of a tile server such as `https://tiles.example.org/{z}/{x}/{y}.png`, for streets on maps.

    It then learns which places are looked at. Empty: maps are drawn from the outlines that come along.
    """
    downloads: str = ""
    """The folder that documents and exports are saved in; empty: the usual one for downloads."""
    profile: str = ""
    """The profile to use where `--profile` names no other."""
    frugal: Literal["auto", "on", "off"] = "auto"
    """Ask the server for less: `auto` while the link is slow, `on` always, `off` never."""
    lock_after: float | Literal["never"] = 15
    """Minutes without a key after which the screen is locked; 0 or "never": only by the command."""
    keys: KeysConfig = KeysConfig()
    """Keys of one's own, and the preset that they change."""

    @property
    def lock_seconds(self) -> float:
        """Seconds without a key after which the screen is locked; 0 for never."""
        return 0.0 if self.lock_after == "never" else 60.0 * self.lock_after


@dataclass(frozen=True, slots=True)
class Loaded:
    """The configuration, and a sentence for each thing in the files that could not be used."""

    config: Config
    problems: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    """Where each value that is not the usual one comes from: a file, or a profile in a file."""
    profiles: tuple[str, ...] = ()
    """The profiles that the files name."""


def config_files() -> list[Path]:
    """Name the files, the office's first."""
    from platformdirs import PlatformDirs

    places = PlatformDirs("keeptabs", appauthor=False)
    return [Path(folder) / FILE_NAME for folder in (places.site_config_dir, places.user_config_dir)]


def configured(profile: str = "") -> Loaded:
    """Read the configuration of the person at this machine."""
    return load_config(config_files(), profile)


def load_config(files: Iterable[Path], profile: str = "") -> Loaded:
    """Read the files, a later one over an earlier one, and a profile over both.

    Without a `profile` the one that the files name is taken, if any. What is wrong is left out and told,
    never fatal.
    """
    problems: list[str] = []
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    profiles: dict[str, dict[str, tuple[Any, str]]] = {}
    for file in files:
        table = _read(file, problems)
        for name, values in _tables(table.pop(_PROFILES, {}), file, problems).items():
            good = _good(values, f"{file} [{_PROFILES}.{name}]", problems, in_profile=True)
            origin = f"{file} [{_PROFILES}.{name}]"
            profiles.setdefault(name, {}).update({key: (value, origin) for key, value in good.items()})
        good = _good(table, str(file), problems)
        if "keys" in good:
            good["keys"] = {**merged.get("keys", {}), **good["keys"]}
        merged |= good
        origins |= dict.fromkeys(good, str(file))
    wanted = profile or merged.get("profile", "")
    if wanted and wanted not in profiles:
        near = _nearest(wanted, profiles)
        problems.append(f"There is no profile {wanted}.{near}")
    for name, (value, origin) in profiles.get(wanted, {}).items():
        merged[name], origins[name] = value, origin
    own = merged.pop("keys", {})
    preset = str(own.pop("preset", KeysConfig().preset))
    keymap = KeysConfig(preset, {name: str(keys) for name, keys in own.items()})
    return Loaded(Config(**merged, keys=keymap), tuple(problems), origins, tuple(sorted(profiles)))


_PROFILES: Final = "profiles"
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "driver": ("keeptabs", "stock"),
    "frugal": ("auto", "on", "off"),
}
_MOST_MINUTES: Final = 1440
_NOT_IN_PROFILES: Final = frozenset({"profile", "keys"})


def _read(file: Path, problems: list[str]) -> dict[str, Any]:
    """Give what a file says; nothing where it is not there or cannot be read."""
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as problem:
        problems.append(f"{file} cannot be read: {problem}")
        return {}
    # Most people have no such file, and do not wait for what reads one.
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        problems.append(f"{file} is not TOML: {problem}")
        return {}


def _tables(value: Any, file: Path, problems: list[str]) -> Mapping[str, dict[str, Any]]:
    if isinstance(value, dict) and all(isinstance(table, dict) for table in value.values()):
        return value
    problems.append(f"{file}: {_PROFILES}: Each profile must be a table, such as [{_PROFILES}.home].")
    return {}


def _good(
    table: Mapping[str, Any], place: str, problems: list[str], *, in_profile: bool = False
) -> dict[str, Any]:
    """Give what of a table can be used; the rest is told."""
    wrong = dict(_wrong(table, in_profile=in_profile))
    problems += [f"{place}: {sentence}" for sentence in wrong.values()]
    return {name: value for name, value in table.items() if name not in wrong}


def _wrong(table: Mapping[str, Any], *, in_profile: bool) -> Iterator[tuple[str, str]]:
    """Name the members that cannot be used, each with a sentence."""
    known = {one.name: one.type for one in fields(Config)}
    for name, value in table.items():
        if name not in known:
            yield name, f"{name} is not known.{_nearest(name, known)}"
        elif in_profile and name in _NOT_IN_PROFILES:
            yield name, f"{name}: This belongs above the profiles."
        elif name in _CHOICES and value not in _CHOICES[name]:
            yield name, f"{name}: This must be one of: {', '.join(_CHOICES[name])}."
        elif name == "lock_after" and not _is_span(value):
            yield name, f'{name}: This must be minutes, from 0 to {_MOST_MINUTES}, or "never".'
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


def _is_span(value: Any) -> bool:
    """Say whether a value is minutes, or the word for none at all."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value == "never" or (number and 0 <= value <= _MOST_MINUTES)


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), 1)
    return f" Did you mean {near[0]}?" if near else ""


def schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of the file, with a sentence for each key: editors check by it."""
    from client.models.describing import sentences_under

    kinds: dict[Any, dict[str, Any]] = {
        str: {"type": "string"},
        bool: {"type": "boolean"},
        Config.__dataclass_fields__["lock_after"].type: {
            "anyOf": [{"type": "number", "minimum": 0, "maximum": _MOST_MINUTES}, {"const": "never"}]
        },
        KeysConfig: {"type": "object", "additionalProperties": {"type": "string"}},
    }
    told = sentences_under(Config)
    usual = Config()
    described = {
        one.name: kinds.get(one.type, {"enum": list(_CHOICES.get(one.name, ()))})
        | {"description": told.get(one.name, "")}
        | ({} if one.type is KeysConfig else {"default": getattr(usual, one.name)})
        for one in fields(Config)
    }
    in_profile = {name: part for name, part in described.items() if name not in _NOT_IN_PROFILES}
    profile = {"type": "object", "properties": in_profile, "additionalProperties": False}
    described[_PROFILES] = {
        "type": "object",
        "description": "Values for several servers or people, by name: `[profiles.home]`.",
        "additionalProperties": profile,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Keeptabs",
        "type": "object",
        "properties": described,
        "additionalProperties": False,
    }

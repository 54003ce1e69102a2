"""The configuration: one TOML file of the person over one of the office, every key known and checked."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

FILE_NAME = "config.toml"


class KeysConfig(BaseModel):
    """`[keys]`: a preset, and keys of one's own by the name of the command."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)

    preset: str = "default"
    """`default`, `tmux-safe` or `vim`."""

    @property
    def own(self) -> Mapping[str, str]:
        """What was said beside the preset: keys, comma-separated, or `disabled`."""
        return {name: str(keys) for name, keys in (self.model_extra or {}).items()}


class Config(BaseModel):
    """What can be configured. Options on the command line take precedence."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

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
            table = tomllib.loads(file.read_text("utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as problem:
            problems.append(f"{file} cannot be read: {problem}")
            continue
        except tomllib.TOMLDecodeError as problem:
            problems.append(f"{file} is not TOML: {problem}")
            continue
        good, told = _checked(table)
        problems += [f"{file}: {sentence}" for sentence in told]
        keys = {**merged.get("keys", {}), **good.get("keys", {})}
        merged = merged | good | ({"keys": keys} if keys else {})
    return Loaded(Config.model_validate(merged), tuple(problems))


def _checked(table: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    good, told = dict(table), []
    try:
        Config.model_validate(table)
    except ValidationError as wrong:
        for error in wrong.errors():
            key = ".".join(map(str, error["loc"]))
            first = str(error["loc"][0])
            good.pop(first, None)
            if error["type"] == "extra_forbidden":
                near = get_close_matches(key, Config.model_fields, 1)
                told.append(f"{key} is not known." + (f" Did you mean {near[0]}?" if near else ""))
            else:
                told.append(f"{key}: {error['msg'].rstrip('.')}.")
    return good, told

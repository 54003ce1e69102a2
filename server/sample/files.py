"""The tables beside this package from which the sample business is made."""

import tomllib
from importlib.resources import files
from typing import Any


def read(name: str) -> dict[str, Any]:
    """Read one of them: `business`, `names`, `notes` or `places`."""
    return tomllib.loads((files("server.sample") / "data" / f"{name}.toml").read_text(encoding="utf-8"))

"""Which theme is shown: the one asked for, else the one chosen before, else what the terminal can show."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from client.session.private_files import PrivateFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tui.terminal.preflight import Terminal

_FILE: Final = "theme.json"


def by_terminal(terminal: "Terminal | None", environment: Mapping[str, str]) -> str:
    """Name the theme for what the terminal can show, where nobody has chosen one."""
    if terminal is None or terminal.colours > 16:
        return "dark"
    if terminal.colours == 0:
        return "mono"
    return "ansi-light" if _is_light(environment) else "ansi-dark"


def _is_light(environment: Mapping[str, str]) -> bool:
    """Say whether the terminal tells of a light background, as rxvt and Konsole do in COLORFGBG."""
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    return background in ("7", "15")


class ChosenTheme:
    """Remembers the theme that a person chose. Losing it is a pity, never an error."""

    def __init__(self, root: "Path") -> None:
        self._folder = PrivateFolder(root)

    def load(self) -> str:
        """Give the name, empty where none was chosen."""
        from client.errors import CustomerApiError

        try:
            return str(json.loads(self._folder.read(_FILE) or b"{}").get("theme", ""))
        except (CustomerApiError, ValueError, AttributeError):
            return ""

    def save(self, name: str) -> None:
        """Remember a name."""
        from client.errors import CustomerApiError

        try:
            self._folder.write(_FILE, json.dumps({"theme": name}).encode())
        except CustomerApiError:
            return

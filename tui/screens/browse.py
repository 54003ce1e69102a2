"""Choosing a file of the machine that Keeptabs runs on: folder by folder, or by a path typed or pasted."""

import shlex
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from client.fold import fold
from tui.screens.pick import Option, PickScreen
from tui.text import width_of

if TYPE_CHECKING:
    from textual.app import App

_MOST: Final = 2_000
"""Entries of one folder that are offered."""
_TITLE_WIDTH: Final = 66


async def browse(app: "App[object]", title: str, folder: Path, kinds: Collection[str]) -> Path | None:
    """Ask for a file whose name ends in one of `kinds`; None where nothing is chosen."""
    here = folder
    while True:
        taken = await app.push_screen_wait(_Folder(title, here, kinds))
        if not taken:
            return None
        if not taken[0].is_dir():
            return taken[0]
        here = taken[0]


class _Folder(PickScreen[Path]):
    """What is in a folder; a path that is typed shows what is where it leads, as far as it goes."""

    DEFAULT_CSS = "_Folder _Options { min-height: 8; }"

    def __init__(self, title: str, here: Path, kinds: Collection[str]) -> None:
        self._here = here
        self._kinds = kinds
        self._read: tuple[Path, Sequence[Path], str] = (here, *_entries(here, kinds))
        super().__init__(
            f"{title} · {_end_of(str(here), _TITLE_WIDTH - width_of(title))}", self._options("")[0]
        )

    def narrow(self, text: str) -> None:
        """Show what fits what is typed."""
        self.offer(*self._options(text))

    def _options(self, text: str) -> tuple[Sequence[Option[Path]], str]:
        folder, rest = _named(text, self._here)
        if folder != self._read[0]:
            self._read = (folder, *_entries(folder, self._kinds))
        _, entries, trouble = self._read
        words = fold(rest).split()
        found = [
            Option(path, path.name + "/" * path.is_dir(), _size(path))
            for path in entries
            if all(word in fold(path.name) for word in words)
            and (rest.startswith(".") or not path.name.startswith("."))
        ]
        # Whoever types names something; the way up is for the arrows.
        above = [] if text else [Option(folder.parent, "..", trouble or "the folder above", "muted")]
        return [*above, *found], trouble or "Nothing that can be taken fits."


def _named(text: str, here: Path) -> tuple[Path, str]:
    """Give the folder that a typed path leads to, and what of a name stands behind it."""
    path = _plain(text)
    before, slash, rest = path.rpartition("/")
    with suppress(RuntimeError):  # no such user's home
        return here / Path(before + slash).expanduser(), rest
    return here, rest


def _plain(text: str) -> str:
    """Give a path without what terminals and file managers put around one that is dropped or pasted."""
    text = text.strip()
    if text.startswith("file://"):
        return unquote(urlsplit(text).path)
    with suppress(ValueError):
        pieces = shlex.split(text)
        return pieces[0] if len(pieces) == 1 else text
    return text.lstrip("'\"")


def _entries(folder: Path, kinds: Collection[str]) -> tuple[Sequence[Path], str]:
    """Give the folders and the files of these kinds that are in a folder, and why they cannot be read."""
    try:
        entries = sorted(folder.iterdir(), key=lambda path: (not path.is_dir(), path.name.casefold()))
        fit = [path for path in entries if path.is_dir() or path.name.rpartition(".")[2].lower() in kinds]
    except (OSError, ValueError) as problem:
        return [], getattr(problem, "strerror", "") or "This folder cannot be read."
    return fit[:_MOST], ""


def _size(path: Path) -> str:
    try:
        return "" if path.is_dir() else f"{max(1, path.stat().st_size // 1024):,} kB"
    except OSError:
        return ""


def _end_of(path: str, width: int) -> str:
    """Give a path, or the end of it where it is too long: that says more than the beginning."""
    if width_of(path) <= width:
        return path
    while width_of(path) >= width:
        path = path[1:]
    return f"…{path}"

"""Choosing a file of the machine that Keeptabs runs on: folder by folder, typed to narrow down."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.screens.pick import Option, PickScreen

if TYPE_CHECKING:
    from textual.app import App

_MOST: Final = 2_000
"""Entries of one folder that are offered."""


async def browse(app: "App[object]", title: str, folder: Path, kinds: Collection[str]) -> Path | None:
    """Ask for a file whose name ends in one of `kinds`; None where nothing is chosen."""
    here = folder
    while True:
        try:
            options = [Option("..", "..", "the folder above", "muted"), *_entries(here, kinds)]
        except OSError as problem:
            options = [Option("..", "..", problem.strerror or "cannot be read", "warn")]
        taken = await app.push_screen_wait(PickScreen(f"{title} · {here}", options))
        if not taken:
            return None
        chosen = here.parent if taken[0] == ".." else here / str(taken[0])
        if not chosen.is_dir():
            return chosen
        here = chosen


def _entries(folder: Path, kinds: Collection[str]) -> list[Option[str]]:
    entries = sorted(folder.iterdir(), key=lambda path: (not path.is_dir(), path.name.casefold()))[:_MOST]
    return [
        Option(path.name, path.name + ("/" if path.is_dir() else ""), _size(path), "text")
        for path in entries
        if not path.name.startswith(".") and (path.is_dir() or path.name.rpartition(".")[2].lower() in kinds)
    ]


def _size(path: Path) -> str:
    try:
        return "" if path.is_dir() else f"{max(1, path.stat().st_size // 1024):,} kB"
    except OSError:
        return ""

"""`make pictures`: the pictures of the README, drawn by the application on the sample business."""

import asyncio
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from server.store.database import Database
from server.store.migrations import upgrade
from tests.live import LiveServer, live
from tests.tui.desks import at_desk

FOLDER = Path(__file__).parents[1] / "docs" / "images"

PICTURES: dict[str, Sequence[str]] = {
    "list": ("mari",),
    "profile": ("1507", "\n"),
    "contact": ("1507", "\n", "2"),
}
"""What is typed before each picture is taken."""


def main() -> None:
    """Write all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/pictures.sqlite"
        database = Database(url)
        upgrade(database)
        database.close()
        with live(url, customers=5_000) as server:
            for name, typed in PICTURES.items():
                drawn = asyncio.run(_drawn(server, Path(folder) / name, typed))
                (FOLDER / f"{name}.svg").write_text(_without_downloads(drawn), "utf-8")


async def _drawn(server: LiveServer, root: Path, typed: Sequence[str]) -> str:
    async with at_desk(server, root, "admin", (80, 24)) as person:
        await person.sees("customers")
        for text in typed:
            await person.press("enter") if text == "\n" else await person.type(text)
            await person.pilot.pause(1.5)
        return person.app.export_screenshot(title="Keeptabs")


def _without_downloads(svg: str) -> str:
    """Leave the font to the reader's machine: a picture fetches nothing."""
    svg = re.sub(r"@font-face\s*{[^}]*}", "", svg)
    return svg.replace("Fira Code", "DejaVu Sans Mono")


if __name__ == "__main__":
    main()

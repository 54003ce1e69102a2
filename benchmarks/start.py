"""From exec to the first frame, to the first key, to the list; beside the smallest Textual application."""

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.table import Line, milliseconds
from tests.wire.office import PROJECT, Office
from tests.wire.pty_terminal import PtyTerminal, terminal_environment

_TYPED = re.compile(r"^(?: Find > |▊  )q", re.MULTILINE)
_NOT_FOR_HELP = ("textual", "rich", "httpx", "pydantic", "server", "sqlalchemy")


def measure(office: Office, runs: int) -> list[Line]:
    """Start everything `runs` times in turn and give the medians."""
    first: list[float] = []
    key: list[float] = []
    acted: list[float] = []
    listed: list[float] = []
    bare_first: list[float] = []
    bare_key: list[float] = []
    bare_box: list[float] = []
    for _ in range(runs):
        ours = _until_key(office.open(), " Keeptabs")
        bare = _until_key(_bare(), "▊")
        for kept, seconds in zip((first, key, bare_first, bare_key), (*ours, *bare), strict=True):
            kept.append(seconds)
        acted.append(_until(office.open(), "Keys that work here", typed="?"))
        bare_box.append(_until(_bare(), "Are you sure?", typed="\x1bOQ"))
        listed.append(_until(office.open(), " customers"))
    boxes = statistics.median(acted) / statistics.median(bare_box)
    ratio = statistics.median(acted) / statistics.median(bare_key)
    return [
        Line("exec to first frame", "<= 50 ms", _median(first), {"bare Textual": _median(bare_first)}),
        Line("exec to first letter shown", "", _median(key), {"bare Textual": _median(bare_key)}),
        Line("exec to first key acted upon (help)", "<= 1.2 x", f"{ratio:.2f} x", {"bare Textual": "1 x"}),
        Line("  the same in time", "", _median(acted), {"bare Textual": _median(bare_key)}),
        Line("  beside a first box too", "", f"{boxes:.2f} x", {"bare Textual": _median(bare_box)}),
        Line("exec to the list of customers", "", _median(listed)),
        Line("keeptabs --help", "<= 120 ms", _median([_help() for _ in range(runs)])),
        Line("  of it imports what it needs not", "none", _imported_by_help() or "none"),
    ]


def resident(office: Office) -> list[Line]:
    """Give the resident memory with three profiles open."""
    terminal = office.open()
    terminal.wait_for(" customers")
    for number in range(3):
        terminal.press(*["down"] * (number + 1), "enter")
        terminal.wait_for("2 Contact")
        terminal.press("escape")
        terminal.wait_for("Find >")
        terminal.wait_quiet(0.5)
    status = Path(f"/proc/{terminal.process.pid}/status")
    if not status.exists():
        return []
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    _end(terminal)
    return [Line("resident, 3 profiles open", "<= 60 MB", f"{int(line.split()[1]) / 1024:.0f} MB")]


def _bare() -> PtyTerminal:
    command = [sys.executable, "-m", "benchmarks.peers.bare_textual"]
    return PtyTerminal(command, environment=terminal_environment(), directory=PROJECT)


def _until(terminal: PtyTerminal, text: str, *, typed: str = "") -> float:
    terminal.type(typed)
    seconds = _when(terminal, lambda: text in terminal.text)
    _end(terminal)
    return seconds


def _until_key(terminal: PtyTerminal, first: str) -> tuple[float, float]:
    """Give seconds to the first frame, and to a key, typed at once, in the box where it belongs."""
    terminal.type("q")
    shown = _when(terminal, lambda: first in terminal.text)
    key = _when(terminal, lambda: _TYPED.search(terminal.text) is not None)
    _end(terminal)
    return shown, key


def _when(terminal: PtyTerminal, holds: Callable[[], bool]) -> float:
    """Give when the last bytes came that made something hold, in seconds from exec."""
    while not holds():
        if time.perf_counter() - terminal.started_at > 30:
            raise AssertionError(terminal.text)
        time.sleep(0.002)
    return terminal.chunks[-1].at - terminal.started_at


def _end(terminal: PtyTerminal) -> None:
    terminal.__exit__(None, None, None)


def _help() -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "tui", "--help"], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - started


def _imported_by_help() -> str:
    code = (
        "import sys, contextlib, io\n"
        "from tui.__main__ import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()): main(['--help'])\n"
        f"print(*[name for name in {_NOT_FOR_HELP!r} if name in sys.modules])"
    )
    return subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, check=True, capture_output=True, text=True
    ).stdout.strip()


def _median(seconds: list[float]) -> str:
    return milliseconds(statistics.median(seconds))

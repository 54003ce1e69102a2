"""Bytes and time from a key to the terminal; beside the stock driver, Textual and curses."""

import signal
import statistics
import sys
import time
from dataclasses import dataclass, field

from benchmarks.table import Line, count, milliseconds
from tests.wire.office import PROJECT, Office
from tests.wire.pty_terminal import PtyTerminal, terminal_environment

_QUIET = 0.35
_WAITING = 4.0


@dataclass
class Meter:
    """What acts cost on one terminal."""

    terminal: PtyTerminal
    bytes: dict[str, float] = field(default_factory=dict)
    first: dict[str, list[float]] = field(default_factory=dict)
    last: dict[str, list[float]] = field(default_factory=dict)

    def act(self, name: str, *keys: str) -> None:
        """Press keys and count what is written until it is quiet again."""
        before, started = self.terminal.byte_count, time.perf_counter()
        self.terminal.press(*keys)
        self.terminal.wait_quiet(_QUIET)
        self.bytes[name] = self.terminal.byte_count - before
        if self.bytes[name]:
            self.first.setdefault(name, []).append(self.terminal.first_byte_after(started) or 0.0)
            self.last.setdefault(name, []).append(self.terminal.chunks[-1].at - started)

    def waiting(self, office: Office, *keys: str) -> None:
        """Count what is written per second while an answer is awaited that does not come."""
        server = office.server
        assert server is not None
        server.send_signal(signal.SIGSTOP)
        try:
            self.terminal.press(*keys)
            time.sleep(1.5)  # by then it was said that an answer is awaited
            before = self.terminal.byte_count
            time.sleep(_WAITING)
            self.bytes["waiting, per second"] = (self.terminal.byte_count - before) / _WAITING
        finally:
            server.send_signal(signal.SIGCONT)
        self.terminal.wait_quiet(_QUIET)

    def idle(self, seconds: float) -> None:
        """Count what is written when nobody does anything, per second."""
        before = self.terminal.byte_count
        time.sleep(seconds)
        self.bytes["idle, per second"] = (self.terminal.byte_count - before) / seconds


def keeptabs(office: Office, *arguments: str, columns: int = 80, rows: int = 24) -> Meter:
    """Do what people do all day, and measure each act."""
    terminal = office.open(*arguments, columns=columns, rows=rows)
    terminal.wait_for(" customers")
    terminal.wait_quiet(1.0)
    meter = Meter(terminal, {"start": terminal.byte_count})
    for _ in range(5):
        meter.act("cursor down", "down")
    meter.act("page down", "page_down")
    for letter in "miles q":
        meter.act("letter, list changes", letter)
    terminal.press("down", "up")
    terminal.wait_quiet(_QUIET)
    meter.act("letter and its mark in one row", "u")
    for letter in "xqz":  # the first two change what is said of nobody found
        meter.act("letter, list unchanged", letter)
    terminal.press("backspace", "backspace", "backspace")
    terminal.wait_quiet(_QUIET)
    meter.act("palette open", "ctrl+p")
    meter.act("palette close", "escape")
    meter.act("dialog open", "ctrl+n")
    meter.act("dialog close", "escape")
    meter.act("help open", "?")
    meter.act("help close", "escape")
    meter.act("profile open", "enter")
    meter.act("profile, first visit of a tab", "2")
    meter.act("profile tab", "1")
    meter.act("profile tab", "2")
    meter.act("field opens for editing", "e")
    meter.act("letter in a field", "x")
    meter.act("letter in a field", "y")
    meter.idle(5.0)
    terminal.press("escape", "escape", "escape")
    terminal.wait_for("Find >")
    meter.waiting(office, "q", "z")
    terminal.__exit__(None, None, None)
    return meter


def textual() -> Meter:
    """Do the like in the smallest Textual application."""
    meter = _peer("benchmarks.peers.bare_textual", "find")
    for letter in "smi":
        meter.act("letter, list unchanged", letter)
    meter.act("palette open", "ctrl+p")
    meter.act("palette close", "escape")
    meter.act("dialog", "f2")
    meter.terminal.press("escape", "tab")
    meter.terminal.wait_quiet(_QUIET)
    meter.act("cursor down", "down")
    meter.act("page down", "page_down")
    return _done(meter)


def curses() -> Meter:
    """Do the like in a small curses program."""
    meter = _peer("benchmarks.peers.curses_list", "Enter open")
    for letter in "smi":
        meter.act("letter, list unchanged", letter)
    meter.act("cursor down", "down")
    meter.act("cursor down", "down")
    meter.act("page down", "page_down")
    return _done(meter)


def measure(office: Office) -> list[Line]:
    """Give the table of bytes at 80x24, and of times."""
    ours, stock = keeptabs(office), keeptabs(office, "--driver", "stock")
    larger = keeptabs(office, columns=120, rows=40)
    peers = {"stock driver": stock, "120x40": larger, "bare Textual": textual(), "curses": curses()}
    lines = [
        Line(
            f"{name}, bytes",
            _BUDGETS.get(name, ""),
            count(ours.bytes[name]),
            {peer: count(meter.bytes[name]) for peer, meter in peers.items() if name in meter.bytes},
        )
        for name in ours.bytes
    ]
    for name, budget in _TIMES.items():
        lines.append(
            Line(
                f"{name}, key to {'last' if 'page' in name else 'first'} byte",
                budget,
                _time(ours, name),
                {peer: _time(meter, name) for peer, meter in peers.items() if name in meter.first},
            )
        )
    return lines


_BUDGETS = {
    "start": "<= 2,500 (120x40: 4,000)",
    "letter, list unchanged": "<= 8",
    "letter in a field": "<= 8",
    "page down": "<= 1,800",
    "cursor down": "<= 40",
    "profile tab": "<= 700 + new text",
    "palette open": "<= 1,200",
    "dialog open": "<= 900",
    "dialog close": "<= 900",
    "help open": "<= 900",
    "waiting, per second": "<= 8",
    "idle, per second": "0",
}
_TIMES = {
    "cursor down": "<= 4 ms",
    "letter in a field": "<= 6 ms",
    "page down": "<= 20 ms",
    "profile tab": "<= 10 ms",
    "profile open": "<= 45 ms",
}


def _time(meter: Meter, name: str) -> str:
    times = meter.last if "page" in name else meter.first
    return milliseconds(statistics.median(times[name])) if name in times else "no byte"


def _peer(module: str, shown: str) -> Meter:
    command = [sys.executable, "-m", module]
    terminal = PtyTerminal(command, environment=terminal_environment(), directory=PROJECT)
    terminal.wait_for(shown)
    terminal.wait_quiet(1.0)
    return Meter(terminal, {"start": terminal.byte_count})


def _done(meter: Meter) -> Meter:
    meter.idle(3.0)
    meter.terminal.__exit__(None, None, None)
    return meter

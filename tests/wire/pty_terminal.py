"""A terminal for tests and benchmarks: a process on a real pty, an emulator, exact byte counts."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import pyte

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "page_up": "\x1b[5~",
    "page_down": "\x1b[6~",
    "delete": "\x1b[3~",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f8": "\x1b[19~",
    **{f"ctrl+{chr(letter)}": chr(letter - 96) for letter in range(ord("a"), ord("z") + 1)},
}

_NOT_UNDERSTOOD_BY_PYTE = re.compile(rb"\x1b\[[<>=][\d;]*[a-zA-Z]|\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\)")


class Chunk(NamedTuple):
    """What one read gave."""

    at: float
    """time.perf_counter() when it was read."""
    received: bytes


class PtyTerminal:
    """Runs a command on a pty of a given size; a context manager that leaves no process behind."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
        directory: Path | None = None,
    ) -> None:
        self.columns, self.rows = columns, rows
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.chunks: list[Chunk] = []
        """Everything the process wrote, as it was read."""
        self._fed = 0
        self.master, slave = pty.openpty()
        self._set_size()
        self.attributes_at_start = termios.tcgetattr(slave)
        self.started_at = time.perf_counter()
        self.process = subprocess.Popen(
            list(command),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=dict(environment) if environment is not None else terminal_environment(),
            cwd=directory,
            start_new_session=True,
            preexec_fn=_take_controlling_terminal,
        )
        self._slave = slave
        self._closed = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._close()

    # What a person does

    def type(self, text: str | bytes) -> None:
        """Write to the terminal as the keyboard would, all at once."""
        piece = text.encode() if isinstance(text, str) else text
        while piece:
            piece = piece[os.write(self.master, piece) :]

    def press(self, *names: str) -> None:
        """Press keys by name, or letters."""
        for name in names:
            self.type(KEYS.get(name, name))

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size; the process gets SIGWINCH."""
        self._feed()
        self.columns, self.rows = columns, rows
        self.screen.resize(rows, columns)
        self._set_size()

    def send(self, number: signal.Signals) -> None:
        """Send the process a signal."""
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Drop the line: the terminal is gone."""
        self._close()

    # What a person sees

    @property
    def lines(self) -> list[str]:
        """The screen, one string a row, without trailing blanks."""
        self._feed()
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """The screen as one string."""
        return "\n".join(self.lines)

    @property
    def cursor(self) -> tuple[int, int] | None:
        """Column and row of the cursor, None while it is hidden."""
        self._feed()
        return None if self.screen.cursor.hidden else (self.screen.cursor.x, self.screen.cursor.y)

    def wait_for(self, wanted: str | Callable[[], bool], seconds: float = 15.0) -> None:
        """Wait until a text stands on the screen, or a condition holds; AssertionError shows the screen."""
        holds = wanted if callable(wanted) else lambda: wanted in self.text
        if not self._until(holds, seconds):
            raise AssertionError(f"Waited {seconds} s for {wanted!r}; the screen shows:\n{self.text}")

    def wait_gone(self, unwanted: str, seconds: float = 15.0) -> None:
        """Wait until a text does not stand on the screen any more."""
        self.wait_for(lambda: unwanted not in self.text, seconds)

    def wait_quiet(self, quiet: float = 0.3, seconds: float = 15.0) -> None:
        """Wait until nothing was written for `quiet` seconds from now on."""
        started = time.perf_counter()

        def last() -> float:
            return max(started, self.chunks[-1].at) if self.chunks else started

        self._until(lambda: time.perf_counter() - last() > quiet, seconds)

    def wait_exit(self, seconds: float = 15.0) -> int:
        """Wait for the end of the process and give its exit code (negative: the signal that killed it)."""
        return self.process.wait(seconds)

    # What a meter says

    @property
    def received(self) -> bytes:
        """Everything that was written to the terminal."""
        return b"".join(chunk.received for chunk in list(self.chunks))

    def forget(self) -> None:
        """Let go of what was written so far, unread: a long session would fill the memory."""
        self.chunks.clear()
        self._fed = 0

    @property
    def byte_count(self) -> int:
        """How many bytes were written to the terminal."""
        return sum(len(chunk.received) for chunk in list(self.chunks))

    def first_byte_after(self, moment: float) -> float | None:
        """Seconds from `moment` (time.perf_counter) to the first byte after it."""
        return next((chunk.at - moment for chunk in list(self.chunks) if chunk.at >= moment), None)

    @property
    def attributes(self) -> list[object]:
        """The terminal's attributes now (termios.tcgetattr)."""
        return termios.tcgetattr(self._slave)

    def _until(self, holds: Callable[[], bool], seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return True

    def _feed(self) -> None:
        chunks = self.chunks[self._fed :]
        self._fed += len(chunks)
        if chunks:
            received = b"".join(chunk.received for chunk in chunks)
            self._stream.feed(_NOT_UNDERSTOOD_BY_PYTE.sub(b"", received))

    def _read(self) -> None:
        while not self._closed.is_set():
            if select.select([self.master], [], [], 0.05)[0]:
                self.chunks.append(Chunk(time.perf_counter(), os.read(self.master, 65536)))

    def _set_size(self) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, self.columns, 0, 0))

    def _close(self) -> None:
        if not self._closed.is_set():
            self._closed.set()
            self._reader.join()
            os.close(self._slave)
            os.close(self.master)


def terminal_environment(**more: str) -> dict[str, str]:
    """Give an environment as a terminal emulator makes it, without what the tests run under."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **more}


def _take_controlling_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)

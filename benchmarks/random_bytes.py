"""Type random bytes, again and again: the application lives, or leaves in order when it was told to.

Run as `python -m benchmarks.random_bytes [BYTES] [SEED]`; the bar is 10 million. Every byte goes through
a real pty to a real application at a real server. The keys that leave it are disabled, or it would be left
every 256 bytes; where it is left all the same, by the palette, it is opened again.
"""

import os
import random
import select
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.wire.office import Office, office, sample_database
from tests.wire.pty_terminal import PtyTerminal

_PIECE = 2048
_KEYS = '[keys]\nquit = "disabled"\nsign_out = "disabled"\n'

_GIVEN_BACK = b"\x1b[?1049l"
"""What an application writes last: from here on keys are the shell's, and Ctrl+\\ ends a process."""


@dataclass
class Typist:
    """Types into one terminal after the other."""

    one: Office
    chance: random.Random
    terminal: PtyTerminal | None = None
    opened: int = 0
    typed: int = 0
    codes: list[int] = field(default_factory=list)

    def type(self, count: int) -> None:
        """Type so many random bytes into an application that may be left meanwhile."""
        while count > 0:
            terminal = self._open()
            piece = self.chance.randbytes(min(count, _PIECE))
            sent = self._send(terminal, piece)
            count -= sent
            self.typed += sent
            self._see_whether_it_lives(terminal)
            terminal.forget()

    def _open(self) -> PtyTerminal:
        if self.terminal is None:
            self.terminal = self.one.open()
            self.terminal.wait_for(" customers")
            self.opened += 1
        return self.terminal

    def _send(self, terminal: PtyTerminal, piece: bytes) -> int:
        """Write at the pace at which the application reads, until it reads no more."""
        sent = 0
        while sent < len(piece) and terminal.process.poll() is None:
            if select.select([], [terminal.master], [], 0.5)[1]:
                sent += os.write(terminal.master, piece[sent : sent + 256])
        return sent

    def _see_whether_it_lives(self, terminal: PtyTerminal) -> None:
        code = terminal.process.poll()
        if code is None:
            return
        terminal.__exit__(None, None, None)
        self.terminal = None
        given_back = _GIVEN_BACK in terminal.received
        if code != 0 and not given_back:
            print(terminal.received[-2000:])
            raise AssertionError(f"After {self.typed:,} bytes it ended with {code}.")
        self.codes.append(code)


def main() -> None:
    """Type, and tell what happened."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        database = sample_database(Path(folder) / "random.sqlite", 50)
        limits = {
            "KEEPTABS_SERVER_REQUESTS_PER_MINUTE": "0",
            "KEEPTABS_SERVER_SIGN_IN_LIMITS": "false",
        }
        with office(Path(folder), database, limits) as one:
            config = Path(one.environment["XDG_CONFIG_HOME"]) / "keeptabs"
            config.mkdir(parents=True)
            (config / "config.toml").write_text(_KEYS)
            typist = Typist(one, random.Random(seed))
            started = time.perf_counter()
            while typist.typed < count:
                typist.type(min(100_000, count - typist.typed))
                pace = typist.typed / (time.perf_counter() - started)
                print(f"  {typist.typed:,} bytes, {typist.opened} starts, {pace:,.0f}/s", flush=True)
    print(f"typed {typist.typed:,} random bytes: left {len(typist.codes)} times in order, never otherwise")


if __name__ == "__main__":
    main()

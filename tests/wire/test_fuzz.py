"""Whatever is typed, the application lives, and what it leaves on the terminal is a screen."""

import random
import signal
import time

import pytest

from tests.wire.office import Office

PIECES = (
    *(b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x1b[5~", b"\x1b[6~", b"\x1b[H", b"\x1b[F", b"\x1b[Z"),
    *(b"\r", b"\t", b"\x1b", b" ", b"\x7f", b"e", b"a", b"n", b"2", b"1", b"]", b"/", b"?", b"u", b"l", b"x"),
    *(b"\x10", b"\x06", b"\x12", b"\x0e", b"\x0c", b"\x1bOQ", b"\x1bOR", b"\x1bOS", b"\x1b[15~", b"\x1b[18~"),
    *(
        b"smith",
        b"+44 20 79",
        b"\x1b[200~[b]paste[/]\x1b[201~",
        b"\x1b[200~",
        b"\x1b[201~",
        b"\x1b[I",
        b"\x1b[O",
    ),
    *(
        b"\xff",
        b"\xc3",
        b"\xe2\x80\xae",
        b"\x9b31m",
        b"\x1b[999999999999u",
        b"\x1b[<0;1;1M",
        b"\x1b]52;c;x\x07",
    ),
)
LEAVES = (b"\x11", b"\x1a", b"\x1b[19~", b"\x1b[17~")
"""Keys that end or stop it: Ctrl+Q, Ctrl+Z, F8, F6."""


def random_typing(seed: int, count: int) -> list[bytes]:
    """Give pieces of keys and of nonsense; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - dice
    pieces = []
    for _ in range(count):
        noise = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 12)))
        piece = chance.choice(PIECES) if chance.random() < 0.85 else noise
        pieces.append(b"" if any(key in piece for key in LEAVES) else piece)
    return pieces


@pytest.mark.parametrize("seed", range(2))
def test_random_keys_and_bytes_never_end_it(shared_office: Office, seed: int) -> None:
    terminal = shared_office.open("--read-only")
    terminal.wait_for(" customers")
    for piece in random_typing(seed, 250):
        terminal.type(piece)
        time.sleep(0.002)
    terminal.wait_quiet(1.0, 60)
    assert terminal.process.poll() is None, terminal.text
    terminal.send(signal.SIGTERM)
    assert terminal.wait_exit(30) == 143
    assert terminal.attributes == terminal.attributes_at_start

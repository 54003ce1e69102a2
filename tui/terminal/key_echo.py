"""The key echo of `keeptabs doctor --keys`: what each key arrives as, by name and byte for byte."""

import os
import select
from collections.abc import Callable

from textual.events import Key, Paste
from textual.message import Message

from tui.terminal import raw_mode
from tui.terminal.input import TerminalInput

LAST_KEY = "q"


def echo_keys(say: Callable[[str], None], input_fd: int = 0) -> None:
    """Name every key that is pressed until `q`; the terminal is given back as it was found."""
    before = raw_mode.found(input_fd)
    raw_mode.enter(input_fd)
    try:
        _echo(say, input_fd)
    finally:
        raw_mode.leave(input_fd, before)


def _echo(say: Callable[[str], None], input_fd: int) -> None:
    arrived: list[Message] = []
    parser = TerminalInput(arrived.append)
    received = b""
    while True:
        ready, _, _ = select.select([input_fd], [], [], parser.wants_time)
        if ready:
            read = os.read(input_fd, 4096)
            if not read:
                return
            received += read
            parser.feed(read)
        else:
            parser.time_passed()
        for message in arrived:
            if isinstance(message, Key):
                say(f"{message.key:24}{_bytes(received)}\r")
            elif isinstance(message, Paste):
                say(f"{'a paste':24}{len(message.text)} characters\r")
            if isinstance(message, Key) and message.key == LAST_KEY:
                return
        if arrived:
            arrived.clear()
            received = b""


def _bytes(received: bytes) -> str:
    named = {0x1B: "Esc"} | {byte: chr(byte) for byte in range(0x21, 0x7F)}
    return " ".join(named.get(byte, f"{byte:02x}") for byte in received)

"""A mail server that sends nothing on: it keeps what it is given as files, for trying things out."""

import asyncio
import os
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

_LARGEST: Final = 10 * 1024 * 1024
_LINE: Final = 16 * 1024
_IDLE_SECONDS: Final = 300
_PATH: Final = re.compile(r"(?:FROM|TO):\s*<([^<>\s]*)>(.*)", re.IGNORECASE)

Verdict = Callable[[str, str], str | None]
"""From a command, such as `RCPT` or `DATA`, and what it is about to another answer than yes, or None."""


def to_folder(folder: Path) -> Callable[[bytes], None]:
    """Give what keeps each message as a file of its own in `folder`, which only its owner can read."""

    def keep(message: bytes) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
        # Under another name until it is whole: who looks meanwhile sees no half.
        unfinished = folder / f"{name}.part"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(message)
        unfinished.rename(folder / f"{name}.eml")

    return keep


class Sink:
    """Takes mail on loopback over SMTP (RFC 5321) and hands each message to `keep`."""

    def __init__(self, keep: Callable[[bytes], None], verdict: Verdict | None = None) -> None:
        self.keep = keep
        self.verdict = verdict or (lambda _command, _about: None)
        self.url = ""
        """Where it listens, as a setting."""
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> None:
        """Listen, on any free port if none is given."""
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", port, limit=_LINE)
        self.url = f"smtp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Hang up."""
        if self._server is not None:
            self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._talks.add(task)
            task.add_done_callback(self._talks.discard)
        with suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            await _Talk(self, reader, writer).run()
        writer.close()


class _Talk:
    """One connection."""

    def __init__(self, sink: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._sink = sink
        self._reader = reader
        self._writer = writer
        self._sender: str | None = None
        self._recipients: list[str] = []

    async def run(self) -> None:
        """Answer commands until the other side leaves."""
        self._say(self._sink.verdict("CONNECT", "") or "220 keeps what it gets")
        while line := await asyncio.wait_for(self._reader.readline(), _IDLE_SECONDS):
            command, _, about = line.decode("utf-8", "replace").strip().partition(" ")
            await self._answer(command.upper(), about)
            if command.upper() == "QUIT":
                break

    async def _answer(self, command: str, about: str) -> None:
        match command:
            case "EHLO":
                self._say(f"250-keeptabs\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {_LARGEST}")
            case "HELO" | "NOOP":
                self._say("250 OK")
            case "RSET":
                self._sender, self._recipients = None, []
                self._say("250 OK")
            case "QUIT":
                self._say("221 Bye")
            case "MAIL" | "RCPT":
                self._address(command, about)
            case "DATA":
                await self._data()
            case _:
                self._say("502 Not here")

    def _address(self, command: str, about: str) -> None:
        found = _PATH.match(about)
        if found is None or (command == "RCPT" and self._sender is None):
            self._say("503 Not now" if found else "501 An address in <> is needed")
            return
        address = found.group(1)
        refused = self._sink.verdict(command, address)
        if refused is None and command == "MAIL":
            self._sender = address
        elif refused is None:
            self._recipients.append(address)
        self._say(refused or "250 OK")

    async def _data(self) -> None:
        if not self._recipients:
            self._say("503 To whom?")
            return
        self._say("354 Go on; end with a dot")
        lines: list[bytes] = []
        size = 0
        while (line := await asyncio.wait_for(self._reader.readline(), _IDLE_SECONDS)) != b".\r\n":
            if not line:
                return
            size += len(line)
            if size <= _LARGEST:
                lines.append(line.removeprefix(b"."))  # RFC 5321, section 4.5.2
        message = b"".join(lines)
        to = ", ".join(self._recipients)
        refused = "552 Too large" if size > _LARGEST else self._sink.verdict("DATA", to)
        if refused is None:
            envelope = f"Return-Path: <{self._sender}>\r\nDelivered-To: {to}\r\n"
            self._sink.keep(envelope.encode() + message)
        self._sender, self._recipients = None, []
        self._say(refused or "250 Kept")

    def _say(self, answer: str) -> None:
        self._writer.write(answer.encode() + b"\r\n")

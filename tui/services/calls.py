"""The way from `keeptabs call` to the application that runs already: a socket of one's own, for nobody else.

The folder is 0700 and every end looks at who is at the other one, so that nobody else on a shared host can
ring, or hear who rings.
"""

import asyncio
import contextlib
import json
import os
import socket
import stat
import struct
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from client.session.store import state_folder
from client.text import clean

_LONGEST_PATH: Final = 100
"""What the name of a socket may take on every system, in bytes."""
_LONGEST_CALL: Final = 300
_SECONDS: Final = 3.0
_TAKEN: Final = b"taken\n"


def caller(text: str) -> str:
    """Give the telephone number in what a softphone or a browser hands over: `tel:` (RFC 3966), or bare."""
    text = clean(unquote(text)).strip()
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in ("tel", "callto", "sip", "sips"):
        text = rest.removeprefix("//").partition("@")[0]
    return " ".join(text.partition(";")[0].split())[:60]


def folder_for_calls(environment: Mapping[str, str]) -> Path:
    """Give the folder of the sockets: the system's for this login where there is one, else one's own."""
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    places = [Path(runtime) / "keeptabs"] if runtime else []
    places += [state_folder() / "calls", Path(f"/tmp/keeptabs-{os.getuid()}")]  # noqa: S108 - looked at before use
    return next((place for place in places if len(os.fsencode(place)) < _LONGEST_PATH - 12), places[-1])


def ring(folder: Path, number: str) -> bool:
    """Hand a number to the application opened last; say whether one took it."""
    return any(_rang(path, number) for path in _newest_first(folder))


def _newest_first(folder: Path) -> Iterator[Path]:
    if not _is_private(folder):
        return
    found = []
    for path in folder.glob("*.sock"):
        with contextlib.suppress(OSError):
            found.append((path.lstat().st_mtime_ns, path))
    for _, path in sorted(found, reverse=True):
        yield path


def _rang(path: Path, number: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(_SECONDS)
        try:
            line.connect(os.fspath(path))
            if not _is_own(line):
                return False
            line.sendall(json.dumps({"number": number}).encode() + b"\n")
            return line.recv(len(_TAKEN)) == _TAKEN
        except ConnectionRefusedError:
            # Whoever listened there is gone.
            with contextlib.suppress(OSError):
                path.unlink()
        except OSError:
            pass
    return False


class CallLine:
    """Listens for calls as long as the application runs."""

    def __init__(self, folder: Path, take: Callable[[str], None]) -> None:
        """Give every number to `take`."""
        self._folder = folder
        self._take = take
        self._server: asyncio.Server | None = None
        self._path = folder / f"{os.getpid()}.sock"

    async def open(self) -> None:
        """Begin to listen; where that cannot be, nobody rings here, and nothing else is lost."""
        with contextlib.suppress(OSError, NotImplementedError, AttributeError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(self._folder):
                return
            self._path.unlink(missing_ok=True)
            self._server = await asyncio.start_unix_server(self._answer, self._path, limit=_LONGEST_CALL)

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            with contextlib.suppress(OSError):
                self._path.unlink()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = writer.get_extra_info("socket")
            if not _is_own(line):
                return
            async with asyncio.timeout(_SECONDS):
                told = json.loads(await reader.readline())
            number = caller(str(told.get("number", "")))
            if number:
                self._take(number)
                writer.write(_TAKEN)
                await writer.drain()
        except (OSError, ValueError, AttributeError, TimeoutError):
            return
        finally:
            writer.close()


def _is_own(line: socket.socket) -> bool:
    """Say whether the process at the other end is of the same person, where the system tells."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    told = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", told)
    return bool(user == os.getuid())


def _is_private(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077

"""Documents taken apart in a process of their own: it may fail, fill its memory or never end, alone.

Programs that read PDFs and pictures have had holes and endless loops, and whoever sends a document to a
business chooses what is in it. The process gets the document and nothing else, writes what is to be shown,
and is ended after a while.
"""

import asyncio
import sys
from contextlib import suppress
from typing import Final

from client.text import clean
from tui.services.reading_files import PICTURES, Picture, Unreadable, text_of, unpacked

SECONDS: Final = 20.0
"""How long taking a document apart may take."""
_MEMORY: Final = 1536 * 1024 * 1024
"""How much the process may take, in bytes: a picture as large as is opened, twice."""
_FAILED: Final = "This document cannot be read here. Download it to open it elsewhere."
_TOO_LONG: Final = "Reading this document takes too long. Download it to open it elsewhere."

_TEXT: Final = b"T"
_PICTURE: Final = b"P"
_REFUSED: Final = b"U"
_SIDE: Final = 4
"""Bytes of a width or a height."""


async def text_apart(media_type: str, content: bytes, seconds: float = SECONDS) -> str:
    """Give the text of a document. Raises Unreadable."""
    told = await _asked(media_type, content, seconds)
    if not told.startswith(_TEXT):
        raise Unreadable(_FAILED)
    return clean(told[1:].decode("utf-8", "replace"))


async def picture_apart(media_type: str, content: bytes, seconds: float = SECONDS) -> Picture:
    """Give the picture that a document is. Raises Unreadable."""
    told = await _asked(media_type, content, seconds)
    width, height = (int.from_bytes(told[1 + at : 1 + at + _SIDE], "big") for at in (0, _SIDE))
    rgb = told[1 + 2 * _SIDE :]
    if not told.startswith(_PICTURE) or not rgb or len(rgb) != 3 * width * height:
        raise Unreadable(_FAILED)
    return Picture(width, height, rgb)


async def _asked(media_type: str, content: bytes, seconds: float) -> bytes:
    """Have a process read a document and give what it says. Raises Unreadable."""
    # Without the folder that one happens to be in: what lies there is not ours to run (-P).
    command = (sys.executable, "-P", "-m", __name__, media_type)
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as trouble:
        raise Unreadable(_FAILED) from trouble
    try:
        async with asyncio.timeout(seconds):
            told, _ = await process.communicate(content)
    except TimeoutError:
        raise Unreadable(_TOO_LONG) from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0:
        raise Unreadable(_FAILED)
    if told.startswith(_REFUSED):
        raise Unreadable(clean(told[1:].decode("utf-8", "replace")))
    return told


def _bound() -> None:
    """Take from this process what it does not need, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    seconds = int(SECONDS)
    limits = {
        resource.RLIMIT_AS: _MEMORY,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))


def _answer(media_type: str, content: bytes) -> bytes:
    try:
        if media_type in PICTURES:
            width, height, rgb = unpacked(content)
            return b"".join((_PICTURE, width.to_bytes(_SIDE, "big"), height.to_bytes(_SIDE, "big"), rgb))
        return _TEXT + text_of(media_type, content).encode("utf-8", "replace")
    except Unreadable as refused:
        return _REFUSED + refused.sentence.encode()


if __name__ == "__main__":
    _bound()
    sys.stdout.buffer.write(_answer(sys.argv[1], sys.stdin.buffer.read()))

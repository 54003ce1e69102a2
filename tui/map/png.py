"""Reads PNG pictures as shades of grey (ISO/IEC 15948): what map tiles are, not all that PNG can be."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LARGEST_SIDE: Final = 1024
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_GREY, _COLOUR, _PALETTE, _GREY_ALPHA, _COLOUR_ALPHA = 0, 2, 3, 4, 6
_SAMPLES: Final = {_GREY: 1, _COLOUR: 3, _PALETTE: 1, _GREY_ALPHA: 2, _COLOUR_ALPHA: 4}


class NotAPicture(ValueError):
    """The bytes are no PNG that can be read here. Its text is a sentence."""


@dataclass(frozen=True, slots=True)
class Grey:
    """A picture in shades of grey."""

    width: int
    height: int
    rows: tuple[bytes, ...]
    """A byte for each dot, 0 for black."""


def read_png(content: bytes) -> Grey:
    """Give the picture; what is transparent is on white. Raises `NotAPicture`."""
    try:
        return _read(content)
    except (struct.error, zlib.error, IndexError) as error:
        raise NotAPicture("The picture is damaged.") from error


def _read(content: bytes) -> Grey:
    if not content.startswith(_SIGNATURE):
        raise NotAPicture("This is not a PNG picture.")
    head = palette = b""
    packed: list[bytes] = []
    for kind, block in _chunks(content):
        if kind == b"IHDR":
            head = block
        elif kind == b"PLTE":
            palette = block
        elif kind == b"IDAT":
            packed.append(block)
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise NotAPicture(f"The picture is larger than {LARGEST_SIDE} dots.")
    shallow = colour in (_GREY, _PALETTE) and depth in (1, 2, 4)
    if interlaced or colour not in _SAMPLES or not (depth == 8 or shallow):
        raise NotAPicture("This kind of PNG cannot be read.")
    length = (width * depth * _SAMPLES[colour] + 7) // 8
    wanted = height * (length + 1)
    raw = zlib.decompressobj().decompress(b"".join(packed), wanted)
    if len(raw) < wanted:
        raise NotAPicture("The picture is damaged.")
    shades = _shades_of(palette) if colour == _PALETTE else b""
    step = max(1, depth * _SAMPLES[colour] // 8)
    lines = _unfiltered(raw, length, step)
    return Grey(width, height, tuple(_grey(line, width, depth, colour, shades) for line in lines))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind = content[at + 4 : at + 8]
        if kind == b"IEND":
            return
        yield kind, content[at + 8 : at + 8 + length]
        at += 12 + length


def _unfiltered(raw: bytes, length: int, step: int) -> Iterator[bytearray]:
    above = bytearray(length)
    for start in range(0, len(raw), length + 1):
        line = bytearray(raw[start + 1 : start + 1 + length])
        _undo(raw[start], line, above, step)
        yield line
        above = line


def _undo(kind: int, line: bytearray, above: bytearray, step: int) -> None:
    """Undo the filter of a line in place: bytes tell how they differ from those beside and above."""
    if kind == 1:
        for at in range(step, len(line)):
            line[at] = (line[at] + line[at - step]) & 255
    elif kind == 2:
        line[:] = bytes((byte + up) & 255 for byte, up in zip(line, above, strict=True))
    elif kind == 3:
        for at in range(len(line)):
            left = line[at - step] if at >= step else 0
            line[at] = (line[at] + (left + above[at]) // 2) & 255
    elif kind == 4:
        for at in range(len(line)):
            left, corner = (line[at - step], above[at - step]) if at >= step else (0, 0)
            line[at] = (line[at] + _nearest(left, above[at], corner)) & 255
    elif kind:
        raise NotAPicture("The picture is damaged.")


def _nearest(left: int, up: int, corner: int) -> int:
    """Give the one of three that is nearest to left + up - corner (Paeth)."""
    to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if to_left <= to_up and to_left <= to_corner:
        return left
    return up if to_up <= to_corner else corner


def _grey(line: bytearray, width: int, depth: int, colour: int, shades: bytes) -> bytes:
    if depth < 8:
        most = (1 << depth) - 1
        parts = range(8 - depth, -1, -depth)
        line = bytearray(byte >> part & most for byte in line for part in parts)[:width]
        if colour == _GREY:
            line = bytearray(value * 255 // most for value in line)
    if colour == _PALETTE:
        return bytes(line).translate(shades)
    if colour == _GREY:
        return bytes(line)
    if colour == _GREY_ALPHA:
        return bytes(_on_white(grey, alpha) for grey, alpha in zip(line[::2], line[1::2], strict=True))
    samples = _SAMPLES[colour]
    shown = bytes(map(_shade, line[::samples], line[1::samples], line[2::samples]))
    if colour == _COLOUR_ALPHA:
        return bytes(map(_on_white, shown, line[3::samples]))
    return shown


def _shades_of(palette: bytes) -> bytes:
    shades = bytes(map(_shade, palette[::3], palette[1::3], palette[2::3]))
    return shades[:256].ljust(256, b"\xff")


def _shade(red: int, green: int, blue: int) -> int:
    """Give how light a colour is (ITU-R BT.601)."""
    return (299 * red + 587 * green + 114 * blue) // 1000


def _on_white(shade: int, alpha: int) -> int:
    return (shade * alpha + 255 * (255 - alpha)) // 255

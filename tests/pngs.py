"""Small PNG pictures, written as the standard has it."""

import struct
import zlib
from collections.abc import Sequence

Pixel = tuple[int, int, int]


def png(pixels: Sequence[Sequence[Pixel]], filter_kind: int = 0) -> bytes:
    """Give a picture of red, green and blue, each line behind the same filter."""
    lines = [bytes(value for pixel in row for value in pixel) for row in pixels]
    raw = b""
    above = bytes(len(lines[0]))
    for line in lines:
        raw += bytes([filter_kind]) + _filtered(filter_kind, line, above)
        above = line
    return whole(len(pixels[0]), len(pixels), 8, 2, raw)


def whole(width: int, height: int, depth: int, colour: int, raw: bytes, palette: bytes = b"") -> bytes:
    """Give a file of lines that are filtered already."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = [b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", head)]
    parts += [_chunk(b"PLTE", palette)] if palette else []
    return b"".join([*parts, _chunk(b"IDAT", zlib.compress(raw)), _chunk(b"IEND", b"")])


def _chunk(kind: bytes, block: bytes) -> bytes:
    return struct.pack(">I", len(block)) + kind + block + struct.pack(">I", zlib.crc32(kind + block))


def _filtered(kind: int, line: bytes, above: bytes) -> bytes:
    result = bytearray()
    for at, byte in enumerate(line):
        left, corner = (line[at - 3], above[at - 3]) if at >= 3 else (0, 0)
        up = above[at]
        estimate = left + up - corner
        paeth = min((left, up, corner), key=lambda known: abs(estimate - known))
        result.append(byte - (0, left, up, (left + up) // 2, paeth)[kind] & 255)
    return bytes(result)

"""Identifiers: UUIDs of version 7 (RFC 9562), so that ids sort by the time they were made."""

import os
import threading
import time

COUNTED_BITS = 26
"""Bits that differ between the ids of one millisecond; the 48 bits behind them name the process."""

_NODE = int.from_bytes(os.urandom(6), "big")
_lock = threading.Lock()
_last = [0, 0]  # the millisecond of the last id, and its count


def new_id() -> str:
    """Give a fresh UUID version 7 in its usual form; every id of this process is larger than the one before.

    Within one millisecond it counts up from a random start (RFC 9562, section 6.2, methods 1 and 2). Its last
    48 bits name the process (section 6.4): they cost little where many ids travel in one compressed answer.
    Nothing may rely on an id being hard to guess.
    """
    with _lock:
        millisecond = time.time_ns() // 1_000_000
        if millisecond > _last[0]:
            # The topmost bit stays free, so that counting up cannot overflow.
            _last[:] = [millisecond, int.from_bytes(os.urandom(4), "big") >> 32 - COUNTED_BITS + 1]
        else:
            _last[1] += 1 + os.urandom(1)[0]
            if _last[1] >> COUNTED_BITS:  # so many ids while the clock stood still
                _last[:] = [_last[0] + 1, 0]
        moment, count = _last
    return identifier(moment, count, _NODE)


def identifier(millisecond: int, count: int, node: int) -> str:
    """Give the UUID version 7 of a moment, a count of 26 bits, and a node of 48 bits."""
    number = millisecond << 80 | 0x7 << 76 | (count >> 14) << 64 | 0b10 << 62 | (count & 0x3FFF) << 48 | node
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

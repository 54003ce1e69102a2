"""Identifiers: UUIDs of version 7 (RFC 9562), so that ids sort by the time they were made."""

import os
import threading
import time

_lock = threading.Lock()
_last = [0, 0]  # the millisecond of the last id, and its 74 bits after the time


def new_id() -> str:
    """Give a fresh UUID version 7 in its usual form; every id of this process is larger than the one before.

    Within one millisecond the random part is incremented (RFC 9562, section 6.2, method 2).
    """
    with _lock:
        millisecond = time.time_ns() // 1_000_000
        if millisecond > _last[0]:
            # The topmost bit stays free, so that counting up cannot overflow.
            _last[:] = [millisecond, int.from_bytes(os.urandom(10), "big") >> 7]
        else:
            _last[1] += 1 + int.from_bytes(os.urandom(4), "big")
        moment, tail = _last
    number = moment << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | tail & (1 << 62) - 1
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

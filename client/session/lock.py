"""A lock that holds across processes and is let go when its process ends, however that ends."""

import errno
import fcntl
import os
import time
from types import TracebackType
from typing import Final, Self

from client.errors import NotKept

POLL_SECONDS: Final = 0.02
"""How often a lock that is taken is tried again."""

_TAKEN: Final = (errno.EAGAIN, errno.EACCES)


class Lock:
    """An open lock file (flock). The file stays: removing it would split those who wait."""

    def __init__(self, file: int) -> None:
        self._file = file

    def taken(self) -> bool:
        """Take the lock if it is free, without waiting; say whether it is ours now. Raises NotKept."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            if problem.errno in _TAKEN:
                return False
            raise NotKept(
                "This folder cannot be locked.", remedy="Keep it on a disk of this machine."
            ) from problem
        return True

    def wait(self, seconds: float) -> None:
        """Take the lock, waiting for it in this thread. Raises NotKept after `seconds`."""
        until = time.monotonic() + seconds
        while not self.taken():
            if time.monotonic() > until:
                raise in_use()
            time.sleep(POLL_SECONDS)

    def close(self) -> None:
        """Let the lock go."""
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def in_use() -> NotKept:
    """Say that another process does not let go."""
    return NotKept(
        "Another keeptabs of yours holds on to this and does not let go.", remedy="Close it and try again."
    )

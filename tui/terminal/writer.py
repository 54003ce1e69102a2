"""The thread that writes to the terminal, so that a slow or frozen one never stops the application."""

import os
import threading
from collections.abc import Callable


class TerminalWriter:
    """Writes one piece at a time; who gives it more while it is busy is told when it is free again.

    A terminal that is gone (EIO) is reported once, and all later writing is dropped.
    """

    def __init__(self, output_fd: int, on_free: Callable[[], None], on_gone: Callable[[], None]) -> None:
        self._output_fd = output_fd
        self._on_free = on_free
        self._on_gone = on_gone
        self._piece: bytes | None = None
        self._closing = False
        self._gone = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether the last piece is not yet written."""
        return self._piece is not None

    def write(self, piece: bytes) -> None:
        """Begin to write; call it only when not `busy`, or after `drain`."""
        with self._changed:
            self._piece = (self._piece or b"") + piece
            self._changed.notify_all()

    def drain(self, seconds: float) -> bool:
        """Wait until everything is written; False when that took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: self._piece is None, seconds)

    def stop(self) -> None:
        """End the thread; a terminal that takes nothing any more is not waited for."""
        self.drain(0.2)
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(0.2)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._piece is not None)
                if self._closing and self._piece is None:
                    return
                piece = self._piece or b""
            self._write_all(piece)
            with self._changed:
                rest = (self._piece or b"")[len(piece) :]
                self._piece = rest or None
                self._changed.notify_all()
            if not rest:
                self._on_free()

    def _write_all(self, piece: bytes) -> None:
        while piece and not self._gone:
            try:
                piece = piece[os.write(self._output_fd, piece) :]
            except OSError:
                self._gone = True
                self._on_gone()

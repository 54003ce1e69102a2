"""A connection that is made while the program is loaded, so that the first request finds it there.

Two round trips of TCP and TLS are what the first answer waits for on a slow link. TCP's needs nothing but the
address, so it begins at exec, in a thread; TLS follows as soon as there is an event loop.
"""

import select
import socket
import threading
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from client.errors import CustomerApiError

_CONNECT_SECONDS: Final = 10.0
_PATIENCE: Final = 3.0
"""Seconds that a request waits for it, before it makes a connection of its own."""


class EarlyConnection:
    """One TCP connection, for whoever asks first for that place."""

    def __init__(self, find: Callable[[], str]) -> None:
        """Connect to the server whose address `find` gives; an empty one is none. What fails is not told."""
        self._find = find
        self._place: tuple[str, int] | None = None
        self._socket: socket.socket | None = None
        self._ended = threading.Event()
        self._taken = False
        threading.Thread(target=self._connect, name="early-connection", daemon=True).start()

    @property
    def pending(self) -> bool:
        """Whether it may still be there for somebody."""
        return not self._taken

    def take(self, host: str, port: int) -> socket.socket | None:
        """Give the connection to that place, once, waiting a little for it; None where there is none."""
        self._taken = True
        if not self._ended.wait(_PATIENCE):
            return None
        opened, self._socket = self._socket, None
        if opened is None:
            return None
        # Before anything was asked there is nothing to read but the end.
        closed = select.select([opened], [], [], 0)[0]
        if closed or self._place != (host, port):
            opened.close()
            return None
        return opened

    def _connect(self) -> None:
        try:
            parts = urlsplit(self._find())
            if parts.hostname:
                port = parts.port or (443 if parts.scheme == "https" else 80)
                self._place = (parts.hostname, port)
                self._socket = socket.create_connection(self._place, _CONNECT_SECONDS)
        except (OSError, ValueError, CustomerApiError):
            return  # The first request says what is wrong.
        finally:
            self._ended.set()

"""What went over the connections of one link, as the system counts it: TLS, TCP and IP included.

Linux counts payload and packets of every TCP connection (`TCP_INFO`, linux/tcp.h). Asking costs one call for
each connection, and none of it is sent. Other systems do not tell; then HTTP alone is counted, by the meter.
"""

import socket
import struct
from dataclasses import dataclass
from typing import Any, Final, Protocol

_SIZE: Final = 256
_ACKED_AND_RECEIVED: Final = struct.Struct("=QQII")
"""`tcpi_bytes_acked`, `tcpi_bytes_received`, `tcpi_segs_out`, `tcpi_segs_in`."""
_ACKED_AT: Final = 120
_SENT: Final = struct.Struct("=Q")
"""`tcpi_bytes_sent`, what was sent twice included; from Linux 4.19."""
_SENT_AT: Final = 200
_TCP_HEADER: Final = 32
"""Bytes, with time stamps; only the first packets carry more."""
_IP_HEADERS: Final = {socket.AF_INET: 20, socket.AF_INET6: 40}


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes that were sent and received."""

    up: int = 0
    down: int = 0
    whole: bool = False
    """Whether they are all that went over the link, or those of HTTP alone."""

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(self.up + other.up, self.down + other.down, self.whole and other.whole)


class Stream(Protocol):
    """A connection as httpcore has it."""

    def get_extra_info(self, info: str) -> Any:
        """Give something about it, such as its `socket`."""


class Wires:
    """The connections of one link."""

    def __init__(self) -> None:
        self._open: dict[Any, Traffic] = {}
        self._closed = Traffic(whole=True)
        self._untold = False

    def take(self, stream: Stream) -> None:
        """Count a connection that was just made."""
        connection = stream.get_extra_info("socket")
        counted = None if connection is None else _counted(connection)
        if counted is None:
            self._untold = True
        else:
            self._open[connection] = counted

    def look(self) -> None:
        """Ask the system; connections that are closed keep what they had when it was asked last."""
        for connection, before in tuple(self._open.items()):
            now = _counted(connection)
            if now is not None:
                self._open[connection] = now
            else:
                del self._open[connection]
                self._closed += before

    def traffic(self) -> Traffic | None:
        """Give all that went over the link until now; None where the system does not tell."""
        self.look()
        if self._untold:
            return None
        return sum(self._open.values(), self._closed)


def _counted(connection: Any) -> Traffic | None:
    """Give what went over a connection; None where it is closed or the system does not tell."""
    if not hasattr(socket, "TCP_INFO"):
        return None
    try:
        header = _IP_HEADERS[connection.family] + _TCP_HEADER
        told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _SIZE)
    except (OSError, KeyError):
        return None
    if len(told) < _ACKED_AT + _ACKED_AND_RECEIVED.size:
        return None
    up, down, packets_up, packets_down = _ACKED_AND_RECEIVED.unpack_from(told, _ACKED_AT)
    if len(told) >= _SENT_AT + _SENT.size:
        (up,) = _SENT.unpack_from(told, _SENT_AT)
    return Traffic(up + packets_up * header, down + packets_down * header, whole=True)

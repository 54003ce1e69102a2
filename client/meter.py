"""How the link does: what every exchange with the server cost, and what that says about the link."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from client.wires import Traffic, Wires

LinkState = Literal["unknown", "online", "slow", "offline"]
Frugality = Literal["auto", "on", "off"]

SLOW_SECONDS: Final = 0.6
"""A round trip that takes longer makes the link a slow one."""
_RECOVERED_SECONDS: Final = 0.4
_SLOW_IN_A_ROW: Final = 2
"""So many slow round trips make use frugal: one alone may have been a busy server."""
_QUICK_IN_A_ROW: Final = 5
"""So many quick ones bring back what is usual."""
_LARGE: Final = 4096
"""Bytes; what is sent with more takes its time on any link, and tells nothing of this one."""
_WEIGHT: Final = 0.4


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as it went over the link."""

    method: str
    path: str
    status: int
    """HTTP status, 0 where no answer came."""
    seconds: float
    """From sending to the first byte of the answer, or to giving up."""
    bytes_up: int
    """Bytes of HTTP sent, without TLS and TCP."""
    bytes_down: int
    """Bytes of HTTP received, as compressed."""
    reached: bool
    """Whether the server was reached."""


class LinkMeter:
    """Counts what a session sends and receives, and tells how the link is."""

    def __init__(self, frugality: Frugality = "auto") -> None:
        """Find out whether the link is to be spared, or take it as said with "on" or "off"."""
        self.frugality = frugality
        self.bytes_up = 0
        self.bytes_down = 0
        self.wires = Wires()
        self.requests = 0
        self.last_round_trip: float | None = None
        """Seconds of the newest exchange that was answered."""
        self.state: LinkState = "unknown"
        self._smoothed: float | None = None
        self._found_slow = False
        self._in_a_row = 0
        self._listeners: list[Callable[[Exchange], None]] = []

    @property
    def frugal(self) -> bool:
        """Whether less is to be asked for than usual."""
        return self._found_slow if self.frugality == "auto" else self.frugality == "on"

    @property
    def has_room(self) -> bool:
        """Whether something may be fetched before anybody asks for it."""
        if self.frugality == "auto" and self.state == "slow":
            return False
        return self.state != "offline" and not self.frugal

    def listen(self, listener: Callable[[Exchange], None]) -> Callable[[], None]:
        """Call `listener` after every exchange; give a function that ends this."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Hear of a connection that was made: httpcore calls this as the `trace` of a request."""
        if name == "connection.connect_tcp.complete":
            self.wires.take(info["return_value"])

    def traffic(self) -> Traffic:
        """Give what was sent and received until now, as truly as this system tells."""
        return self.wires.traffic() or Traffic(self.bytes_up, self.bytes_down)

    def record(self, exchange: Exchange) -> None:
        """Take one exchange into account."""
        self.requests += 1
        self.bytes_up += exchange.bytes_up
        self.bytes_down += exchange.bytes_down
        self.wires.look()
        if exchange.reached:
            self._take_round_trip(exchange.seconds)
            if exchange.bytes_up <= _LARGE:
                self._look_for_a_row(exchange.seconds)
        else:
            self.state = "offline"
        for listener in tuple(self._listeners):
            listener(exchange)

    def _take_round_trip(self, seconds: float) -> None:
        self.last_round_trip = seconds
        known = self._smoothed if self._smoothed is not None else seconds
        self._smoothed = known + _WEIGHT * (seconds - known)
        # Two thresholds, so that a link near one of them does not flicker between two states.
        limit = _RECOVERED_SECONDS if self.state == "slow" else SLOW_SECONDS
        self.state = "slow" if self._smoothed > limit else "online"

    def _look_for_a_row(self, seconds: float) -> None:
        """Go over to frugal use, or back, when enough round trips say so one after the other."""
        found = seconds < _RECOVERED_SECONDS if self._found_slow else seconds > SLOW_SECONDS
        self._in_a_row = self._in_a_row + 1 if found else 0
        if self._in_a_row >= (_QUICK_IN_A_ROW if self._found_slow else _SLOW_IN_A_ROW):
            self._found_slow = not self._found_slow
            self._in_a_row = 0

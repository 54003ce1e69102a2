"""How often something may be done: one leaky bucket a key."""

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address


class Buckets:
    """Lets each key act `burst` times at once and `per_second` times a second in the long run.

    Kept in memory, for the keys used last: strangers cannot make the server write to its database, and
    several server processes allow their number times as much. An attempt that is refused costs nothing,
    so a key is never shut out for longer than one interval after others stop using it.
    """

    def __init__(
        self, burst: float, per_second: float, keys: int = 20_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._interval = 1 / per_second
        self._allowance = (burst - 1) * self._interval
        self._keys = keys
        self._clock = clock
        # The generic cell rate algorithm: when the bucket of a key will be empty again.
        self._empty_at: OrderedDict[str, float] = OrderedDict()

    def __contains__(self, key: str) -> bool:
        return key in self._empty_at

    def wait(self, key: str) -> float:
        """Give the seconds until `key` may act again; 0 when it may now."""
        now = self._clock()
        return max(0.0, self._empty_at.get(key, now) - now - self._allowance)

    def take(self, key: str) -> float:
        """Act: give 0, or the seconds to wait where it is too early."""
        wait = self.wait(key)
        if wait == 0:
            now = self._clock()
            self._empty_at[key] = max(self._empty_at.get(key, now), now) + self._interval
            self._empty_at.move_to_end(key)
            if len(self._empty_at) > self._keys:
                self._empty_at.popitem(last=False)
        return wait

    def give_back(self, key: str) -> None:
        """Take back one act that turned out not to count."""
        if key in self._empty_at:
            self._empty_at[key] -= self._interval


@lru_cache(maxsize=4096)
def network(address: str) -> str:
    """Give what one customer of a provider holds: an IPv4 address, the first 64 bits of an IPv6 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> 64 << 64))

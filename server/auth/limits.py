"""How often a sign-in may be tried: guessing is slow, and nobody can shut a colleague out.

Only failures count. They are counted three ways: for one name from one address (somebody guesses at
Anna), from one address (somebody tries many names), and for one name from anywhere (somebody guesses at
Anna from a thousand addresses). The last is not asked where Anna has signed in before: whoever attacks
her name from elsewhere does not keep her out. Sessions that exist are never touched.

Counts are kept in memory, a process each (see `Buckets`).
"""

from collections import OrderedDict

from server.middleware.buckets import Buckets, network

_KNOWN = 20_000


class SignInLimits:
    """Counts failed sign-ins."""

    def __init__(self) -> None:
        self._pair = Buckets(burst=5, per_second=1 / 15)
        self._address = Buckets(burst=30, per_second=1 / 6)
        self._login = Buckets(burst=60, per_second=1 / 10)
        self._known: OrderedDict[str, None] = OrderedDict()

    def knows(self, login: str, address: str) -> bool:
        """Say whether this person has signed in from there before."""
        return _pair(login, address) in self._known

    def take(self, login: str, address: str) -> float:
        """Count an attempt as failed until told otherwise; give the seconds to wait where it is too early."""
        asked = self._asked(login, address)
        wait = max(bucket.wait(key) for bucket, key in asked)
        if wait == 0:
            for bucket, key in asked:
                bucket.take(key)
        return wait

    def succeeded(self, login: str, address: str) -> None:
        """Take the attempt back, and remember where this person signs in from."""
        for bucket, key in self._asked(login, address):
            bucket.give_back(key)
        self._known[_pair(login, address)] = None
        self._known.move_to_end(_pair(login, address))
        if len(self._known) > _KNOWN:
            self._known.popitem(last=False)

    def _asked(self, login: str, address: str) -> list[tuple[Buckets, str]]:
        asked = [(self._pair, _pair(login, address)), (self._address, network(address))]
        return asked if self.knows(login, address) else [*asked, (self._login, login)]


class DeviceLimits:
    """Counts sign-ins that begin at one address, and at all of them: each is a row that a stranger writes."""

    def __init__(self) -> None:
        self._address = Buckets(burst=20, per_second=1 / 10)
        self._all = Buckets(burst=300, per_second=2, keys=1)

    def take(self, address: str) -> float:
        """Count one; give the seconds to wait where it is too early."""
        return self._all.wait("") or self._address.take(network(address)) or self._all.take("")


def _pair(login: str, address: str) -> str:
    return f"{login}\n{network(address)}"

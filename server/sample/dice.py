"""Chance that falls alike everywhere: the same seed gives the same business on every machine and Python."""

from _random import Random  # random.Random seeds itself twice, and a business has a hundred thousand dice
from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_LETTERS: Final = "ABDEFGHJLNPQRSTUWXYZ"
_SPREAD: Final = 2_654_435_761  # a prime, so that it has no factor in common with a count of numbers


class Dice:
    """Draws from one seed.

    Only `Random.random` is used: Python promises that it gives the same sequence in every version, and
    promises it of nothing else.
    """

    __slots__ = ("_random",)

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random

    def below(self, end: int) -> int:
        """Give a whole number from 0 to `end` - 1."""
        return int(self._random() * end)

    def fraction(self) -> float:
        """Give a number from 0 to under 1."""
        return self._random()

    def chance(self, hundredths: float) -> bool:
        """Say yes so many times in a hundred."""
        return self._random() * 100 < hundredths

    def pick(self, things: Sequence[T]) -> T:
        """Give one of `things`."""
        return things[int(self._random() * len(things))]

    def rank(self, count: int) -> int:
        """Give a place among `count` things of which the first are the commonest."""
        return int(count * self._random() ** 1.7)

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """Give `count` different ones of `things`, in order."""
        left = list(things)
        while len(left) > count:
            left.pop(self.below(len(left)))
        return left

    def bits(self, count: int) -> int:
        """Give a number of at most 48 bits."""
        return int(self._random() * (1 << count))

    def fill(self, pattern: str) -> str:
        """Fill a pattern: `#` a digit, `%` a digit from 1, `@` a letter."""
        if not any(mark in pattern for mark in "#%@"):
            return pattern
        filled = []
        for character in pattern:
            if character == "#":
                filled.append(str(self.below(10)))
            elif character == "%":
                filled.append(str(1 + self.below(9)))
            elif character == "@":
                filled.append(self.pick(_LETTERS))
            else:
                filled.append(character)
        return "".join(filled)


class Weighted(Generic[T]):
    """Things to choose from, some more often than others."""

    def __init__(self, things: Iterable[tuple[T, int]]) -> None:
        pairs = list(things)
        self.things: list[T] = [thing for thing, _ in pairs]
        self._ends = list(accumulate(weight for _, weight in pairs))

    def pick(self, dice: Dice) -> T:
        """Give one of them."""
        return self.things[bisect(self._ends, dice.below(self._ends[-1]))]


def spread(pattern: str, slot: int) -> str:
    """Fill the `#` and `%` of a pattern a different way for each slot, while there are any."""
    rest = slot * _SPREAD % room(pattern)
    filled = []
    for character in reversed(pattern):
        if character == "#":
            rest, digit = divmod(rest, 10)
            filled.append(str(digit))
        elif character == "%":
            rest, digit = divmod(rest, 9)
            filled.append(str(digit + 1))
        else:
            filled.append(character)
    return "".join(reversed(filled))


def room(pattern: str) -> int:
    """Count the numbers that a pattern can give."""
    return int(10 ** pattern.count("#") * 9 ** pattern.count("%"))

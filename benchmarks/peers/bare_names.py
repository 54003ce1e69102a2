"""The rows that the peers show."""

from collections.abc import Iterator

NAMES = ("Smith, Joanna", "Smithson, Ray", "Müller, Zoë", "Garcia, Ana", "Okafor, Chidi")


def rows(first: int, count: int) -> Iterator[tuple[str, str, str, str]]:
    for number in range(first, first + count):
        yield f"{1000 + number}", f"{NAMES[number % 5]:<20}", f"+1 555 {number:03} 7731", "Active"

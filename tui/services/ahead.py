"""What a person did before the answer was there: moves of the marker, and the wish to open.

Keys come faster than answers. They are kept in order here and done on the rows they were meant for.
"""

from collections.abc import Callable, Hashable


class Ahead:
    """Moves and a wish to open that wait for an answer."""

    def __init__(self) -> None:
        self.moved = False
        """Whether the marker was moved over rows that fit what was typed: then it keeps its customer."""
        self.opens = False
        """Whether Enter was pressed."""
        self._marked: Hashable = None
        self._steps: list[Callable[[], None]] = []

    def start_over(self) -> None:
        """Forget everything: there is a new question, or the wait was broken off."""
        self.moved = self.opens = False
        self._marked = None
        self._steps = []

    def step(self, step: Callable[[], None], *, now: bool) -> None:
        """Move the marker, `now` or once the rows it is meant for are there."""
        if now:
            self.moved = True
            step()
        else:
            self._steps.append(step)

    def open(self, marked: Hashable) -> None:
        """Open as soon as the answer is there; a customer that was moved to is the one that is meant."""
        self.opens = True
        self._marked = marked if self.moved else None

    def arrived(self, marked: Callable[[], Hashable]) -> bool:
        """Do the moves; say whether the customer under the marker is to be opened, once.

        `marked` gives the customer under the marker. Where Enter was meant for another one, who is not
        among those found, nothing is opened: the person should look first.
        """
        steps, self._steps = self._steps, []
        for step in steps:
            self.moved = True
            step()
        opens, self.opens = self.opens, False
        return opens and self._marked in (None, marked())

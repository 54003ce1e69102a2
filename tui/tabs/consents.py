"""What a customer wants to hear: a grid of purposes and channels, changed cell by cell and saved at once."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from textual.message import Message

from client.models.consent import (
    CHANNELS,
    MARKETING,
    PURPOSES,
    SOURCES,
    Consent,
    ConsentAnswer,
)
from tui.commands import Command
from tui.forms.formats import Formats
from tui.forms.part import Part
from tui.text import cut, fit
from tui.widgets.lines import Row, Span, within

Cell = tuple[str, str]
"""A purpose and a channel."""

_NAMES: Final = {"sms": "SMS", "push": "Push", "email": "E-mail", "post": "Post"}
_WORDS: Final = {"granted": "yes", "denied": "no", "": "-"}
_ROLES: Final = {"granted": "good", "denied": "bad", "": "muted"}
_LABEL: Final = 13
_CELL: Final = 8
_NEVER: Final = "Nobody has asked; nothing speaks against it."


class CellLeft(Command):
    """Go to the channel on the left."""

    keys = "left"
    in_palette = False


class CellRight(Command):
    """Go to the channel on the right."""

    keys = "right"
    footer = "channel"
    in_palette = False


@dataclass(frozen=True, slots=True)
class Given:
    """Answers that a person wants saved."""

    answers: tuple[ConsentAnswer, ...]
    needs_consent: bool
    """Whether a no to marketing becomes a yes among them: how that was given must be said."""


class ConsentGrid(Part):
    """The answers, one purpose a row, one channel a column. What is changed and not saved has a star."""

    heading = "Wants to hear"

    @dataclass
    class Changed(Message):
        """An answer was changed, or a change was taken back."""

        grid: "ConsentGrid"

    def __init__(self, formats: Formats, *, writes: bool) -> None:
        self.formats = formats
        self.writes = writes
        self.known: dict[Cell, Consent] | None = None
        self.changed: dict[Cell, str] = {}
        self.channel = "email"

    @property
    def unsaved(self) -> int:
        """How many answers are changed and not saved."""
        return len(self.changed)

    def show(self, consents: Iterable[Consent]) -> None:
        """Show what the server has; what was changed and not saved stays."""
        self.known = {(consent.purpose, consent.channel): consent for consent in consents}
        self.changed = {cell: state for cell, state in self.changed.items() if state != self._saved(cell)}

    def state(self, cell: Cell) -> str:
        """Give the answer as it is shown: granted, denied, or nothing where nobody has asked."""
        return self.changed.get(cell) or self._saved(cell)

    def given(self, states: Mapping[Cell, str] | None = None) -> Given:
        """Give what is to be sent so that these answers hold, or those that were changed."""
        wanted = self.changed if states is None else states
        answers = tuple(
            ConsentAnswer(
                purpose=purpose, channel=channel, state=state, version=self._version((purpose, channel))
            )
            for (purpose, channel), state in wanted.items()
        )
        return Given(answers, any(self._is_new_yes(cell, state) for cell, state in wanted.items()))

    def saved_states(self, cells: Iterable[Cell]) -> dict[Cell, str]:
        """Give what the server has for cells that were ever answered."""
        return {cell: saved for cell in cells if (saved := self._saved(cell))}

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give the grid, and below it what is known of the marked cell."""
        del label_width
        if self.known is None:
            return [self.awaited]
        heads = [
            Span(" " * _LABEL),
            *(Span(fit(f" {_NAMES[channel]}", _CELL), "label") for channel in CHANNELS),
        ]
        marked = self._marked_purpose()
        rows = [Row(within(heads, width))]
        for purpose, meaning in PURPOSES.items():
            cells = [self._cell((purpose, channel), chosen=purpose == marked) for channel in CHANNELS]
            left = [Span(fit(purpose.capitalize(), _LABEL), "label"), *cells]
            room = width - _LABEL - _CELL * len(CHANNELS)
            left.append(Span(cut(meaning, room), "muted"))
            rows.append(Row(within(left, width), purpose))
        return [*rows, *(Row(within(line, width)) for line in self._details(marked))]

    def can(self, command: str, item: Hashable) -> bool:
        """Offer to move between cells, and to change them where that is allowed."""
        if self.known is None:
            return False
        if command in ("cell_left", "cell_right"):
            return True
        if command == "revert_field":
            return (str(item), self.channel) in self.changed
        return command == "switch" and self.writes

    def may(self, command: str) -> bool:
        """Say what the role allows."""
        moves = command in ("cell_left", "cell_right")
        return moves or (self.writes and command in ("switch", "revert_field"))

    def choose(self, item: Hashable) -> str:
        """Enter changes the cell, as space does."""
        del item
        return "switch"

    def do_cell_left(self, item: Hashable) -> None:
        """Go to the channel on the left."""
        del item
        self._go(-1)

    def do_cell_right(self, item: Hashable) -> None:
        """Go to the channel on the right."""
        del item
        self._go(1)

    def do_switch(self, item: Hashable) -> None:
        """Say no where it is yes or unknown, and yes where it is no."""
        cell = (str(item), self.channel)
        self._set(cell, "granted" if self.state(cell) == "denied" else "denied")

    def do_revert_field(self, item: Hashable) -> None:
        """Bring the saved answer back."""
        self._set((str(item), self.channel), "")

    def _set(self, cell: Cell, state: str) -> None:
        self.changed.pop(cell, None)
        if state and state != self._saved(cell):
            self.changed[cell] = state
        self.page.redraw()
        self.page.screen.refresh_bindings()
        self.page.post_message(self.Changed(self))

    def _go(self, step: int) -> None:
        channels = list(CHANNELS)
        self.channel = channels[(channels.index(self.channel) + step) % len(channels)]
        self.page.redraw()
        self.page.screen.refresh_bindings()

    def _saved(self, cell: Cell) -> str:
        consent = (self.known or {}).get(cell)
        return consent.state if consent is not None else ""

    def _version(self, cell: Cell) -> int:
        consent = (self.known or {}).get(cell)
        return consent.version if consent is not None else 0

    def _is_new_yes(self, cell: Cell, state: str) -> bool:
        return cell[0] == MARKETING and state == "granted" and self._saved(cell) == "denied"

    def _marked_purpose(self) -> str:
        found = self.page.marked
        return str(found[1]) if found is not None and found[0] is self else ""

    def _cell(self, cell: Cell, *, chosen: bool) -> Span:
        state = self.state(cell)
        star = "*" if cell in self.changed else ""
        word = _WORDS.get(state, state) + star
        here = chosen and cell[1] == self.channel
        role = "dirty" if star else "accent" if here else _ROLES.get(state, "text")
        return Span(fit(f"[{word}]" if here else f" {word}", _CELL), role)

    def _details(self, purpose: str) -> Sequence[Sequence[Span]]:
        """Say what is known of the marked cell: always as many lines, so that nothing below moves."""
        if not purpose:
            return ((), ())
        cell = (purpose, self.channel)
        consent = (self.known or {}).get(cell)
        name = Span(f"{purpose.capitalize()} by {_NAMES[self.channel]}: ", "label")
        if cell in self.changed:
            not_yet = f"{_WORDS[self._saved(cell)]} → {_WORDS[self.changed[cell]]}, not saved"
            first = [name, Span(not_yet, "dirty")]
        elif consent is None:
            first = [name, Span(_NEVER, "muted")]
        else:
            word = _WORDS.get(consent.state, consent.state)
            first = [name, Span(f"{word} {since(consent, self.formats)}")]
        said = [] if consent is None else how(consent)
        return (first, [Span(f"  {PURPOSES[purpose]}." if not said else "  ", "muted"), *said])


def since(consent: Consent, formats: Formats) -> str:
    """Say when something was answered, and who entered it."""
    by = f" by {consent.updated_by}" if consent.updated_by else ""
    return f"since {formats.moment(consent.updated_at)}{by}"


def how(consent: Consent) -> list[Span]:
    """Say how the answer came to us, and in what words."""
    spans = [Span(SOURCES[consent.source], "muted")] if consent.source in SOURCES else []
    if consent.note:
        spans.append(Span(f"{': ' if spans else ''}“{consent.note}”"))
    return spans

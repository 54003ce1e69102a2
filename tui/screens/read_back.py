"""Reading back to a caller: one thing at a time, large, and spelled letter by letter."""

from collections.abc import Sequence
from itertools import chain
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from client.models import Customer
from tui.commands import Command
from tui.commands.read_back import LeaveReadBack, NextToSpell, PreviousToSpell, SwitchAlphabet
from tui.forms.formats import Formats
from tui.read_back.alphabet import Alphabet, Spoken, alphabet_for, languages, spell
from tui.read_back.large import large
from tui.screens.box import BoxScreen
from tui.text import fit, one_line, width_of
from tui.widgets.lines import LineList, Row, Span, row

_LARGEST: Final = 2
_ORDINARY: Final = 12
"""Cells that the words of nearly all letters need."""
_MOST_ROWS: Final = 20
"""As many as a box has on a terminal of 24 lines."""


def spellable(customer: Customer, formats: Formats) -> Sequence[tuple[str, str]]:
    """Give what is read out of a customer, each with its name: only what there is."""
    email = next((email.address for email in customer.emails if email.is_primary), "")
    address = next((address for address in customer.addresses if address.is_primary), None)
    phone = next((phone.number for phone in customer.phones if phone.is_primary), "")
    things = (
        ("Name", customer.display_name),
        ("E-mail", email),
        ("Postcode", address.postal_code if address else ""),
        ("Number", str(customer.number)),
        ("Phone", formats.phone(phone) if phone else ""),
    )
    return [(name, one_line(text)) for name, text in things if text.strip()]


class _Letters(LineList):
    def __init__(self, alphabet: Alphabet, *, blocks: bool) -> None:
        super().__init__()
        self.text = ""
        self.alphabet = alphabet
        self.note = ""
        self.blocks = blocks

    def build(self, width: int) -> Sequence[Row]:
        width -= 2
        words = list(spell(self.text, self.alphabet))
        below = [Row(), *_spelled(words, width), Row(), row(Span(self._foot(words), "muted"))]
        return [*self._shown(width, _MOST_ROWS - len(below)), *below]

    def _shown(self, width: int, rows: int) -> Sequence[Row]:
        """Give the text as large as there is room for."""
        for scale in range(_LARGEST, 0, -1) if self.blocks else ():
            drawn = large(self.text, width, scale)
            if drawn is not None and len(drawn) + 2 <= rows:
                return [row(Span(self.text, "title")), Row(), *(row(Span(line, "accent")) for line in drawn)]
        apart = " ".join(self.text)
        return [row(Span(apart if width_of(apart) <= width else self.text, "title"))]

    def _foot(self, words: Sequence[Sequence[Spoken]]) -> str:
        said = self.note
        if any(not spoken.word for spoken in chain.from_iterable(words)):
            said = "Letters without a word have none in this alphabet."
        return f"{self.alphabet.name}{'. ' if said else ''}{said}"


def _spelled(words: Sequence[Sequence[Spoken]], width: int) -> Sequence[Row]:
    """Give each character with its word, read along the row; a new word begins a new row.

    Words stand in columns as wide as ordinary ones need; a long one takes several.
    """
    lengths = [width_of(spoken.word) for word in words for spoken in word]
    column = max((length for length in lengths if length <= _ORDINARY), default=_ORDINARY) + 5
    columns = max(1, width // column)
    rows: list[Row] = []
    for word in words:
        spans: list[Span] = []
        free = columns
        for spoken in word:
            taken = min(columns, -(-(width_of(spoken.word) + 5) // column))
            if taken > free:
                rows.append(Row(tuple(spans)))
                spans, free = [], columns
            upper = spoken.character.upper()
            lead = fit(upper if len(upper) == 1 else spoken.character, 2) + " "
            spans += [Span(lead, "match"), Span(fit(spoken.word, taken * column - 3))]
            free -= taken
        rows.append(Row(tuple(spans)))
    return rows


class ReadBackScreen(BoxScreen[None]):
    """A box that spells what a caller gave or asks for."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (
        LeaveReadBack,
        NextToSpell,
        PreviousToSpell,
        SwitchAlphabet,
    )
    AUTO_FOCUS = "_Letters"

    def __init__(self, things: Sequence[tuple[str, str]], locale: str, *, blocks: bool) -> None:
        """Take what to spell, each with its name; `blocks` says whether the terminal can draw with blocks."""
        super().__init__()
        self._things = things
        self._place = 0
        alphabet, own = alphabet_for(locale)
        self._letters = _Letters(alphabet, blocks=blocks)
        if not own:
            self._letters.note = "Your language has no alphabet here yet; l has others."
        self._box = Vertical(self._letters, classes="box")

    def compose(self) -> ComposeResult:
        """Lay out the letters in a box."""
        self._box.border_subtitle = Content("Tab next · l another alphabet · Esc close")
        self._letters.styles.height = _MOST_ROWS
        self._show()
        yield self._box

    def do_leave_read_back(self) -> None:
        """Close."""
        self.dismiss(None)

    def do_next_to_spell(self) -> None:
        """Go to the next thing, after the last to the first."""
        self._step(1)

    def do_previous_to_spell(self) -> None:
        """Go to the thing before."""
        self._step(-1)

    def do_switch_alphabet(self) -> None:
        """Take the alphabet of the next language."""
        known = languages()
        place = known.index(self._letters.alphabet.language)
        self._letters.alphabet = Alphabet.of(known[(place + 1) % len(known)])
        self._letters.note = ""
        self._letters.redraw()

    def _step(self, by: int) -> None:
        self._place = (self._place + by) % len(self._things)
        self._show()
        self._letters.redraw()

    def _show(self) -> None:
        name, self._letters.text = self._things[self._place]
        self._letters.top = 0
        self._box.border_title = Content(f"Read back: {name} ({self._place + 1} of {len(self._things)})")

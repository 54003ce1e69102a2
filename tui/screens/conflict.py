"""Two people changed the same field: the second chooses, field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from pydantic import BaseModel
from textual import on
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.content import Content

from client.merge import Clash
from tui.commands import Command
from tui.screens.box import BoxScreen
from tui.services.references import names_for, references_of
from tui.tabs.naming import field_name, value_text
from tui.text import wrap
from tui.widgets.lines import LineList, Row, Span

if TYPE_CHECKING:
    from tui.services.desk import Desk

Side = Literal["mine", "theirs"]


@dataclass(frozen=True, slots=True)
class ShownClash:
    """A field that both changed, as people read it."""

    pointer: str
    label: str
    base: str
    mine: str
    theirs: str


class KeepAllMine(Command):
    """Keep all of mine."""

    keys = "m"


class TakeAllTheirs(Command):
    """Take all of theirs."""

    keys = "t"


class SaveChoice(Command):
    """Save as chosen."""

    keys = "ctrl+s,f2"


class BackToEditing(Command):
    """Save nothing and go on editing."""

    keys = "escape"


class _Clashes(LineList):
    def __init__(self, clashes: Sequence[ShownClash]) -> None:
        super().__init__()
        self.clashes = clashes
        self.chosen: dict[str, Side] = {}

    def build(self, width: int) -> Sequence[Row]:
        rows: list[Row] = []
        for clash in self.clashes:
            rows.append(Row((Span(clash.label, "accent"), Span(f"   was: {clash.base or '—'}", "muted"))))
            for side, name, value in (("mine", "yours ", clash.mine), ("theirs", "theirs", clash.theirs)):
                tick = "(x)" if self.chosen.get(clash.pointer) == side else "( )"
                first, *rest = wrap(value or "— (removed)", max(10, width - 16))
                rows.append(
                    Row(
                        (Span(f"{tick} ", "key"), Span(f"{name}  ", "label"), Span(first)),
                        (clash.pointer, side),
                    )
                )
                rows += [Row((Span(" " * 12 + line),)) for line in rest[:5]]
        return rows


class ConflictScreen(BoxScreen[dict[str, Side] | None]):
    """A box that shows each clash with both values. Gives the side chosen for each pointer, or None."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (KeepAllMine, TakeAllTheirs, SaveChoice, BackToEditing)
    AUTO_FOCUS = "_Clashes"

    def __init__(self, clashes: Sequence[ShownClash], who: str) -> None:
        super().__init__()
        self._list = _Clashes(clashes)
        self._who = who

    def compose(self) -> ComposeResult:
        """Lay out the clashes in a box."""
        box = Vertical(self._list, classes="box")
        box.border_title = Content(f"{self._who} changed the same: which shall stay?")
        yield box
        self._box = box
        self._tell()

    def on_mount(self) -> None:
        """Give the list the height it needs."""
        self._list.styles.height = min(18, 3 * len(self._list.clashes) + 2)

    @on(LineList.Chosen)
    def _choose(self, event: LineList.Chosen) -> None:
        event.stop()
        pointer, side = cast("tuple[str, Side]", event.key)
        self._list.chosen[pointer] = side
        self._list.redraw()
        self._tell()

    def do_keep_all_mine(self) -> None:
        """Choose my side everywhere."""
        self._choose_all("mine")

    def do_take_all_theirs(self) -> None:
        """Choose the other side everywhere."""
        self._choose_all("theirs")

    def do_save_choice(self) -> None:
        """Give what was chosen, once every clash has a side."""
        if len(self._list.chosen) == len(self._list.clashes):
            self.dismiss(dict(self._list.chosen))

    def do_back_to_editing(self) -> None:
        """Give nothing: the edit and its draft stay as they are."""
        self.dismiss(None)

    def _choose_all(self, side: Side) -> None:
        self._list.chosen = {clash.pointer: side for clash in self._list.clashes}
        self._list.redraw()
        self._tell()

    def _tell(self) -> None:
        left = len(self._list.clashes) - len(self._list.chosen)
        keys = "Enter choose · m all mine · t all theirs · Esc back"
        self._box.border_subtitle = Content(f"{left} to choose · {keys}" if left else f"F2 save · {keys}")


async def choose_sides(
    app: App[Any], model: type[BaseModel], clashes: Sequence[Clash], desk: "Desk", who: str = ""
) -> Mapping[str, Any] | None:
    """Ask which side of each clash shall stay. Gives values by pointer, or None."""
    told = [(clash.pointer, value) for clash in clashes for value in (clash.base, clash.mine, clash.theirs)]
    names = await names_for(references_of(desk), model, told)
    shown = [
        ShownClash(
            clash.pointer,
            field_name(model, clash.pointer),
            *(
                value_text(model, clash.pointer, value, desk.formats, names)
                for value in (clash.base, clash.mine, clash.theirs)
            ),
        )
        for clash in clashes
    ]
    sides = await app.push_screen_wait(ConflictScreen(shown, who or "Somebody else"))
    if sides is None:
        return None
    return {
        clash.pointer: clash.mine if sides[clash.pointer] == "mine" else clash.theirs for clash in clashes
    }

"""Two records of one person become one: both side by side, field by field, and a number typed at the end."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from client.models import Customer, CustomerRow, DuplicateQuery
from tui.commands import Command
from tui.screens.base import AppScreen
from tui.screens.box import BoxScreen
from tui.screens.confirm import ConfirmScreen
from tui.services.merging import Comparison, compared, follow, moves_in_words
from tui.services.open_customer import row_of
from tui.services.references import names_for, references_of
from tui.terminal.asking_driver import keys_held
from tui.text import cut, width_of, wrap
from tui.widgets.lines import LineList, Row, Span


class TakeLeft(Command):
    """Take what the record that stays says."""

    keys = "left"


class TakeRight(Command):
    """Take what the record that goes says."""

    keys = "right"


class TakeOther(Command):
    """Take the other one."""

    keys = "space"


class KeepOther(Command):
    """Keep the other record instead."""

    keys = "x"


class GoOn(Command):
    """Go on: the number is asked for before anything happens."""

    keys = "f2,ctrl+s"


class LeaveMerge(Command):
    """Merge nothing."""

    keys = "escape"


class _Sides(LineList):
    OFFERS: ClassVar[tuple[type[Command], ...]] = (TakeLeft, TakeRight, TakeOther)

    def __init__(self, comparison: Comparison) -> None:
        super().__init__()
        self.comparison = comparison

    def build(self, width: int) -> Sequence[Row]:
        found, half = self.comparison, (width - 4) // 2
        heads = (f"{found.stays.number} stays", f"{found.goes.number} goes")
        rows = [Row(tuple(Span(cut(head, half).ljust(half), "title") for head in heads))]
        for one in found.differences:
            rows.append(Row((Span(one.label, "label"),)))
            rows.append(Row(self._sides(found.taken[one.pointer], (one.mine, one.other), half), one.pointer))
        if not found.differences:
            rows.append(Row((Span("Nowhere do both say something different.", "muted"),)))
        # The marker goes over what follows too, so that all of it can be scrolled to.
        told = [Row(spans, ("told", place)) for place, spans in enumerate(self._told(max(20, width - 4)))]
        return [*rows, Row(), *told]

    def _told(self, width: int) -> Iterator[tuple[Span, ...]]:
        found = self.comparison
        if found.gets:
            yield (Span("Comes along, or is united", "title"),)
        for label, text in found.gets:
            first, *rest = wrap(f"{label}: {text}", width)
            yield (Span(first),)
            yield from ((Span(f"  {line}", "muted"),) for line in rest[:4])
        moves = moves_in_words(found.moves) or "nothing but the history"
        yield from ((Span(line, "accent"),) for line in wrap(f"Moves along: {moves}.", width))
        yield (Span(f"{found.same} more fields stay as they are.", "muted"),)

    def _sides(self, taken: int, texts: Sequence[str], half: int) -> tuple[Span, ...]:
        spans: list[Span] = []
        for side, text in enumerate(texts):
            shown = cut(text, half - 6)
            tick = "(x) " if taken == side else "( ) "
            blank = " " * (half - 4 - width_of(shown))
            spans += [Span(tick, "key"), Span(shown + blank, "text" if taken == side else "muted")]
        return tuple(spans)

    def do_take_left(self) -> None:
        """Take what stays for the marked field."""
        self._take(0)

    def do_take_right(self) -> None:
        """Take what goes for the marked field."""
        self._take(1)

    def do_take_other(self) -> None:
        """Take the side that is not taken."""
        if isinstance(self.key, str):
            self._take(1 - self.comparison.taken[self.key])

    def _take(self, side: int) -> None:
        if isinstance(self.key, str):
            self.comparison.take(self.key, side)
            self.redraw()


class MergeScreen(BoxScreen[str]):
    """A box with both records. Gives `merge`, `swap` where the other one shall be kept, or nothing."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (GoOn, KeepOther, LeaveMerge)
    AUTO_FOCUS = "_Sides"
    DEFAULT_CSS = """
    MergeScreen _Sides { height: auto; max-height: 18; }
    """

    def __init__(self, comparison: Comparison) -> None:
        super().__init__()
        self._list = _Sides(comparison)

    def compose(self) -> ComposeResult:
        """Lay out both records in a box."""
        box = Vertical(self._list, classes="box")
        found = self._list.comparison
        names = cut(f"{found.goes.display_name} into {found.stays.display_name}", 56)
        box.border_title = Content(f"Merge {names}")
        box.border_subtitle = Content("←→ or Space choose · x keep the other · F2 merge · Esc back")
        yield box

    def on_mount(self) -> None:
        """Give the list the height that it needs."""
        width = 70
        self._list.styles.height = min(18, len(self._list.build(width)) + 1)

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self._list.do_take_other()

    def do_go_on(self) -> None:
        """Merge as chosen."""
        self.dismiss("merge")

    def do_keep_other(self) -> None:
        """Look at it the other way round."""
        self.dismiss("swap")

    def do_leave_merge(self) -> None:
        """Merge nothing."""
        self.dismiss("")


class MergesCustomers(AppScreen[None]):
    """A screen from which two records of one person can be merged."""

    async def merge_pair(self, stays_id: str, goes_id: str) -> Customer | None:
        """Show two records side by side and merge them after the number was typed; give who is left."""
        desk = self.keeptabs.desk
        comparison = await self._compared(stays_id, goes_id)
        if comparison is None:
            return None
        answer = await self.app.push_screen_wait(MergeScreen(comparison))
        if answer == "swap":
            return await self.merge_pair(goes_id, stays_id)
        if answer != "merge" or not await self._sure(comparison):
            return None
        left: Customer | None = None
        async with self.asking("Merging…"):
            sent, version = comparison.merge(), comparison.stays.version
            left = (await desk.api.customers.merge(stays_id, sent, version=version)).value
            follow(desk, goes_id, row_of(left))
        return left

    async def _compared(self, stays_id: str, goes_id: str) -> Comparison | None:
        desk, found = self.keeptabs.desk, list[Comparison]()
        with keys_held(self.app):
            async with self.asking("Comparing…"):
                stays = (await desk.api.customers.get(stays_id)).value
                preview = (await desk.api.customers.preview_merge(stays_id, goes_id)).value
                told = (*stays.to_json().items(), *preview.other.to_json().items())
                names = await names_for(references_of(desk), Customer, told)
                found.append(compared(stays, preview, desk.formats, names, lets_in=desk.may("staff:write")))
        return found[0] if found else None

    async def _sure(self, comparison: Comparison) -> bool:
        stays, goes = comparison.stays, comparison.goes
        moves = moves_in_words(comparison.moves)
        into = f"{stays.number} {stays.display_name}"
        sentences = [
            f"{goes.number} {goes.display_name} becomes part of {into}, for good.",
            f"These move along: {moves}." if moves else "Nothing is attached to it but its history.",
            f"Its number, {goes.number}, finds {stays.number} from then on.",
        ]
        title = f"Merge {goes.number} into {stays.number}?"
        sure = await self.app.push_screen_wait(ConfirmScreen(title, sentences, str(goes.number)))
        return bool(sure)


async def likely_same(screen: AppScreen[None], customer: Customer) -> list[CustomerRow]:
    """Give those who are likely the same as a customer; none where they cannot be asked for."""
    postcode = next((address.postal_code for address in customer.addresses if address.is_primary), "")
    query = DuplicateQuery(
        display_name=customer.display_name,
        emails=[email.address for email in customer.emails],
        phones=[phone.number for phone in customer.phones],
        postal_code=postcode,
    )
    found: list[CustomerRow] = []
    async with screen.asking("Looking for duplicates…"):
        found = (await screen.keeptabs.desk.api.customers.duplicates(query)).value.items
    return [row for row in found if row.id != customer.id]

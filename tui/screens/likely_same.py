"""Customers who are likely the same person: group by group, to be merged or told apart for good."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from client.models import CustomerRow, LikelySame
from tui.commands import Command
from tui.forms.formats import Formats
from tui.screens.merging import MergesCustomers
from tui.screens.pick import Option, PickScreen
from tui.screens.record_list import Leave, ScreenTitle
from tui.widgets.lines import LineList, Row, Span, edges

_REASONS = {"email": "Same e-mail address", "phone": "Same number", "name": "Same name and postcode"}
_NEAR_END = 20
"""With fewer rows than this below the marker, the next groups are asked for."""


class OpenOne(Command):
    """Open the profile of the marked customer."""

    keys = "o"
    footer = "open"


class NotTheSame(Command):
    """Say that those of this group are not the same person."""

    keys = "n"
    footer = "not the same"
    permission = "customers:write"


class MergeGroup(Command):
    """Compare the marked customer with another one of the group, and merge."""

    keys = "m"
    footer = "merge"
    permission = "customers:delete"


class _Groups(LineList):
    def __init__(self, formats: Formats) -> None:
        super().__init__()
        self.groups: list[LikelySame] = []
        self.complete = False
        self.formats = formats

    def build(self, width: int) -> Sequence[Row]:
        rows: list[Row] = []
        for place, group in enumerate(self.groups):
            shared = self.formats.phone(f"+{group.shared}") if group.reason == "phone" else group.shared
            reason = _REASONS.get(group.reason, group.reason)
            rows += [Row()] if rows else []
            rows.append(Row((Span(f"{reason}: ", "label"), Span(shared, "accent"))))
            rows += [Row(self._one(row, width), (place, row.id)) for row in group.customers]
        if not rows:
            rows.append(Row((Span("Nobody is likely the same." if self.complete else "Looking…", "muted"),)))
        return rows

    def _one(self, row: CustomerRow, width: int) -> tuple[Span, ...]:
        standing = "archived" if row.archived else row.status if row.status in ("blocked", "inactive") else ""
        left = [Span(f"{row.number} ", "muted"), Span(row.display_name)]
        hints = "  ".join(filter(None, (standing, row.city, self.formats.phone(row.phone), row.email)))
        return edges(left, [Span(f"  {hints}", "muted")], width - 2).spans

    @property
    def marked(self) -> tuple[LikelySame, CustomerRow] | None:
        """The group and the customer that the marker stands on."""
        if not isinstance(self.key, tuple):
            return None
        group = self.groups[self.key[0]]
        return group, next(row for row in group.customers if row.id == self.key[1])


class LikelySameScreen(MergesCustomers):
    """A screen with the groups, one page after the other."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (MergeGroup, NotTheSame, OpenOne, Leave)

    def __init__(self) -> None:
        super().__init__()
        self._cursor = ""

    def compose_body(self) -> ComposeResult:
        """Lay out the title and the list."""
        yield ScreenTitle("Likely the same person")
        yield _Groups(self.keeptabs.desk.formats)

    def on_mount(self) -> None:
        """Ask for the first groups."""
        super().on_mount()
        self.found.focus()
        self._fetch()

    @property
    def found(self) -> _Groups:
        """The groups."""
        return self.query_one(_Groups)

    def can(self, name: str) -> bool:
        """Offer what can be done to a marked customer."""
        if name in ("open_one", "not_the_same", "merge_group"):
            return self.found.marked is not None
        return super().can(name)

    @work(exclusive=True, group="groups")
    async def _fetch(self) -> None:
        async with self.asking("Looking for duplicates…"):
            page = (await self.keeptabs.desk.api.customers.likely_same(cursor=self._cursor)).value
            self._cursor = page.next_cursor or ""
            self.found.groups += page.items
            self.found.complete = page.next_cursor is None
            self._drawn()
            if not self.found.complete and len(self.found.rows) < self.size.height:
                self._fetch()

    def _drawn(self) -> None:
        self.found.redraw()
        self.refresh_bindings()

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        event.stop()
        near = len(self.found.rows) - self.found.cursor < _NEAR_END
        if near and not self.found.complete and self._cursor:
            self._fetch()

    @on(LineList.Chosen)
    async def _chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        command = "merge_group" if self.offers("merge_group") else "open_one"
        await self.action_command(command)

    def do_open_one(self) -> None:
        """Show the profile of the marked customer."""
        marked = self.found.marked
        if marked is not None:
            self.keeptabs.open_customer(marked[1].id, marked[1])

    @work(exclusive=True, group="write")
    async def do_merge_group(self) -> None:
        """Compare the marked customer, who stays, with the other one, or with one picked of several."""
        marked = self.found.marked
        if marked is None:
            return
        group, stays = marked
        others = [row for row in group.customers if row.id != stays.id]
        goes = others[0].id
        if len(others) > 1:
            options = [Option(row.id, row.display_name, str(row.number)) for row in others]
            taken = await self.app.push_screen_wait(PickScreen(f"Merge into {stays.number}", options))
            if not taken:
                return
            goes = taken[0]
        left = await self.merge_pair(stays.id, goes)
        if left is not None:
            self.keeptabs.close_customer(stays.id if left.id == goes else goes)
            self._without({stays.id, goes} - {left.id})
            self.say(f"Merged: {left.number} {left.display_name} has everything of both.", "good")

    @work(exclusive=True, group="write")
    async def do_not_the_same(self) -> None:
        """Have those of the marked group told apart for good."""
        marked = self.found.marked
        if marked is None:
            return
        ids = [row.id for row in marked[0].customers]
        async with self.asking("Remembering…"):
            await self.keeptabs.desk.api.customers.keep_apart(ids)
            self._told_apart(frozenset(ids))
            self.say("Remembered: they are not shown again.", "good")

    def _told_apart(self, ids: frozenset[str]) -> None:
        groups = self.found.groups
        groups[:] = [one for one in groups if not {row.id for row in one.customers} <= ids]
        self._drawn()

    def _without(self, gone: set[str]) -> None:
        """Take out who was merged, and groups of which only one is left."""
        left = [
            group.model_copy(update={"customers": [row for row in group.customers if row.id not in gone]})
            for group in self.found.groups
        ]
        self.found.groups[:] = [group for group in left if len(group.customers) > 1]
        self._drawn()

    def do_leave(self) -> None:
        """Go back to the list."""
        self.dismiss(None)

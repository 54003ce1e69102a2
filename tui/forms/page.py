"""A page of fields and lists: one widget drawn by lines, with a real text box only where one is typed in."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import ClassVar, Final

from textual import events
from textual.geometry import Size
from textual.message import Message

from tui.commands import Command
from tui.forms.commands import (
    Add,
    CopyField,
    Edit,
    FieldHistory,
    MakePrimary,
    NextField,
    PreviousField,
    Remove,
    RevertField,
    Switch,
)
from tui.forms.overlay import MARKER_WIDTH, Key, TypesInFields
from tui.forms.part import Part
from tui.forms.picking import References, learn_names, no_references
from tui.widgets.lines import LineList, Row, Span

_NARROWEST_LABEL: Final = 8


class Page(TypesInFields):
    """Parts below each other, with one marker that moves over all their rows.

    What can be done with a row is up to its part: a command of `PART_COMMANDS` is done by the part's method
    `do_<command>`. Parts of other kinds may need more commands: a subclass names them.
    """

    OFFERS: ClassVar[tuple[type[Command], ...]] = (
        Edit,
        Add,
        Remove,
        MakePrimary,
        Switch,
        CopyField,
        RevertField,
        FieldHistory,
        NextField,
        PreviousField,
    )
    PART_COMMANDS: ClassVar[tuple[type[Command], ...]] = OFFERS[:-2]

    @dataclass
    class Edited(Message):
        """A field was changed, also by a single letter while it is typed in."""

        page: "Page"
        field: str

    @dataclass
    class CopyAsked(Message):
        """A person wants this text in the clipboard."""

        page: "Page"
        text: str
        title: str

    @dataclass
    class HistoryAsked(Message):
        """A person wants to know who changed the field at this JSON Pointer."""

        page: "Page"
        pointer: str

    def __init__(
        self,
        *parts: Part,
        references: References = no_references,
        flowing: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.references = references
        self.flowing = flowing
        self.parts: tuple[Part, ...] = ()
        self._label_width = 0
        self._beginning = False
        self._take(parts)

    def on_mount(self) -> None:
        """Find out what referenced records are called."""
        learn_names(self)

    def begin(self) -> None:
        """Start typing in the first field, as soon as there are rows."""
        self._beginning = True

    def on_resize(self, event: events.Resize) -> None:
        """Build the rows for the new width."""
        super().on_resize(event)
        if self._beginning and self.rows:
            self._beginning = False
            self.call_next(self._begin)

    async def _begin(self) -> None:
        if keys := self._keys():
            self.mark(keys[0])
            await self.go_on(0, typing=True)

    def show(self, *parts: Part) -> None:
        """Show other parts; what is being typed is kept first."""
        self.settle()
        self._take(parts)
        self.redraw()
        learn_names(self)

    @property
    def label_width(self) -> int:
        """How many cells the labels of all parts take."""
        return self._label_width

    def build(self, width: int) -> Sequence[Row]:
        """Give the rows of all parts, each below its heading, a blank line before each heading."""
        width -= MARKER_WIDTH
        wanted = max((part.label_width for part in self.parts), default=0)
        self._label_width = min(wanted, max(_NARROWEST_LABEL, width // 3))
        rows: list[Row] = []
        for place, part in enumerate(self.parts):
            drawn = part.rows(width, self._label_width)
            if rows and drawn and part.heading:
                rows.append(Row())
            if part.heading and drawn:
                rows.append(Row((Span(part.heading, "title"),)))
            rows += [Row(row.spans, None if row.key is None else (place, row.key)) for row in drawn]
        return rows

    def redraw(self) -> None:
        """Build again, as high as the rows where the page grows with them."""
        before = len(self.rows)
        super().redraw()
        if len(self.rows) != before and self.styles.height is not None and self.styles.height.is_auto:
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Give the number of rows, for a page in a box that grows with it."""
        del container, viewport
        return len(self.build(width))

    def edited(self, name: str) -> None:
        """Draw and tell that a field was changed; parts call this after every change."""
        self.redraw()
        self.screen.refresh_bindings()
        self.tell(name)

    def tell(self, name: str) -> None:
        """Tell that a field was changed, where there is nothing to draw yet."""
        self.post_message(self.Edited(self, name))

    @property
    def marked(self) -> tuple[Part, Hashable] | None:
        """The part and the item of the marked row."""
        return self._split(self.key)

    def mark_item(self, part: Part, item: Hashable) -> None:
        """Put the marker on an item of a part."""
        self.mark((self.parts.index(part), item))

    def can(self, name: str) -> bool:
        """Offer what the part of the marked row can do with it; nothing while a text box has the keys."""
        if self.is_typing:
            return False
        if name in ("next_field", "previous_field"):
            return any(self._editable(key) for key in self._keys())
        if name in self._part_commands() or name == "choose":
            if self.marked is None:
                return False
            part, item = self.marked
            return part.can(part.choose(item) if name == "choose" else name, item)
        return super().can(name)

    def may(self, name: str) -> bool:
        """Say whether any part has the command for this person."""
        return name not in self._part_commands() or any(part.may(name) for part in self.parts)

    async def action_command(self, name: str, *key: str) -> None:
        """Do a command; the part of the marked row does those that are its own."""
        if name == "choose" and self.marked is not None:
            part, item = self.marked
            name = part.choose(item)
        if name in self._part_commands():
            await self._by_part(name)
        else:
            await super().action_command(name, *key)

    async def do_next_field(self) -> None:
        """Go to the next row and type, where that is possible."""
        await self.go_on(1, typing=True)

    async def do_previous_field(self) -> None:
        """Go to the row before and type, where that is possible."""
        await self.go_on(-1, typing=True)

    async def go_on(self, step: int, *, typing: bool) -> None:
        """Move the marker by so many rows, and type there where that is wanted and possible."""
        keys = self._keys()
        place = keys.index(self.key) + step if self.key in keys else 0
        if not 0 <= place < len(keys):
            self.settle()
            return
        types = typing and self._editable(keys[place], typed=True)
        if types:
            self.keep()
        else:
            self.settle()
        self.mark(keys[place])
        if types:
            await self._by_part("edit")

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        """Let the keys at the foot follow the marker."""
        del event
        self.screen.refresh_bindings()

    def _take(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        for part in self.parts:
            part.page = self

    def _part_commands(self) -> frozenset[str]:
        return frozenset(command.name() for command in self.PART_COMMANDS)

    def _keys(self) -> list[Key]:
        return [row.key for row in self.rows if isinstance(row.key, tuple)]

    def _place(self, key: Hashable, before: int) -> int:
        """Keep the marker in its part when its row is gone, and in the first part until somebody moves it.

        Parts may come late and in any order: what comes above or below never takes the marker along.
        """
        places = {y: row.key[0] for y, row in enumerate(self.rows) if isinstance(row.key, tuple)}
        part = key[0] if isinstance(key, tuple) else None
        first = next(iter(places.values()), None)
        if not self.placed and part != first:
            return next(iter(places), -1)
        own = [y for y, of in places.items() if of == part]
        if not own or any(self.rows[y].key == key for y in own):
            return super()._place(key, before)
        return min(own, key=lambda y: abs(y - before))

    def _split(self, key: Hashable) -> tuple[Part, Hashable] | None:
        if not isinstance(key, tuple):
            return None
        place, item = key
        return (self.parts[place], item) if place < len(self.parts) else None

    def _editable(self, key: Key, *, typed: bool = False) -> bool:
        found = self._split(key)
        return (
            found is not None and found[0].can("edit", found[1]) and (not typed or found[0].types(found[1]))
        )

    async def _by_part(self, command: str) -> None:
        if self.marked is None:
            return
        part, item = self.marked
        if part.can(command, item):
            done = part.act(command, item)
            if isawaitable(done):
                await done

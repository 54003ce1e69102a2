"""A terminal shows the same by our output as by Textual's, whatever its own widgets do."""

import random
from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.drivers.headless_driver import HeadlessDriver
from textual.screen import ModalScreen
from textual.widgets import (
    Checkbox,
    DataTable,
    Footer,
    Header,
    Input,
    OptionList,
    Static,
    TabbedContent,
    TabPane,
)

from tests.wire.test_changed_cells import Emulator
from tui.terminal.abilities import Abilities
from tui.terminal.grid import Grid
from tui.terminal.output import ChangedCells

WIDTH, HEIGHT = 80, 24
NAMES = (
    "Smith, Joanna",
    "王小明",
    "Zoë Müller",
    "José Pérez",
    "Юрій Гончар",
    "김민준",
    "山口 誠",
    "D'Arcy—Ó",
)
KEYS = (
    "down",
    "up",
    "tab",
    "shift+tab",
    "pagedown",
    "end",
    "home",
    "enter",
    "space",
    "s",
    "王",
    "ü",
    "backspace",
)
COMMANDS = ("f2", "f3", "f4", "escape", "ctrl+p", "right", "left")


class Recording(HeadlessDriver):
    """A driver that is no terminal, but is written to like one."""

    written: ClassVar[list[str]] = []

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.written.append(data)


class Box(ModalScreen[None]):
    CSS = "Box { align: center middle; } Static { width: 30; height: 6; border: round green; }"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        yield Static("Delete 王小明?\n[b]No[/b]")


class Everything(App[None]):
    CSS = "#side { width: 24; dock: right; } DataTable { height: 8; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("f2", "ask", "Ask"),
        ("f3", "more", "More"),
        ("f4", "dress", "Dress"),
    ]

    def compose(self) -> ComposeResult:
        yield Header()
        yield OptionList(*NAMES, id="side")
        yield Input(placeholder="name, phone…")
        with TabbedContent():
            with TabPane("Überblick"):
                yield DataTable(cursor_type="row", zebra_stripes=True)
            with TabPane("Notes"):
                yield Checkbox("漢字 on")
        yield Static(id="line")
        yield Footer()

    def on_mount(self) -> None:
        self.animation_level = "none"
        for field in self.query(Input):
            field.cursor_blink = False
        table = self.query_one(DataTable)
        table.add_columns("No.", "Name", "City")
        for number in range(30):
            table.add_row(str(number), NAMES[number % len(NAMES)], "Kraków" if number % 3 else "大阪市北区")

    def action_ask(self) -> None:
        self.push_screen(Box())

    def action_more(self) -> None:
        line = self.query_one("#line", Static)
        line.update(f"{NAMES[len(str(line.content)) % len(NAMES)]} · " * 3)

    def action_dress(self) -> None:
        themes = sorted(self.available_themes)
        self.theme = themes[(themes.index(self.theme) + 1) % len(themes)]


@pytest.mark.parametrize("abilities", [Abilities(), Abilities(True, True, True)], ids=["plain", "able"])
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_terminal_shows_the_same_as_with_textuals_own_output(seed: int, abilities: Abilities) -> None:
    chance = random.Random(seed)  # noqa: S311 - dice
    stock, ours = Emulator(WIDTH, HEIGHT), Emulator(WIDTH, HEIGHT)
    grid = Grid(WIDTH, HEIGHT)
    cells = ChangedCells(grid, abilities)
    sent_stock = sent_ours = 0

    def compare() -> None:
        nonlocal sent_stock, sent_ours
        for written in Recording.written:
            if Grid.is_frame(written):
                stock.feed(written.replace("\n", "\r\n"))
                sent_stock += len(written)
                grid.feed(written)
        Recording.written.clear()
        difference = cells.difference(grid, None)
        sent_ours += len(difference)
        ours.feed(difference)
        assert ours.seen() == stock.seen()

    Recording.written.clear()
    app = Everything(driver_class=Recording)
    async with app.run_test(headless=False, size=(WIDTH, HEIGHT)) as pilot:
        for _ in range(25):
            await pilot.press(chance.choice(KEYS if chance.random() < 0.7 else COMMANDS))
            compare()
        assert "Smith" in "\n".join(stock.screen.display)
    assert sent_ours * 5 < sent_stock

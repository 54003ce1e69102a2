"""The widget that everything is drawn with."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.screen import Screen

from tui.widgets.lines import ROLE_CLASSES, LineList, Row, Span, edges, link_to, row, within


class Fruit(LineList):
    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = list(names)
        self.painted: list[int] = []

    def build(self, width: int) -> Sequence[Row]:
        del width
        return [row("Fruit"), *(row(name, key=name) for name in self.names)]

    def refresh(self, *regions: Region, **options: bool) -> "Fruit":
        self.painted += [region.y for region in regions]
        return super().refresh(*regions, **options)


class Plate(Screen[None]):
    COMPONENT_CLASSES: ClassVar[set[str]] = {*ROLE_CLASSES}


class Bowl(App[None]):
    CSS = "Fruit { height: 6; }"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.fruit = Fruit(names)

    def get_default_screen(self) -> Plate:
        return Plate()

    def compose(self) -> ComposeResult:
        yield self.fruit


def shown(app: Bowl) -> list[str]:
    return [
        app.fruit.render_line(y).text.rstrip().removesuffix("…").rstrip()
        for y in range(app.fruit.size.height)
    ]


async def test_the_marker_passes_over_rows_that_cannot_be_chosen() -> None:
    app = Bowl(["apple", "pear"])
    async with app.run_test(size=(20, 6)) as pilot:
        assert shown(app)[:3] == ["  Fruit", "▸ apple", "  pear"]
        await pilot.press("up")
        assert app.fruit.key == "apple"
        await pilot.press("down", "down")
        assert shown(app)[:3] == ["  Fruit", "  apple", "▸ pear"]


async def test_moving_the_marker_paints_two_lines_and_no_more() -> None:
    app = Bowl(["apple", "pear", "plum"])
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.pause()
        app.fruit.painted.clear()
        await pilot.press("down")
        assert sorted(app.fruit.painted) == [1, 2]


async def test_a_heading_stays_in_sight_while_no_size_is_known_yet() -> None:
    app = Bowl(["apple", "pear"])
    async with app.run_test(size=(20, 6)):
        late = Fruit(["plum"])
        mounted = app.mount(late)
        late.redraw()
        assert late.key == "plum"
        assert late.top == 0
        await mounted


async def test_redrawing_paints_only_the_rows_that_changed() -> None:
    app = Bowl(["apple", "pear", "plum"])
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.pause()
        app.fruit.painted.clear()
        app.fruit.names[1] = "peach"
        app.fruit.redraw()
        assert app.fruit.painted == [2]


async def test_the_marker_stays_on_its_row_when_rows_come_before_it() -> None:
    app = Bowl(["pear", "plum"])
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.press("down")
        app.fruit.names.insert(0, "apple")
        app.fruit.redraw()
        assert app.fruit.key == "plum"
        assert shown(app)[3] == "▸ plum"


async def test_a_long_list_scrolls_with_the_marker_and_shows_its_heading_again_at_the_top() -> None:
    app = Bowl([f"fruit {n}" for n in range(30)])
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.press("end")
        assert shown(app)[-1] == "▸ fruit 29"
        await pilot.press("home")
        assert shown(app)[:2] == ["  Fruit", "▸ fruit 0"]


async def test_a_letter_jumps_to_a_row_and_any_other_key_ends_the_jump() -> None:
    app = Bowl(["apple", "pear", "plum"])
    async with app.run_test(size=(20, 6)) as pilot:
        app.fruit.focus()
        await pilot.press("apostrophe")
        assert shown(app)[1:4] == ["a apple", "b pear", "c plum"]
        await pilot.press("c")
        assert shown(app)[1:4] == ["  apple", "  pear", "▸ plum"]
        await pilot.press("apostrophe", "escape")
        assert shown(app)[1:4] == ["  apple", "  pear", "▸ plum"]


async def test_data_can_neither_command_the_terminal_nor_be_taken_for_markup() -> None:
    app = Bowl(["\x1b[31m[red]x[/red]\u202eabc"])
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.pause()
        assert shown(app)[1] == "▸ [31m[red]x[/red]abc"


def test_edges_keep_the_right_side_and_cut_the_left() -> None:
    cut = edges([Span("a long name of a customer")], [Span("BLOCKED")], 20)
    assert "".join(span.text for span in cut.spans) == "a long name …BLOCKED"


def test_within_measures_wide_characters_in_cells() -> None:
    assert sum(2 if span >= "一" else 1 for part in within([Span("山田太郎")], 6) for span in part.text) == 6


async def test_links_are_hyperlinks_where_the_terminal_has_them_and_plain_text_where_not() -> None:
    app = Bowl([])
    async with app.run_test(size=(40, 6)):
        drawn = app.fruit.draw(Row((Span("020 7946 0958", "text", link_to("tel", "+442079460958")),)))
        assert all(segment.style is None or segment.style.link is None for segment in drawn)
        app.shows_links = True  # type: ignore[attr-defined]
        drawn = app.fruit.draw(Row((Span("020 7946 0958", "text", link_to("tel", "+442079460958")),)))
        assert "tel:+442079460958" in [segment.style.link for segment in drawn if segment.style]


def test_a_link_holds_nothing_that_could_command_a_terminal() -> None:
    assert link_to("mailto", "a\x1b]8;;b\x07@x.org") == "mailto:a%1B%5D8%3B%3Bb%07@x.org"

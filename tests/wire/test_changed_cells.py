"""What the driver writes makes a terminal show exactly what Textual's own output makes it show."""

from typing import NamedTuple

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.terminal.abilities import Abilities
from tui.terminal.grid import Grid
from tui.terminal.output import CLEAR, ChangedCells

WIDTH, HEIGHT = 30, 6

STYLES = ["", "1", "7", "4", "38;2;1;2;3", "48;2;9;9;9", "1;38;2;1;2;3;48;2;9;9;9", "31", "44", "2;3;9;31;44"]
PAIRS = ["aa", "b ", " ─", "éa", "  ", "漢", "字", "한"]
"""Texts of two cells: frames are made of pairs, because Textual never cuts a wide character in half."""
TEXTS = st.one_of(
    st.lists(st.sampled_from(PAIRS), min_size=1, max_size=WIDTH // 2).map("".join),
    st.integers(1, WIDTH // 2).map(lambda count: "  " * count),
)
ABILITIES = st.builds(
    Abilities,
    erases_in_colour=st.booleans(),
    erases_in_line=st.booleans(),
    erases_characters=st.booleans(),
    erases_below=st.booleans(),
)


class Segment(NamedTuple):
    column: int
    row: int
    text: str
    style: str

    def as_written(self) -> str:
        styled = f"\x1b[{self.style}m{self.text}\x1b[0m" if self.style else self.text
        return f"\x1b[{self.row + 1};{self.column + 1}H{styled}"


def fits(segment: Segment) -> bool:
    return segment.column + cell_len(segment.text) <= WIDTH


SEGMENTS = st.builds(
    Segment,
    st.integers(0, WIDTH // 2 - 1).map(lambda pair: pair * 2),
    st.integers(0, HEIGHT - 1),
    TEXTS,
    st.sampled_from(STYLES),
).filter(fits)
FRAMES = st.lists(st.lists(SEGMENTS, min_size=1, max_size=8), min_size=1, max_size=6)
CURSORS = st.one_of(st.none(), st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1)))


class Emulator:
    """An independent terminal that is asked what it shows."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self.screen)

    def feed(self, written: str) -> None:
        self._stream.feed(written)

    def seen(self) -> list[list[tuple[object, ...]]]:
        """Give what can be seen of each cell; the colour of a letter that is not there cannot."""
        rows = []
        for row in range(self.screen.lines):
            cells = [self.screen.buffer[row][column] for column in range(self.screen.columns)]
            rows.append([_visible(cell) for cell in cells])
        return rows


def _visible(cell: pyte.screens.Char) -> tuple[object, ...]:
    lines = (cell.underscore, cell.strikethrough, cell.reverse)
    if cell.data in ("", " ") and not any(lines):
        return (cell.data, cell.bg)
    return (cell.data, cell.fg, cell.bg, cell.bold, cell.italics, *lines)


@settings(max_examples=150, deadline=None)
@given(frames=FRAMES, abilities=ABILITIES, cursors=st.lists(CURSORS, min_size=6, max_size=6))
def test_changed_cells_show_what_whole_frames_show(
    frames: list[list[Segment]], abilities: Abilities, cursors: list[tuple[int, int] | None]
) -> None:
    ours, stock = Emulator(), Emulator()
    grid = Grid(WIDTH, HEIGHT)
    cells = ChangedCells(grid, abilities)
    for segments, cursor in zip(frames, cursors, strict=False):
        for segment in segments:
            stock.feed(segment.as_written())
            grid.feed(segment.as_written())
        ours.feed(cells.difference(grid, cursor))
        assert ours.seen() == stock.seen()
        if cursor is None:
            assert ours.screen.cursor.hidden
        else:
            assert (ours.screen.cursor.x, ours.screen.cursor.y) == cursor


ROWS = st.lists(
    st.lists(st.sampled_from([*PAIRS, *["  "] * 12]), min_size=15, max_size=15), min_size=6, max_size=6
)
"""Lists of words with wide gaps."""
BOXES = st.tuples(st.integers(0, 4), st.integers(8, 15), st.integers(0, 1), st.integers(4, 6))
"""First and last column, in pairs, first and last row."""


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, box=BOXES, ground=st.sampled_from(["", "48;2;9;9;9", "44", "7"]), abilities=ABILITIES)
def test_what_a_box_covered_is_shown_again(
    rows: list[list[str]], box: tuple[int, int, int, int], ground: str, abilities: Abilities
) -> None:
    left, right, top, bottom = box
    under = [Segment(0, number, "".join(row), ground) for number, row in enumerate(rows)]
    over = [
        Segment(left * 2, number, f"{'Title':<{(right - left) * 2}}", "1;48;2;1;1;1")
        for number in range(top, bottom)
    ]
    ours, stock = Emulator(), Emulator()
    grid = Grid(WIDTH, HEIGHT)
    cells = ChangedCells(grid, abilities)
    for segments in (under, over, under):
        frame = "".join(segment.as_written() for segment in segments)
        stock.feed(frame)
        grid.feed(frame)
        ours.feed(cells.difference(grid, (0, 0)))
        assert ours.seen() == stock.seen()


def test_wide_gaps_where_a_box_was_are_blanked_in_one_go() -> None:
    row = f"{'No.':<18}{'Name':<18}City"
    under = "".join(f"\x1b[{number};1H{row}" for number in range(1, 5))
    over = "".join(f"\x1b[{number};1H\x1b[48;2;9;9;9m{' ' * 40}\x1b[0m" for number in range(1, 5))
    grid = Grid(40, 4)
    cells = ChangedCells(grid, Abilities(erases_characters=True, erases_in_colour=True))
    for frame in (under, over, under):
        grid.feed(frame)
        written = cells.difference(grid, None)
    assert written.count("\x1b[40X") == 4
    assert "   " not in written


def painted(*frames: str, width: int = 20, height: int = 4) -> tuple[Grid, ChangedCells, str]:
    grid = Grid(width, height)
    cells = ChangedCells(grid, Abilities())
    written = ""
    for frame in frames:
        grid.feed(frame)
        written = cells.difference(grid, None)
    return grid, cells, written


def test_a_letter_typed_at_the_cursor_is_one_byte() -> None:
    grid = Grid(20, 4)
    cells = ChangedCells(grid, Abilities())
    grid.feed("\x1b[2;1HFind > ")
    cells.difference(grid, (7, 1))
    grid.feed("\x1b[2;1HFind > s            \x1b[2;9H")
    assert cells.difference(grid, (8, 1)) == "s"


def test_a_frame_that_changes_nothing_writes_nothing() -> None:
    frame = "\x1b[1;1H\x1b[1mtitle\x1b[0m     \n\x1b[2;1Hrow"
    assert painted(frame, frame)[2] == ""


def test_everything_is_written_again_after_something_else_wrote_to_the_terminal() -> None:
    grid, cells, _ = painted("\x1b[1;1Htitle")
    cells.forget()
    written = cells.difference(grid, None)
    assert written.startswith(CLEAR)
    assert "title" in written


def test_a_link_that_was_written_last_ends_before_everything_is_written_again() -> None:
    grid, cells, _ = painted("\x1b[1;1H\x1b]8;;tel:+44\x1b\\dial\x1b]8;;\x1b\\")
    assert cells.ended().startswith("\x1b]8;;\x1b\\")
    cells.forget()
    assert cells.difference(grid, None).startswith(f"\x1b]8;;\x1b\\{CLEAR}")


def test_a_grid_of_another_size_is_written_whole() -> None:
    _, cells, _ = painted("\x1b[1;1Htitle")
    larger = Grid(40, 6)
    larger.feed("\x1b[6;1Hfoot")
    assert cells.difference(larger, None).startswith(CLEAR)


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b]0;owned\x07",
        "\x1b]52;c;aGk=\x07",
        "\x1bc",
        "\x1b[2J",
        "\x1b[?1003h",
        "\x9b2J",
        "\x1bP$q\x1b\\",
        "\a\b\r\x00\x7f",
    ],
)
@pytest.mark.feature("F1.1")
def test_no_control_sequence_in_a_text_reaches_the_terminal(hostile: str) -> None:
    _, _, written = painted(f"\x1b[1;1HSmith{hostile}Ann")
    left = written.replace(CLEAR, "").replace("\x1b[?25l", "")
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in left)


def test_half_of_a_wide_character_leaves_a_blank() -> None:
    grid, cells, _ = painted("\x1b[1;1H漢字")
    screen = Emulator(20, 4)
    grid.feed("\x1b[1;2Hxy")
    screen.feed(CLEAR + "漢字" + "\r")
    cells.assume("\x1b[1;1H漢字", (0, 0))
    screen.feed(cells.difference(grid, None))
    assert screen.screen.display[0].rstrip() == " xy"


def test_a_word_terminals_disagree_on_is_written_in_one_go_and_the_next_column_placed_anew() -> None:
    _, _, written = painted("\x1b[1;1H1 हिन्दी नाम  \x1b[1mNew\x1b[0m")
    assert "हिन्दी नाम" in written
    after = written.split("नाम")[1]
    assert "\x1b[11G" in after
    assert "\x1b[1mNew" in after


def test_nothing_old_is_left_where_a_cluster_is_narrower_than_thought() -> None:
    grid, cells, _ = painted("\x1b[1;1H1 old old old")
    grid.feed("\x1b[1;3H❤\ufe0f x      ")
    written = cells.difference(grid, None)
    assert written.index("\x1b[K") < written.index("❤")


def test_a_change_beside_a_doubtful_word_writes_the_word_again() -> None:
    grid, cells, _ = painted("\x1b[1;1H1 हिन्दी  New")
    grid.feed("\x1b[1;9HOld")
    assert "हिन्दी" in cells.difference(grid, None)


def test_a_marker_before_a_doubtful_word_leaves_the_word_alone() -> None:
    grid, cells, _ = painted("\x1b[1;1H> 1 हिन्दी  New\x1b[2;1H  2 नाम")
    grid.feed("\x1b[1;1H \x1b[2;1H>")
    assert cells.difference(grid, None) == "\x1b[H \n\r>"


def test_letters_with_two_marks_are_as_wide_everywhere_as_others() -> None:
    grid, cells, _ = painted("\x1b[1;1HLý Đạt Ố  New")
    grid.feed("\x1b[1;11HOld")
    assert cells.difference(grid, None) == "\b\b\bOld"


def test_without_utf8_letters_lose_accents_and_lines_become_ascii() -> None:
    grid = Grid(20, 2, ascii_only=True)
    cells = ChangedCells(grid, Abilities())
    grid.feed("\x1b[1;1H│ Zoë Müller ★ 漢 …")
    written = cells.difference(grid, None)
    assert "| Zoe Muller * ?? ." in written
    assert written.isascii()


def test_a_screen_that_becomes_blank_is_erased_at_once() -> None:
    frame = "".join(f"\x1b[{row + 1};1Hrow {row}" for row in range(20))
    blank = "".join(f"\x1b[{row + 1};1H{' ' * 20}" for row in range(1, 20))
    grid = Grid(20, 20)
    cells = ChangedCells(grid, Abilities(erases_below=True))
    grid.feed(frame)
    cells.difference(grid, None)
    grid.feed(blank)
    assert cells.difference(grid, None) == "\x1b[2H\x1b[J"


def test_the_sides_of_a_box_are_written_one_after_the_other() -> None:
    box = "".join(f"\x1b[{row + 1};3H|{' ' * 14}|" for row in range(2, 10))
    _, _, written = painted(box, height=12)
    assert "|\n\b|\n\b|" in written

"""What the driver expects of Textual beyond its documented interface: an update that breaks it fails here."""

import inspect

from rich.cells import split_graphemes
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.app import App
from textual.driver import Driver
from textual.events import InputEvent, Key, Paste
from textual.widgets import Input, Static

from tui.terminal.grid import Grid


class Recording(App[None]):
    """An app whose display is recorded."""

    def compose(self):  # type: ignore[no-untyped-def]
        yield Input()
        yield Static("row")


def test_the_parser_has_a_timeout_and_a_tick() -> None:
    parser = XTermParser()
    assert list(parser.feed("\x1b")) == []
    assert parser._timeout_time is not None
    parser._timeout_time = 0.0
    assert [event.key for event in parser.tick() if isinstance(event, Key)] == ["escape"]
    assert parser._timeout_time is None


def test_pastes_are_bracketed_by_these_marks() -> None:
    assert (BRACKETED_PASTE_START, BRACKETED_PASTE_END) == ("\x1b[200~", "\x1b[201~")


def test_keys_are_input_events_and_pastes_are_none() -> None:
    assert issubclass(Key, InputEvent)
    assert not issubclass(Paste, InputEvent)


async def test_a_frame_begins_with_a_cursor_position_and_holds_only_text_and_looks() -> None:
    app = Recording()
    async with app.run_test(size=(20, 5)):
        update = app.screen._compositor.render_update(full=True)
        frame = update.render_segments(app.console)  # type: ignore[union-attr]
    assert Grid.is_frame(frame)
    grid = Grid(20, 5)
    grid.feed(frame)
    assert "row" in "".join("".join(row.texts) for row in grid.rows)
    assert "[" not in "".join("".join(row.texts) for row in grid.rows)


async def test_a_screen_tells_whether_it_awaits_a_layout() -> None:
    app = Recording()
    async with app.run_test():
        assert app.screen._layout_required in (True, False)
        assert isinstance(app.screen._callbacks, list)


async def test_queues_can_be_measured_and_marked() -> None:
    app = Recording()
    async with app.run_test() as pilot:
        reached: list[int] = []
        assert app.screen.message_queue_size >= 0
        assert app.screen.call_later(reached.append, 1)
        await pilot.pause()
        assert reached == [1]


async def test_an_input_scrolls_by_scroll_x() -> None:
    app = Recording()
    async with app.run_test(size=(20, 5)) as pilot:
        field = app.query_one(Input)
        field.focus()
        await pilot.press(*"x" * 50)
        assert field.scroll_x > 0


def test_a_driver_is_built_as_expected() -> None:
    assert list(inspect.signature(Driver.__init__).parameters) == ["self", "app", "debug", "mouse", "size"]
    for name in ("start_application_mode", "stop_application_mode", "disable_input", "close", "send_message"):
        assert callable(getattr(Driver, name))


def test_clusters_come_with_their_cells() -> None:
    assert split_graphemes("a漢e\u0301")[0] == [(0, 1, 1), (1, 2, 2), (2, 4, 1)]

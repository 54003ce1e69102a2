"""The driver between Textual and the terminal: changed cells out, settled keys in, orderly ends."""

import asyncio
import os
from typing import Any, ClassVar

from textual.app import App
from textual.driver import Driver
from textual.events import InputEvent, Paste, Resize
from textual.geometry import Size
from textual.message import Message

from tui.cli import exit_codes
from tui.options import OpenOptions
from tui.terminal import raw_mode
from tui.terminal.abilities import Abilities
from tui.terminal.cursor import cursor_of
from tui.terminal.first_frame import ENTER, LEAVE
from tui.terminal.grid import Grid
from tui.terminal.input import TerminalInput
from tui.terminal.keys import KeySettler
from tui.terminal.modes import Modes
from tui.terminal.output import ChangedCells
from tui.terminal.signals import SignalHandlers, Signals
from tui.terminal.writer import TerminalWriter

OWN_CURSOR = "-terminal-cursor"
"""Class of an application that this driver runs: style sheets paint no cursor then."""

_READ_SIZE = 65536
_POINTER_SHAPE = "\x1b]22;"
_FIRST_FRAME_STAYS = 0.5
_GLANCE = 0.01
_PATIENCE_AT_EXIT = 3.0
_PATIENCE_WITH_TERMINAL = 1.0


def driver_for(options: OpenOptions) -> type[Driver] | None:
    """Give the driver class for `App(driver_class=...)`; None, Textual's own, where 'stock' was asked for."""
    if options.driver == "stock":
        return None

    class ConfiguredDriver(KeeptabsDriver):
        """The driver of one application, knowing what was done to the terminal before it."""

        opened_with = options

    return ConfiguredDriver


class KeeptabsDriver(Driver):
    """Writes changed cells only, delivers each key when the one before has taken effect, and ends in order.

    On SIGTERM, SIGHUP, SIGINT or a terminal that is gone it calls the application's `before_exit()`
    (which writes drafts), restores the terminal and lets the application end with the documented code.
    """

    opened_with: ClassVar[OpenOptions] = OpenOptions()

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        self._input_fd, self._output_fd = 0, 1
        super().__init__(app, debug=debug, mouse=mouse, size=size or self._terminal_size())
        early, terminal = self.opened_with.early, self.opened_with.terminal
        self._term = terminal.name if terminal else os.environ.get("TERM", "")
        self._utf8 = terminal.utf8 if terminal else True
        self._found: raw_mode.Attributes | None = early.attributes if early else None
        self._modes = Modes.of(self._term, mouse=mouse)
        self._grid = self._new_grid()
        self._cells = ChangedCells(self._grid, Abilities.of(self._term))
        self._keys = KeySettler(app, super().process_message)
        self._input = TerminalInput(self.process_message, early.line_typed if early else 0)
        self._signals = Signals(
            self._loop, SignalHandlers(self._leave, self._suspend, self._resume, self._window_resized)
        )
        app.add_class(OWN_CURSOR)
        self._writer: TerminalWriter | None = None
        self._beside_frames: list[str] = []
        self._flush_due = False
        self._first_frame_until = 0.0
        self._reading = False
        self._timer: asyncio.TimerHandle | None = None
        self._leaving = False

    # What Textual calls

    @property
    def can_suspend(self) -> bool:
        """The process can be put in the background."""
        return True

    def write(self, data: str) -> None:
        """Take a frame, or anything else that is for the terminal as it is."""
        if Grid.is_frame(data):
            self._grid.feed(data)
        elif not data.startswith(_POINTER_SHAPE):
            self._beside_frames.append(data)
        self._schedule_flush()

    def redraw(self) -> None:
        """Write every cell again, should something else have written to the terminal."""
        self._cells.forget()
        self._schedule_flush()

    def start_application_mode(self) -> None:
        """Take the terminal: raw mode, alternate screen, keys and signals."""
        self._found = self._found or raw_mode.found(self._input_fd)
        raw_mode.enter(self._input_fd)
        self._writer = TerminalWriter(self._output_fd, self._writer_is_free, self._terminal_is_gone)
        self._signals.install()
        handed = self.opened_with.early.hand_over() if self.opened_with.early else None
        if handed is not None:
            self._cells.assume(handed.frame, handed.cursor)
            if handed.size != self._size:
                self._cells.forget()
            if handed.typed:
                self._first_frame_until = self._loop.time() + _FIRST_FRAME_STAYS
                self._loop.call_soon(self._await_more, handed.typed)
        else:
            self._cells.forget()
            self._beside_frames.append(ENTER)
        self._beside_frames.append(self._modes.enter)
        self._schedule_flush()
        self._loop.add_reader(self._input_fd, self._read)
        self._reading = True
        self._send_size()

    def disable_input(self) -> None:
        """Read no more keys, and forget those that were not read."""
        if self._reading:
            self._loop.remove_reader(self._input_fd)
            self._reading = False
            self._cancel_timer()
            self._keys.stop()
            raw_mode.discard_input(self._input_fd)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was found."""
        self.disable_input()
        if self._writer is None:
            return
        if self._writer.drain(_PATIENCE_WITH_TERMINAL):
            last = "".join([*self._beside_frames, self._modes.leave, self._cells.ended(), LEAVE])
            self._writer.write(last.encode(errors="replace"))
            self._writer.drain(_PATIENCE_WITH_TERMINAL)
        self._beside_frames.clear()
        raw_mode.leave(self._input_fd, self._found)

    def close(self) -> None:
        """End the thread that writes, and leave signals alone."""
        self._signals.remove()
        self._stop_writing()

    def process_message(self, message: Message) -> None:
        """Deliver what comes from the terminal: keys in order and settled, the rest at once."""
        if isinstance(message, InputEvent | Paste):
            self._keys.accept(message)
        else:
            super().process_message(message)

    def send_message(self, message: Message) -> None:
        """Post to the application; everything here runs in its event loop."""
        self._app.post_message(message)

    # Output

    def _stop_writing(self) -> None:
        if self._writer is not None:
            self._writer.stop()
            self._writer = None

    def _schedule_flush(self) -> None:
        if not self._flush_due:
            self._flush_due = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        """Write all that has gathered in one piece, or later, while the terminal is still taking the last."""
        self._flush_due = False
        if self._writer is None or self._writer.busy:
            return
        if self._keys.busy and self._loop.time() < self._first_frame_until:
            self._flush_due = True
            self._loop.call_later(_GLANCE, self._flush)
            return
        beside = "".join(self._beside_frames)
        self._beside_frames.clear()
        piece = beside + self._cells.difference(self._grid, cursor_of(self._app))
        if piece:
            self._writer.write(piece.encode("utf-8" if self._utf8 else "ascii", errors="replace"))

    def _writer_is_free(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._flush)

    def _terminal_is_gone(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._leave, exit_codes.HUNG_UP)

    def _new_grid(self) -> Grid:
        width, height = self._size or (80, 24)
        return Grid(width, height, ascii_only=not self._utf8)

    # Input

    def _read(self) -> None:
        try:
            received = os.read(self._input_fd, _READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if not received:
            self.disable_input()
            self._leave(exit_codes.HUNG_UP)
            return
        self._await_more(received)
        if self._keys.overrun:
            self._loop.remove_reader(self._input_fd)
            self._loop.call_later(_GLANCE, self._read_on)

    def _read_on(self) -> None:
        """Read again once there is room for more keys; until then no time passes for one that was begun."""
        if self._reading and self._keys.overrun:
            self._loop.call_later(_GLANCE, self._read_on)
        elif self._reading:
            self._loop.add_reader(self._input_fd, self._read)
            self._await_more()

    def _await_more(self, received: bytes = b"") -> None:
        if received:
            self._input.feed(received)
        self._cancel_timer()
        if not self._keys.overrun and (seconds := self._input.wants_time) is not None:
            self._timer = self._loop.call_later(seconds, self._nothing_came)

    def _nothing_came(self) -> None:
        self._timer = None
        self._input.time_passed()
        self._await_more()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # Size and signals

    def _terminal_size(self) -> tuple[int, int]:
        try:
            columns, rows = os.get_terminal_size(self._output_fd)
        except OSError:
            return 80, 24
        return columns or 80, rows or 24

    def _send_size(self) -> None:
        size = Size(*(self._size or (80, 24)))
        super().process_message(Resize(size, size))

    def _window_resized(self) -> None:
        size = self._terminal_size()
        if size != self._size:
            self._size = size
            self._grid = self._new_grid()
        self._cells.forget()
        self._send_size()

    def _leave(self, exit_code: int) -> None:
        if self._leaving:
            return
        self._leaving = True
        self._loop.call_later(_PATIENCE_AT_EXIT, self._leave_at_once, exit_code)
        try:
            self._tell("before_exit")
        finally:
            self._app.exit(return_code=exit_code)

    def _tell(self, name: str) -> None:
        """Tell the application, where it wants to know; `before_return` comes before anything is drawn."""
        getattr(self._app, name, lambda: None)()

    def _leave_at_once(self, exit_code: int) -> None:
        """The application did not end by itself in time."""
        self.stop_application_mode()
        os._exit(exit_code)

    def _suspend(self) -> None:
        self._tell("before_exit")
        self.stop_application_mode()
        self._stop_writing()

    def _resume(self) -> None:
        self._tell("before_return")
        self.stop_application_mode()
        self._stop_writing()
        self.start_application_mode()
        self._window_resized()
        self.process_message(self.SignalResume())
        self._app.refresh(layout=True)

"""However the application ends, drafts are written, the terminal is as it was, and the exit code says why."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from tests.wire.conftest import Desk


def restored(desk: Desk) -> bool:
    left = desk.received[desk.received.rindex(b"\x1b[?1049h") :]
    ends = [b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?7h", b"\x1b[?2004l", b"\x1b[<u"]
    looks_plain = desk.lines[-1] == "" and desk.screen.cursor.attrs == desk.screen.default_char
    return looks_plain and desk.attributes == desk.attributes_at_start and all(end in left for end in ends)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
    ids=lambda value: str(value),
)
def test_a_signal_leaves_a_draft_and_the_terminal_as_it_was(
    open_desk: Callable[..., Desk], number: signal.Signals, code: int
) -> None:
    desk = open_desk()
    desk.wait_for("row 11")
    desk.type("half a na")
    desk.wait_for("half a na")
    desk.send(number)
    assert desk.wait_exit() == code
    assert desk.journal == ["draft half a na"]
    desk.wait_for(lambda: restored(desk))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda value: str(value))
def test_a_signal_while_starting_leaves_the_terminal_as_it_was(
    open_desk: Callable[..., Desk], number: signal.Signals
) -> None:
    desk = open_desk()
    desk.wait_for("Find >")
    desk.send(number)
    assert desk.wait_exit() == 128 + number
    assert desk.attributes == desk.attributes_at_start
    desk.wait_for(lambda: b"\x1b[?1049l" in desk.received)


def test_leaving_by_a_key_leaves_the_terminal_as_it_was(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.wait_for("row 11")
    desk.press("f8")
    assert desk.wait_exit() == 0
    desk.wait_for(lambda: restored(desk))


def test_a_terminal_that_is_gone_ends_the_application_with_its_draft(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.wait_for("row 11")
    desk.type("half a na")
    desk.wait_for("half a na")
    desk.hang_up()
    assert desk.wait_exit() == 129
    assert desk.journal == ["draft half a na"]


def test_a_fault_leaves_the_terminal_as_it_was(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.wait_for("row 11")
    desk.press("\x1bOS")
    assert desk.wait_exit() == 70
    desk.wait_for(lambda: restored(desk))
    assert desk.journal == ["draft "]
    said = desk.received.partition(b"\x1b[?1049l")[2].decode()
    assert "fault of its own (RuntimeError)" in said
    assert "Traceback" not in said


def test_stopped_and_continued_it_is_as_before(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.wait_for("row 11")
    desk.type("smith")
    desk.wait_for("row 3 smith")
    desk.send(signal.SIGTSTP)
    os.waitid(os.P_PID, desk.process.pid, os.WSTOPPED | os.WNOWAIT)
    desk.wait_for(lambda: restored(desk))
    assert desk.journal == ["draft smith"]
    before = desk.byte_count
    os.kill(desk.process.pid, signal.SIGCONT)
    desk.wait_for(lambda: b"row 3" in desk.received[before:])
    desk.type("y\r")
    desk.wait_for(lambda: "search smithy" in desk.journal)


def test_resized_to_almost_nothing_and_back_it_shows_everything_again(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.wait_for("row 11")
    for columns, rows in ((3, 2), (1, 1), (200, 60), (80, 24)):
        desk.resize(columns, rows)
        time.sleep(0.15)
    desk.wait_for("row 11")
    desk.type("s")
    desk.wait_for("row 11 s")


def test_idle_it_writes_nothing_and_costs_nothing(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.wait_for("row 11")
    desk.wait_quiet(0.5)
    before = desk.byte_count
    time.sleep(2)
    assert desk.byte_count == before

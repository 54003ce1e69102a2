"""Keys typed ahead end where slow typing ends."""

import time
from collections.abc import Callable

import pytest

from tests.wire.conftest import Desk
from tui.terminal.keys import MOST_WAITING

SCRIPT = ["smith", "\r", "\x1bOQ", "Jones", "\r", "x", "\r"]
OUTCOME = ["search smith", "answer Jones", "search smithx"]


def outcome(desk: Desk) -> list[str]:
    desk.wait_for(lambda: len(desk.journal) >= len(OUTCOME))
    return desk.journal


def test_a_script_typed_in_one_write_does_what_slow_typing_does(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.wait_for("row 11")
    desk.type("".join(SCRIPT))
    assert outcome(desk) == OUTCOME


def test_a_script_typed_byte_by_byte_does_the_same(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.wait_for("row 11")
    for byte in "".join(SCRIPT):
        desk.type(byte)
        time.sleep(0.03)
    assert outcome(desk) == OUTCOME


def test_keys_typed_before_the_application_is_there_are_kept(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.type("".join(SCRIPT).replace("\r", "\n") if desk.byte_count == 0 else "".join(SCRIPT))
    assert outcome(desk) == OUTCOME


def test_an_escape_typed_before_the_application_is_there_is_an_escape(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(slow_start=True)
    desk.wait_for("Find >")
    desk.type("\x1bOQ\x1b")
    desk.wait_for("row 11")
    desk.wait_quiet(0.5)
    desk.type("ok\r")
    desk.wait_for(lambda: len(desk.journal) == 2)
    assert desk.journal == ["answer None", "search ok"]


def test_a_paste_of_a_megabyte_is_one_event_and_the_next_key_works(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.wait_for("row 11")
    desk.type(b"\x1b[200~" + b"x" * 1_000_000 + b"\x1b[201~")
    desk.press("enter")
    desk.wait_for(lambda: "search 1000000" in desk.journal, 30)
    desk.press("f8")
    assert desk.wait_exit(30) == 0


@pytest.mark.parametrize(
    "wrong", [b"\xff\xfe\xc3", b"\x1b[", b"\x1b[99999999999u", b"\x1b]8;;", b"\x00\x80\x9b"]
)
def test_wrong_bytes_never_end_the_application(open_desk: Callable[..., Desk], wrong: bytes) -> None:
    desk = open_desk()
    desk.wait_for("row 11")
    desk.type(wrong)
    time.sleep(0.3)
    desk.type("ok\r")
    desk.wait_for(lambda: any(line.endswith("ok") for line in desk.journal))


def test_more_than_anybody_types_waits_in_the_terminal_and_arrives_whole(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.wait_for("row 11")
    desk.type("\x1b[C" * 3 * MOST_WAITING + "ok\r")
    desk.wait_for(lambda: "search ok" in desk.journal, 60)

"""A locked screen on a real terminal: what is sent, what is left on it, and how it ends and comes back."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.wire.office import PASSWORD, Office
from tests.wire.pty_terminal import PtyTerminal

pytestmark = pytest.mark.feature("F12.2")

_DEAF = 1.2
"""Seconds in which what is typed is taken for meant for the screen before."""


def configured(office: Office, text: str) -> None:
    folder = office.folder / "xdg_config_home" / "keeptabs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text)


def seconds_of_cpu(terminal: PtyTerminal) -> float:
    told = Path(f"/proc/{terminal.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def kept_on_disk(office: Office, text: str) -> bool:
    files = (office.folder / "xdg_state_home").rglob("*")
    return any(text.encode() in file.read_bytes() for file in files if file.is_file())


def test_idle_it_locks_says_nothing_of_anybody_and_gives_back_what_was_typed(shared_office: Office) -> None:
    configured(shared_office, "lock_after = 0.07\n")
    shared_office.new_customer(given_name="Odette", family_name="Lockwood")
    terminal = shared_office.open()
    terminal.wait_for(" customers")
    terminal.type("lockwood")
    terminal.wait_for("Odette")
    terminal.type("\rn")
    terminal.wait_for("Seen by")
    terminal.type("half a note")
    terminal.wait_for("half a note")
    cursor = terminal.cursor
    terminal.wait_for("Locked")
    terminal.type("smith\r")  # meant for the screen before
    for shown in ("Odette", "Lockwood", "half a note"):
        assert shown not in terminal.text
    assert kept_on_disk(shared_office, "half a note")
    time.sleep(_DEAF)
    assert "Asking" not in terminal.text
    assert "wrong" not in terminal.text
    terminal.wait_quiet(0.3)
    before, cpu = terminal.byte_count, seconds_of_cpu(terminal)
    time.sleep(2)
    assert terminal.byte_count == before
    assert seconds_of_cpu(terminal) - cpu <= 0.05
    terminal.type("not it\r")
    terminal.wait_for("The password is wrong.")
    terminal.type(f"{PASSWORD}\r")
    terminal.wait_for("half a note")
    assert terminal.cursor == cursor
    terminal.type(" and more")
    terminal.wait_for("half a note and more")
    assert b"\x1b]" not in terminal.received, "no title says who was on the screen"


def test_left_or_killed_it_is_locked_at_the_next_start(shared_office: Office) -> None:
    for number, code in ((signal.SIGTERM, 143), (signal.SIGKILL, -9), (signal.SIGHUP, 129)):
        terminal = shared_office.open()
        terminal.wait_for(lambda: " customers" in terminal.text or "Locked" in terminal.text)  # noqa: B023
        if "Locked" not in terminal.text:
            terminal.type("\x1b[20~")
            terminal.wait_for("Commands")
            terminal.type("lock the\r")
            terminal.wait_for("Locked")
        time.sleep(0.5)
        terminal.send(number)
        assert terminal.wait_exit() == code
    terminal = shared_office.open()
    terminal.wait_for("Locked")
    assert " customers" not in terminal.text
    time.sleep(_DEAF)
    terminal.type(f"{PASSWORD}\r")
    terminal.wait_for(" customers")
    terminal.press("f8")
    assert terminal.wait_exit() == 0
    terminal = shared_office.open()
    terminal.wait_for(" customers")


def test_stopped_for_too_long_it_comes_back_locked_and_draws_nothing_else(shared_office: Office) -> None:
    configured(shared_office, "lock_after = 0.05\n")
    shared_office.new_customer(given_name="Odile", family_name="Stopford")
    terminal = shared_office.open()
    terminal.wait_for(" customers")
    terminal.type("stopford")
    terminal.wait_for("Odile")
    terminal.send(signal.SIGTSTP)
    os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOWAIT)
    terminal.wait_quiet(0.3)
    time.sleep(4)
    before = len(terminal.received)
    os.kill(terminal.process.pid, signal.SIGCONT)
    terminal.wait_for("Locked")
    terminal.wait_quiet(0.5)
    assert b"Odile" not in terminal.received[before:]
    terminal.send(signal.SIGTSTP)
    os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOWAIT)
    os.kill(terminal.process.pid, signal.SIGCONT)
    terminal.resize(100, 30)
    terminal.press("ctrl+l")
    terminal.wait_quiet(0.5)
    terminal.wait_for("Locked")
    assert b"Odile" not in terminal.received[before:]
    time.sleep(_DEAF)
    terminal.type(f"{PASSWORD}\r")
    terminal.wait_for("Odile")


def test_the_plain_driver_is_locked_too(shared_office: Office) -> None:
    configured(shared_office, "lock_after = 0.07\n")
    terminal = shared_office.open("--driver", "stock")
    terminal.wait_for(" customers")
    terminal.wait_for("Locked")
    terminal.wait_quiet(0.3)
    assert " customers" not in terminal.text
    time.sleep(_DEAF)
    terminal.type(PASSWORD)
    terminal.wait_for("•")
    assert PASSWORD[:6] not in terminal.text
    terminal.press("enter")
    terminal.wait_for(" customers")

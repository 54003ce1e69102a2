"""The first milliseconds: a frame, letters in it, and a sentence where no screen can be drawn."""

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.wire.conftest import PROJECT, Desk
from tests.wire.office import Office
from tests.wire.pty_terminal import PtyTerminal, terminal_environment
from tui.terminal.preflight import colour_depth, speaks_utf8


def test_letters_typed_while_loading_are_seen_in_the_box_at_once(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(slow_start=True)
    desk.wait_for("Starting")
    desk.type("smitt\x7f")
    desk.wait_for("Find > smit")
    assert desk.lines[0].startswith(" Keeptabs")
    assert desk.cursor == (12, 1)
    desk.type("h\r")
    desk.wait_for(lambda: desk.journal == ["search smith"])


def test_letters_seen_early_never_vanish_again(shared_office: Office) -> None:
    terminal = shared_office.open()
    terminal.wait_for("Starting")
    terminal.type("zzqx")
    terminal.wait_for("Nobody matches")
    assert terminal.lines[1].startswith(" Find > zzqx")
    assert b"name, phone" not in terminal.received


def test_a_window_resized_while_loading_is_painted_anew(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(slow_start=True)
    desk.wait_for("Starting")
    desk.resize(60, 20)
    desk.wait_for("row 11")
    assert "Starting" not in desk.text


@pytest.mark.parametrize(
    ("environment", "size", "said"),
    [
        ({"TERM": "dumb"}, (80, 24), "cannot draw on this terminal (TERM is dumb)"),
        ({"TERM": ""}, (80, 24), "TERM is not set"),
        ({}, (39, 24), "39x24"),
        ({}, (80, 9), "80x9"),
    ],
)
def test_where_no_screen_can_be_drawn_a_sentence_says_why(
    environment: dict[str, str], size: tuple[int, int], said: str
) -> None:
    with PtyTerminal(
        [sys.executable, "-m", "tui"],
        columns=size[0],
        rows=size[1],
        environment={**terminal_environment(), **environment},
        directory=PROJECT,
    ) as terminal:
        assert terminal.wait_exit() == 2
        terminal.wait_for(lambda: said in terminal.text.replace("\n", ""))
        assert b"\x1b[" not in terminal.received


def test_into_a_pipe_a_sentence_says_why() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "keeptabs --help" in done.stderr


def test_help_imports_nothing_slow() -> None:
    code = "import sys\nfrom tui.__main__ import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    slow = ("textual", "rich", "httpx", "pydantic", "server", "asyncio")
    code += f"print([name for name in {slow!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert "demo" in done.stdout


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({"LANG": "en_US.UTF-8"}, True),
        ({"LANG": "de_DE.utf8@euro"}, True),
        ({}, True),
        ({"LANG": "C"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "POSIX"}, False),
        ({"LANG": "pl_PL.ISO-8859-2"}, False),
        ({"LC_CTYPE": "C.UTF-8"}, True),
    ],
)
def test_the_locale_says_whether_the_terminal_speaks_utf8(environment: dict[str, str], spoken: bool) -> None:
    assert speaks_utf8(environment) is spoken


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, 16777216),
        ({"TERM": "linux"}, 16),
        ({"TERM": "vt220"}, 0),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, 0),
    ],
)
def test_the_environment_says_how_many_colours_there_are(environment: dict[str, str], colours: int) -> None:
    assert colour_depth(environment) == colours


@pytest.mark.parametrize("name", ["linux", "vt220", "screen", "tmux-256color", "xterm", "rxvt"])
def test_on_every_terminal_the_list_and_its_letters_appear(shared_office: Office, name: str) -> None:
    terminal = shared_office.open(environment={"TERM": name, "COLORTERM": ""})
    terminal.wait_for(" customers")
    terminal.type("smith")
    terminal.wait_for("Find > smith")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0


def test_in_an_ascii_locale_only_ascii_is_sent(shared_office: Office) -> None:
    environment = {"LANG": "C", "LC_ALL": "C", "NO_COLOR": "1"}  # a box without colours has lines around it
    terminal = shared_office.open(environment=environment)
    terminal.wait_for(" customers")
    terminal.press("down", "ctrl+p")
    terminal.wait_for("Commands")
    time.sleep(0.3)
    assert terminal.received.isascii()
    assert "+-" in terminal.text

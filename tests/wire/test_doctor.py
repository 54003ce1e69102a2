"""`keeptabs doctor`: facts on a pipe, keys on a real pty."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.wire.office import Office

PROJECT = Path(__file__).parents[2]


def environment(folder: Path, **more: str) -> dict[str, str]:
    homes = {name: str(folder / name) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    return {"PATH": os.environ["PATH"], "KEEPTABS_KEYRING": "no", **homes, **more}


def test_facts_are_told_on_a_pipe_and_a_mistake_in_the_configuration_fails(tmp_path: Path) -> None:
    settings = environment(tmp_path, TERM="xterm-256color", NO_COLOR="1", LANG="C", LC_ALL="C")
    command = [sys.executable, "-m", "tui", "doctor"]
    fine = subprocess.run(command, cwd=PROJECT, env=settings, capture_output=True, text=True, check=False)
    assert fine.returncode == 0, fine.stdout + fine.stderr
    lines = {line[:20].strip(): line[20:] for line in fine.stdout.splitlines()}
    assert lines["TERM"] == "xterm-256color"
    assert lines["colours"] == "none"
    assert lines["theme"] == "mono"
    assert lines["characters"] == "ASCII only"
    (tmp_path / "XDG_CONFIG_HOME" / "keeptabs").mkdir(parents=True)
    (tmp_path / "XDG_CONFIG_HOME" / "keeptabs" / "config.toml").write_text('thme = "x"\n')
    wrong = subprocess.run(command, cwd=PROJECT, env=settings, capture_output=True, text=True, check=False)
    assert wrong.returncode == 1
    assert "Did you mean theme?" in wrong.stdout


@pytest.mark.feature("F11.4")
def test_it_tells_what_a_question_costs_on_the_link(shared_office: Office) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tui", "doctor"],
        cwd=PROJECT,
        env=shared_office.environment,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert re.search(r"ms for a round trip, [\d,]{3,} bytes sent and [\d,]{3,} received in all", told), told


def test_each_key_is_named_as_it_arrives_and_the_terminal_is_given_back(tmp_path: Path) -> None:
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "doctor", "--keys"],
        cwd=PROJECT,
        env=environment(tmp_path, TERM="xterm"),
        stdin=child,
        stdout=child,
        stderr=child,
    )
    read_until(parent, "q ends.")
    os.write(parent, b"\x1b[15~")
    assert "f5" in read_until(parent, "[ 1 5 ~")
    os.write(parent, b"\xff")
    os.write(parent, b"q")
    assert process.wait(20) == 0
    os.close(parent)
    os.close(child)


def read_until(fd: int, text: str) -> str:
    seen, end = "", time.monotonic() + 20
    while text not in seen:
        assert time.monotonic() < end, seen
        if select.select([fd], [], [], 0.2)[0]:
            seen += os.read(fd, 4096).decode(errors="replace")
    return seen

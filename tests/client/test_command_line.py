"""Signing in and out from the command line, as real processes."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.conftest import Desk
from tests.desk import PASSWORD


def keeptabs(home: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "XDG_STATE_HOME": str(home / "state")}
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )


@pytest.mark.feature("F12.1")
def test_a_session_is_made_shown_and_ended(desk: Desk, tmp_path: Path) -> None:
    assert keeptabs(tmp_path, "status").returncode == 4
    made = keeptabs(tmp_path, "login", desk.url, "--user", "Staff", "--password-stdin", typed=PASSWORD + "\n")
    assert (made.returncode, made.stdout) == (0, "")
    assert made.stderr.startswith("Signed in as Stan Staff (staff) at Test desk")
    shown = keeptabs(tmp_path, "status", "--json")
    (session,) = json.loads(shown.stdout)
    assert (shown.returncode, session["login"], session["server"], session["last"]) == (
        0,
        "staff",
        desk.url,
        True,
    )
    assert "signed in" in keeptabs(tmp_path, "status").stdout
    out = keeptabs(tmp_path, "--server", desk.url, "logout", "--forget")
    assert (out.returncode, "Signed out of staff@" in out.stderr) == (0, True)
    assert keeptabs(tmp_path, "logout").returncode == 3
    assert json.loads(keeptabs(tmp_path, "status", "--json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "typed", "code"),
    [
        (["--user", "staff", "--password-stdin"], "wrong\n", 4),
        (["--user", "staff", "--password-stdin"], "", 2),
        (["--user", "staff"], "", 2),
        (["--password-stdin"], "x\n", 2),
    ],
)
def test_a_sign_in_that_fails_says_why_in_a_sentence(
    desk: Desk, tmp_path: Path, arguments: list[str], typed: str, code: int
) -> None:
    failed = keeptabs(tmp_path, "login", desk.url, *arguments, typed=typed)
    assert (failed.returncode, failed.stdout) == (code, "")
    assert failed.stderr.endswith(".\n")
    assert "Traceback" not in failed.stderr


def test_a_server_that_is_not_there_or_not_safe_is_said(tmp_path: Path) -> None:
    for address, code in (("http://127.0.0.1:1", 6), ("http://desk.example.org", 2), ("::", 2)):
        failed = keeptabs(tmp_path, "login", address, "--user", "a", "--password-stdin", typed="x\n")
        assert failed.returncode == code
        assert "Traceback" not in failed.stderr


def test_a_person_at_a_terminal_is_asked_and_the_password_does_not_show(desk: Desk, tmp_path: Path) -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "login", desk.url],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
    )
    os.close(slave)
    seen = b""
    for prompt, answer in ((b"Sign-in name:", b"admin\n"), (b"Password:", PASSWORD.encode() + b"\n")):
        while prompt not in seen:
            seen += os.read(master, 1024)
        os.write(master, answer)
    while b"Signed in as Ada Admin" not in seen:
        seen += os.read(master, 1024)
    assert process.wait(30) == 0
    os.close(master)
    assert PASSWORD.encode() not in seen

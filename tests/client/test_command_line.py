"""Signing in and out from the command line, as real processes."""

import asyncio
import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.browser import Browser
from tests.client.conftest import Desk
from tests.desk import PASSWORD
from tests.fixtures import Template
from tests.live import live
from tui.qr import half_blocks


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


def by_device(home: Path, url: str) -> "subprocess.Popen[str]":
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "XDG_STATE_HOME": str(home / "state")}
    return subprocess.Popen(
        [sys.executable, "-m", "tui", "login", url, "--device"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def decide(url: str, code: str, decision: str) -> int:
    """Do what a person does in a browser; give the status of the last page."""

    async def browse() -> int:
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
            browser, begun = Browser(client), {"verification_uri_complete": f"/device?user_code={code}"}
            page = await browser.identify(begun, "staff", PASSWORD)
            if page.answer.status_code == 200:
                page = await browser.send(page, decision=decision, mine="yes")
            return page.answer.status_code

    return asyncio.run(browse())


@pytest.mark.feature("F12.1")
@pytest.mark.parametrize(
    ("decision", "exit_code", "said"),
    [("approve", 0, "Signed in as Stan Staff (staff)"), ("refuse", 4, "was refused on the other device")],
)
def test_who_decides_on_another_device_ends_the_wait_here(
    patient_desk: Desk, tmp_path: Path, decision: str, exit_code: int, said: str
) -> None:
    with by_device(tmp_path, patient_desk.url) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        opened, typed = process.stdout.readline(), process.stdout.readline()
        assert opened == f"Open {patient_desk.url}/device\n"
        assert "Waiting until you sign in there" in process.stderr.readline()
        assert decide(patient_desk.url, typed.split()[-1], decision) == 200
        rest, told = process.communicate(timeout=30)
    assert (process.returncode, rest) == (exit_code, "")
    assert said in told
    assert keeptabs(tmp_path, "status").returncode == (0 if exit_code == 0 else 4)


def test_ctrl_c_gives_up_here_and_at_the_server(patient_desk: Desk, tmp_path: Path) -> None:
    with by_device(tmp_path, patient_desk.url) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        typed = [process.stdout.readline(), process.stdout.readline()][1]
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert (process.returncode, told) == (130, "")
    assert decide(patient_desk.url, typed.split()[-1], "approve") == 404


def test_on_a_terminal_the_code_is_a_picture_too(patient_desk: Desk, tmp_path: Path) -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "login", patient_desk.url, "--device"],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        env={
            "HOME": str(tmp_path),
            "PATH": os.environ["PATH"],
            "TERM": "xterm",
            "COLUMNS": "80",
            "LINES": "30",
        },
    )
    os.close(slave)
    seen = b""
    while b"Ctrl+C gives up" not in seen:
        seen += os.read(master, 4096)
    process.terminate()
    process.wait(30)
    os.close(master)
    drawn = [line for line in seen.decode().splitlines() if line.startswith("\x1b[30;47m")]
    code = seen.decode().split("and type ")[1][:9]
    expected = half_blocks(f"{patient_desk.url}/device?user_code={code}", 80, 26)
    assert [line.removeprefix("\x1b[30;47m").removesuffix("\x1b[0m") for line in drawn] == expected


def test_a_server_that_does_not_offer_it_is_said(sqlite_template: Template, tmp_path: Path) -> None:
    with live(sqlite_template.copy(tmp_path), device_sign_in=False) as server:
        failed = keeptabs(tmp_path, "login", server.url, "--device")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "does not let people sign in from another device" in failed.stderr

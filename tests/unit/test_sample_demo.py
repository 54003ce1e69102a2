"""`keeptabs demo`: one server for all demos of a person, gone with the last one, whatever ends it."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import create_engine, text

from client.session.store import SessionStore
from tests.postgresql import cluster
from tui.cli.demo_server import Demo, DemoRefused

pytestmark = pytest.mark.feature("F13.2")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give this test's own place for data and state."""
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("KEEPTABS_KEYRING", "no")
    return tmp_path


@pytest.fixture
def start(home: Path) -> Iterator[Callable[[], "subprocess.Popen[str]"]]:
    """Give a function that starts `keeptabs demo --serve-only` with few customers."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tui", "demo", "--serve-only", "--customers", "20", *arguments]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert found, process.communicate()[1]
    return found.group()


def answers(url: str) -> bool:
    try:
        socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), 2).close()
    except OSError:
        return False
    return True


def ends(url: str) -> bool:
    until = time.monotonic() + 10
    while answers(url) and time.monotonic() < until:
        time.sleep(0.05)
    return not answers(url)


def test_two_demos_share_a_server_that_ends_with_the_last_even_when_killed(
    start: Callable[[], "subprocess.Popen[str]"],
) -> None:
    first = start()
    url = address(first)
    second = start()
    assert address(second) == url
    first.send_signal(signal.SIGKILL)
    first.wait()
    time.sleep(0.5)
    assert answers(url), "the second demo still uses it"
    second.send_signal(signal.SIGKILL)
    second.wait()
    assert ends(url), "nobody uses it any more"


def test_the_session_is_there_again_at_the_next_start(home: Path) -> None:
    demo = Demo(20)
    told: list[str] = []
    for _ in range(2):
        demo.prepare(fresh=False, tell=told.append)
        with demo.running() as running:
            demo.sign_in(running.url, "anna")
        assert ends(running.url)
    assert len(told) == 1, "the business is made once"
    session = SessionStore.of_this_user(os.environ).find(running.url, "anna")
    assert session is not None
    assert session.signed_in
    with create_engine(f"sqlite:///{demo.file}").connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sessions")).scalar() == 1


def test_a_fresh_business_is_not_made_under_the_feet_of_a_running_demo(home: Path) -> None:
    demo = Demo(20)
    demo.prepare(fresh=False, tell=lambda _: None)
    with demo.running() as running:
        with pytest.raises(DemoRefused, match="running"):
            demo.prepare(fresh=True, tell=lambda _: None)
        demo.sign_in(running.url, "vera")
    assert ends(running.url)
    demo.prepare(fresh=True, tell=lambda _: None)
    with demo.running() as running:
        demo.sign_in(running.url, "vera")


def test_nothing_of_it_can_be_read_by_others(home: Path) -> None:
    demo = Demo(20)
    demo.prepare(fresh=False, tell=lambda _: None)
    with demo.running():
        kept = [demo.file.parent, *demo.file.parent.iterdir()]
        assert len(kept) > 4
        assert not [path for path in kept if stat.S_IMODE(path.lstat().st_mode) & 0o077]


def test_a_database_with_customers_of_its_own_is_left_alone(home: Path) -> None:
    with cluster() as url:
        demo = Demo(20, url)
        demo.prepare(fresh=False, tell=lambda _: None)
        with pytest.raises(DemoRefused, match="empty"):
            demo.prepare(fresh=True, tell=lambda _: None)
        engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            connection.execute(text("UPDATE bookings SET staff_id = NULL"))
            connection.execute(text("DELETE FROM staff"))
        engine.dispose()
        with pytest.raises(DemoRefused, match="customers of its own"):
            demo.prepare(fresh=False, tell=lambda _: None)


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    demo = Demo(20)
    demo.prepare(fresh=False, tell=lambda _: None)
    demo.file.write_bytes(b"no database at all, but long enough to look at" * 100)
    with pytest.raises(DemoRefused, match="did not start"):
        demo.running()

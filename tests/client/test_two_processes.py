"""Several processes share one session: refreshes never cost any of them its place, nor do kills."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from client.session import SessionStore
from tests.client.conftest import Desk

ROOT = Path(__file__).parents[2]


def start(state: Path, name: str, times: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.client.refreshing", str(state), name, str(times)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


@pytest.mark.feature("F12.1")
async def test_two_processes_that_refresh_one_session_both_stay_signed_in(desk: Desk, tmp_path: Path) -> None:
    session = await desk.signed_in(SessionStore(tmp_path))
    both = [start(tmp_path, session.name, 40) for _ in range(2)]
    for process in both:
        output, _ = process.communicate(timeout=60)
        assert (process.returncode, output.split()) == (0, ["begun", "staff"])


async def test_a_process_killed_while_it_refreshes_costs_nobody_the_session(
    desk: Desk, tmp_path: Path
) -> None:
    session = await desk.signed_in(SessionStore(tmp_path))
    for round_number in range(6):
        process = start(tmp_path, session.name, 10_000)
        assert process.stdout is not None
        process.stdout.readline()
        await asyncio.sleep(0.03 + 0.0173 * round_number)
        process.kill()
        process.communicate()
    survivor = start(tmp_path, session.name, 3)
    output, _ = survivor.communicate(timeout=60)
    assert output.split() == ["begun", "staff"]

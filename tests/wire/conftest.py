"""Fixtures of the wire tests."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.wire.office import Office, office, sample_database
from tests.wire.pty_terminal import PtyTerminal, terminal_environment

PROJECT = Path(__file__).parents[2]


class Desk(PtyTerminal):
    """The small desk of tests/wire/apps on a pty, and the journal of what it was told."""

    def __init__(self, journal: Path, *, driver: str = "keeptabs", slow_start: bool = False) -> None:
        self._journal = journal
        super().__init__(
            [sys.executable, "-m", "tests.wire.apps.desk", driver],
            environment=terminal_environment(
                KEEPTABS_TEST_JOURNAL=str(journal),
                KEEPTABS_TEST_DELAY="1" if slow_start else "0",
                XDG_STATE_HOME=f"{journal}-state",
            ),
            directory=PROJECT,
        )

    @property
    def journal(self) -> list[str]:
        """What the desk was told so far."""
        return self._journal.read_text().splitlines() if self._journal.exists() else []


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Open small desks on ptys; they are closed when the test is over."""
    with ExitStack() as stack:

        def open_one(**how: object) -> Desk:
            desk = Desk(tmp_path / f"journal-{len(list(tmp_path.iterdir()))}", **how)  # type: ignore[arg-type]
            return stack.enter_context(desk)

        yield open_one


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with 300 sample customers, to be copied."""
    path = tmp_path_factory.mktemp("sample") / "sample.sqlite"
    sample_database(path, 300)
    return path


@pytest.fixture(scope="session")
def running_office(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give an office whose server all tests of this process share."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copyfile(sample, folder / "office.sqlite")
    with office(folder, str(folder / "office.sqlite")) as one:
        yield one


@pytest.fixture
def shared_office(running_office: Office, tmp_path: Path) -> Iterator[Office]:
    """Give a machine of this test's own at the shared server: joe is signed in, nothing is open yet."""
    machine = replace(running_office, folder=tmp_path, closing=ExitStack())
    with machine.closing:
        machine.sign_in()
        yield machine


@pytest.fixture
def own_office(sample: Path, tmp_path: Path) -> Iterator[Office]:
    """Give an office with a server of this test's own, to be killed."""
    shutil.copyfile(sample, tmp_path / "office.sqlite")
    with office(tmp_path, str(tmp_path / "office.sqlite")) as one:
        yield one

"""Fixtures of the wire tests."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.wire.pty_terminal import PtyTerminal, terminal_environment

PROJECT = Path(__file__).parents[2]


class Desk(PtyTerminal):
    """The small desk of tests/wire/apps on a pty, and the journal of what it was told."""

    def __init__(self, journal: Path, *, driver: str = "keeptabs", columns: int = 80, rows: int = 24) -> None:
        self._journal = journal
        super().__init__(
            [sys.executable, "-m", "tests.wire.apps.desk", driver],
            columns=columns,
            rows=rows,
            environment=terminal_environment(
                KEEPTABS_TEST_JOURNAL=str(journal), XDG_STATE_HOME=f"{journal}-state"
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

"""What the terminal is sent for what people do, held to budgets at 80x24: bytes are exact, times are not."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wire.office import Office, office
from tests.wire.pty_terminal import PtyTerminal


@pytest.fixture(scope="module")
def quiet_office(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give an office in which nothing happens but what these tests do: bytes depend on what is shown."""
    folder = tmp_path_factory.mktemp("quiet")
    shutil.copyfile(sample, folder / "office.sqlite")
    with office(folder, str(folder / "office.sqlite")) as one:
        one.new_customer(given_name="Miles", family_name="Quexley", status="active")
        yield one


@pytest.fixture
def terminal(quiet_office: Office) -> Iterator[PtyTerminal]:
    with quiet_office.open() as opened:
        opened.wait_for(" customers")
        opened.wait_quiet(0.6)
        yield opened
        assert opened.process.poll() is None


def cost(terminal: PtyTerminal, *keys: str) -> int:
    """Press keys and give the bytes written until it is quiet."""
    before = terminal.byte_count
    terminal.press(*keys)
    terminal.wait_quiet(0.4)
    return terminal.byte_count - before


def test_from_exec_to_the_list(terminal: PtyTerminal) -> None:
    assert terminal.byte_count <= 2_600


def test_moving_in_the_list(terminal: PtyTerminal) -> None:
    assert min(cost(terminal, "down") for _ in range(3)) <= 40
    assert cost(terminal, "page_down") <= 2_000


def test_a_box_over_the_list(terminal: PtyTerminal) -> None:
    assert cost(terminal, "ctrl+p") <= 800
    assert cost(terminal, "escape") <= 900
    assert cost(terminal, "?") <= 800
    assert cost(terminal, "escape") <= 900
    assert cost(terminal, "ctrl+n") <= 600
    assert cost(terminal, "escape") <= 900
    assert cost(terminal, "ctrl+f") <= 800
    assert cost(terminal, "escape") <= 900


def test_a_profile(terminal: PtyTerminal) -> None:
    terminal.type("quexl")
    terminal.wait_for("Miles Quexley")
    terminal.wait_quiet(0.4)
    # A letter and its mark in the one row that it finds.
    assert max(cost(terminal, letter) for letter in "ey") <= 16
    assert cost(terminal, "enter") <= 1_100
    cost(terminal, "2")
    assert cost(terminal, "1") <= 700
    cost(terminal, "2")
    cost(terminal, "e")
    assert min(cost(terminal, letter) for letter in "xyz") <= 8
    assert cost(terminal) == 0


def test_the_way_out_draws_the_same_with_textuals_own_driver(
    quiet_office: Office,
) -> None:
    stock = quiet_office.open("--driver", "stock")
    stock.wait_for(" customers")
    stock.type("quexley")
    stock.wait_for("Miles Quexley")
    ours = quiet_office.open()
    ours.type("quexley")
    ours.wait_for("Miles Quexley")
    ours.wait_quiet(0.5)
    assert ours.lines[2:] == stock.lines[2:]
    assert ours.byte_count * 5 < stock.byte_count
    stock.press("f8")
    assert stock.wait_exit() == 0
    assert stock.attributes == stock.attributes_at_start


@pytest.mark.feature("F11.4")
def test_what_went_over_the_link_costs_nothing_until_it_is_asked_for(terminal: PtyTerminal) -> None:
    terminal.wait_for(" customers")
    terminal.press("\x1b[20~")
    terminal.wait_for("Commands")
    terminal.type("how the link")
    terminal.wait_quiet(0.4)
    before = terminal.byte_count
    terminal.press("enter")
    terminal.wait_for("with TLS, TCP and IP")
    terminal.wait_quiet(0.4)
    opened = terminal.byte_count
    time.sleep(2)
    assert terminal.byte_count == opened, "it does not tick"
    terminal.press("escape")
    terminal.wait_quiet(0.4)
    print(opened - before, terminal.byte_count - opened)
    assert opened - before <= 900
    assert terminal.byte_count - opened <= 900

"""Over a link of 600 ms, keys typed ahead still end where they were meant to."""

import time

import pytest

from tests.wire.office import Office
from tests.wire.proxy import CountingProxy

ONE_WAY = 0.3
"""Seconds."""


@pytest.mark.feature("F1.2")
def test_a_whole_job_typed_at_once_is_done_over_a_slow_link(shared_office: Office) -> None:
    shared_office.new_customer(given_name="Ottilie", family_name="Slowlink")
    with CountingProxy(shared_office.url, delay=ONE_WAY) as proxy:
        shared_office.sign_in(proxy.url)
        terminal = shared_office.open("--server", proxy.url)
        terminal.wait_for("Starting")
        terminal.type("slowlink\r2e\x15Ottilie Quick\r\x1bOQ")
        terminal.wait_for("Saved", 30)
        assert shared_office.find("slowlink")["display_name"] == "Ottilie Quick"


@pytest.mark.feature("F1.2")
def test_an_escape_at_the_end_of_what_is_typed_at_once_leaves_what_that_opened(shared_office: Office) -> None:
    shared_office.new_customer(given_name="Ottilie", family_name="Labelled")
    with CountingProxy(shared_office.url, delay=ONE_WAY) as proxy:
        shared_office.sign_in(proxy.url)
        terminal = shared_office.open("--server", proxy.url)
        terminal.wait_for(" customers", 30)
        terminal.type("labelled\rlgarden\r\x1b")
        terminal.wait_for("Saved", 30)
        assert shared_office.find("labelled")["labels"] == ["garden"]


def test_escape_gives_up_a_customer_who_is_still_on_the_way(shared_office: Office) -> None:
    with CountingProxy(shared_office.url, delay=4 * ONE_WAY) as proxy:
        shared_office.sign_in(proxy.url)
        terminal = shared_office.open("--server", proxy.url)
        terminal.wait_for(" customers", 30)
        terminal.type("smi\r")
        terminal.wait_for("Opens as soon as")
        terminal.press("escape")
        terminal.wait_for("Not opened", ONE_WAY * 3)
        time.sleep(8 * ONE_WAY)
        terminal.type("x")
        terminal.wait_for("Find > smix")


def _looked_for(office: Office, frugal: str) -> tuple[int, int, str]:
    """Type a name as people do, step down, open the fifth: give requests, bytes, and the profile's name."""
    folder = office.folder / "xdg_config_home" / "keeptabs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(f'frugal = "{frugal}"\n')
    with CountingProxy(office.url, delay=0.33) as proxy:
        office.sign_in(proxy.url)
        terminal = office.open("--server", proxy.url, columns=140, rows=50)
        terminal.wait_for(" customers", 30)
        terminal.wait_quiet(2.5)
        proxy.reset()
        for letter in "smi":
            terminal.type(letter)
            time.sleep(0.15)
        terminal.wait_for(lambda: " of " in terminal.lines[1], 30)
        assert ("frugal" in terminal.lines[0]) == (frugal != "off")
        for _ in range(4):
            terminal.press("down")
            time.sleep(0.5)
        terminal.wait_quiet(1.5)
        terminal.press("enter")
        terminal.wait_for("2 Contact", 30)
        terminal.wait_quiet(3.0)
        spent = proxy.requests, proxy.up + proxy.down, terminal.lines[0].split("  ")[0]
        terminal.press("f8")
        terminal.wait_exit()
        return spent


@pytest.mark.feature("F11.5")
def test_on_a_slow_link_the_same_job_takes_fewer_requests_and_bytes(shared_office: Office) -> None:
    usual, frugal = _looked_for(shared_office, "off"), _looked_for(shared_office, "auto")
    print(usual, frugal)
    assert frugal[2] == usual[2], "the same customer is found and opened"
    assert frugal[0] <= usual[0] - 4
    assert frugal[1] <= 0.6 * usual[1]


@pytest.mark.feature("F11.5")
def test_once_the_link_is_quick_again_use_is_as_usual(shared_office: Office) -> None:
    with CountingProxy(shared_office.url, delay=0.33) as proxy:
        shared_office.sign_in(proxy.url)
        terminal = shared_office.open("--server", proxy.url)
        terminal.wait_for(" customers", 30)
        terminal.wait_quiet(2.0)
        terminal.type("a")
        terminal.wait_for(lambda: "frugal" in terminal.lines[0], 15)
        proxy.slow_down(0.0)
        for letter in "bcdefg":
            terminal.press("backspace", letter)
            time.sleep(0.8)
        terminal.wait_for(lambda: "frugal" not in terminal.lines[0] and "online" in terminal.lines[0])

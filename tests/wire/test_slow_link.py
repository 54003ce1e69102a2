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

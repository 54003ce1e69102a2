"""When a link is to be spared: found out slowly enough not to flap, or said."""

import pytest

from client.meter import Exchange, LinkMeter

pytestmark = pytest.mark.feature("F11.5")


def took(meter: LinkMeter, *seconds: float, bytes_up: int = 300) -> list[bool]:
    """Record answered exchanges, and give after each whether the link is spared."""
    found = []
    for one in seconds:
        meter.record(Exchange("GET", "/", 200, one, bytes_up, 900, reached=True))
        found.append(meter.frugal)
    return found


def test_two_slow_round_trips_in_a_row_and_then_five_quick_ones_turn_it() -> None:
    meter = LinkMeter()
    assert took(meter, 0.7, 0.7, 0.1, 0.1, 0.1, 0.1, 0.1) == [False, True, True, True, True, True, False]
    assert took(meter, 0.7, 0.7) == [False, True]


def test_it_does_not_flap() -> None:
    meter = LinkMeter()
    assert took(meter, *(9.0, 0.1) * 20) == [False] * 40, "one slow answer now and then is a busy server"
    assert took(meter, 0.7, 0.7)[-1]
    assert all(took(meter, *(0.1, 0.1, 0.1, 0.1, 0.5) * 8)), "nor does a quick one now and then make it quick"
    assert all(took(LinkMeter("on"), 0.01, 0.01, 0.01, 0.01, 0.01, 0.01))


def test_an_upload_says_nothing_of_a_round_trip() -> None:
    assert took(LinkMeter(), *(8.0,) * 10, bytes_up=1_000_000) == [False] * 10


def test_a_link_that_is_down_says_nothing_either() -> None:
    meter = LinkMeter()
    for _ in range(5):
        meter.record(Exchange("GET", "/", 0, 20.0, 300, 0, reached=False))
    assert not meter.frugal
    assert not meter.has_room


def test_what_was_said_counts_whatever_the_link_does() -> None:
    always, never = LinkMeter("on"), LinkMeter("off")
    assert (always.frugal, always.has_room) == (True, False)
    assert took(never, *(5.0,) * 10) == [False] * 10
    assert never.has_room
    slow = LinkMeter()
    took(slow, 0.7)
    assert not slow.has_room, "nothing is fetched ahead from the first slow round trip on"

"""Keys that come before the answer they are meant for."""

from tui.services.ahead import Ahead


def test_moves_wait_for_their_rows_and_come_before_the_opening() -> None:
    ahead, done = Ahead(), list[str]()
    ahead.step(lambda: done.append("down"), now=False)
    ahead.open("old row")
    assert done == []
    assert ahead.arrived(lambda: "second row")
    assert done == ["down"]
    assert not ahead.arrived(lambda: "second row"), "one Enter opens once"


def test_a_customer_that_was_moved_to_is_opened_or_nobody_is() -> None:
    ahead = Ahead()
    ahead.step(lambda: None, now=True)
    ahead.open("Joanna")
    assert ahead.arrived(lambda: "Joanna")
    ahead.open("Joanna")
    assert not ahead.arrived(lambda: "Ray")


def test_after_starting_over_nothing_waits() -> None:
    ahead, done = Ahead(), list[str]()
    ahead.step(lambda: done.append("down"), now=False)
    ahead.open("row")
    ahead.start_over()
    assert not ahead.arrived(lambda: "row")
    assert (done, ahead.moved, ahead.opens) == ([], False, False)

"""Whether and when a request is sent again."""

import pytest

from client.retry import ATTEMPTS, LONGEST_WAIT, Outcome, wait_before_retry

PASSING: list[Outcome] = ["lost", "timed_out", "running", 429, 502, 503, 504]
LASTING: list[Outcome] = [400, 401, 403, 404, 409, 412, 422, 500, 501]


@pytest.mark.parametrize("outcome", PASSING)
def test_what_may_pass_is_asked_again_where_twice_is_once(outcome: Outcome) -> None:
    assert wait_before_retry(1, "GET", outcome) is not None
    assert wait_before_retry(1, "POST", outcome, idempotent=True) is not None
    assert wait_before_retry(1, "POST", outcome) is None


@pytest.mark.parametrize("outcome", LASTING)
def test_what_will_not_pass_is_not_asked_again(outcome: Outcome) -> None:
    assert wait_before_retry(1, "GET", outcome, idempotent=True) is None


@pytest.mark.parametrize("outcome", [*PASSING, "refused", "unreachable"])
def test_nothing_is_asked_for_ever(outcome: Outcome) -> None:
    assert wait_before_retry(ATTEMPTS, "GET", outcome, idempotent=True) is None


def test_where_nothing_was_sent_any_method_tries_once_more_but_not_after_a_long_wait() -> None:
    assert wait_before_retry(1, "POST", "refused") is not None
    assert wait_before_retry(2, "POST", "refused") is None
    assert wait_before_retry(1, "POST", "unreachable") is None


def test_the_servers_own_word_is_obeyed_but_nobody_waits_long_for_it() -> None:
    assert wait_before_retry(1, "GET", 429, retry_after=3.5) == 3.5
    assert wait_before_retry(1, "GET", 503, retry_after=LONGEST_WAIT + 1) is None
    assert wait_before_retry(1, "GET", 503, retry_after=-5) == 0


def test_waits_grow_and_are_spread() -> None:
    waits = [wait_before_retry(attempt, "GET", 503) or 0 for attempt in (1, 2, 3)]
    assert waits == sorted(waits)
    assert waits[2] > 4 * waits[0]
    assert wait_before_retry(1, "GET", 503, jitter=0.0) != wait_before_retry(1, "GET", 503, jitter=1.0)
    longest = sum(wait_before_retry(attempt, "GET", 503, jitter=1.0) or 0 for attempt in range(1, ATTEMPTS))
    assert longest < LONGEST_WAIT

"""How long nothing was typed is told by one timer that typing does not touch."""

import asyncio

import pytest

from tui.services.idle import Idle


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.feature("F12.2")
async def test_it_is_over_so_long_after_the_last_key_and_told_once() -> None:
    told: list[float] = []
    loop = asyncio.get_running_loop()
    idle = Idle(0.2, lambda: told.append(loop.time()), loop.time)
    began = loop.time()
    idle.start()
    await asyncio.sleep(0.12)
    assert idle.used()
    await asyncio.sleep(0.12)
    assert not told, "a key came meanwhile"
    await asyncio.sleep(0.3)
    assert len(told) == 1
    assert told[0] - began >= 0.32


async def test_keys_make_no_timers() -> None:
    loop = asyncio.get_running_loop()
    made: list[float] = []
    later = loop.call_later
    loop.call_later = lambda seconds, *rest, **named: made.append(seconds) or later(seconds, *rest, **named)  # type: ignore[method-assign, func-returns-value]
    idle = Idle(60, lambda: None)
    idle.start()
    for _ in range(1000):
        assert idle.used()
    idle.stop()
    assert made == [60]


async def test_a_key_after_a_sleep_of_the_machine_comes_too_late() -> None:
    clock = Clock()
    idle = Idle(900, lambda: None, clock)
    idle.start()
    clock.now += 899
    assert idle.used()
    clock.now += 901
    assert idle.is_over
    assert not idle.used()
    assert not idle.used(), "nor does a second one begin anew"
    idle.start()
    assert idle.used()
    idle.stop()


async def test_never_is_never() -> None:
    clock = Clock()
    idle = Idle(0, lambda: pytest.fail("over"), clock)
    idle.start()
    clock.now += 1e9
    assert idle.used()
    await asyncio.sleep(0.05)

"""What the application asks of its driver, and what happens where that is not ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from textual.app import App

from tui.terminal.driver import KeeptabsDriver


def redraw(app: App[Any]) -> None:
    """Write every cell of `app` again, should something else have written to its terminal."""
    driver = app._driver
    if isinstance(driver, KeeptabsDriver):
        driver.redraw()
    else:
        app.refresh(layout=True)


def conceal(app: App[Any], *, forget_keys: bool) -> None:
    """Take everything off the terminal at once, however long the next screen takes to be drawn.

    With `forget_keys` those that wait for what was on the screen reach nothing.
    """
    driver = app._driver
    if isinstance(driver, KeeptabsDriver):
        driver._grid = driver._new_grid()
        driver._schedule_flush()
        if forget_keys:
            driver._keys.stop()


async def typed_ahead_done(app: App[Any]) -> None:
    """Wait until keys that came while the application was loaded have taken effect: they go first."""
    driver = app._driver
    if isinstance(driver, KeeptabsDriver):
        await driver._keys.calm()


@contextmanager
def keys_held(app: App[Any]) -> Iterator[None]:
    """Hold keys back while what a box shows is on its way: what is typed ahead is meant for the box."""
    driver = app._driver
    if isinstance(driver, KeeptabsDriver):
        with driver._keys.held():
            yield
    else:
        yield

"""What the application asks of its driver, and what happens where that is not ours."""

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


async def typed_ahead_done(app: App[Any]) -> None:
    """Wait until keys that came while the application was loaded have taken effect: they go first."""
    driver = app._driver
    if isinstance(driver, KeeptabsDriver):
        await driver._keys.calm()

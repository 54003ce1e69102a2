"""The switcher: customers that are open at once."""

from typing import TYPE_CHECKING

from tui.screens.base import AppScreen
from tui.screens.pick import Option, PickScreen

if TYPE_CHECKING:
    from tui.app import KeeptabsApp


def open_switcher(app: "KeeptabsApp") -> None:
    """Offer the open customers, the last opened first, and bring the one taken to the front."""
    profiles = app.desk.open_profiles
    options = [
        Option(customer_id, profile.name_for_switcher, "unsaved" if profile.has_unsaved else "")
        for customer_id, profile in reversed(profiles.items())
        if profile is not app.screen
    ]
    if not options:
        if isinstance(app.screen, AppScreen):
            app.screen.say("No other customer is open." if profiles else "No customer is open.")
        return

    def switch(taken: list[str] | None) -> None:
        if taken:
            app.open_customer(taken[0])

    app.push_screen(PickScreen("Open customers", options), switch)

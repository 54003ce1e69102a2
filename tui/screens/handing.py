"""Handing a link to a program of the person's desktop."""

import webbrowser

from textual import work

from tui.screens.base import AppScreen


class HandsOver(AppScreen[None]):
    """A screen with links that another program takes."""

    @work(thread=True, exclusive=True, group="reach")
    def hand_over(self, link: str, text: str) -> None:
        """Open a link in the program that this machine has for it; where there is none, copy the text."""
        if self.keeptabs.desk.has_desktop and webbrowser.open(link):
            self.app.call_from_thread(self.say, f"Handed over: {link}")
        else:
            # Over SSH no program of the person's own desktop can be started.
            self.app.call_from_thread(self.app.copy_to_clipboard, text)

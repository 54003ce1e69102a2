"""An application with the real style sheet and themes, and nothing else, for tests of one widget or box."""

from typing import TypeVar

from textual.app import App

from tui.theming.files import find_themes
from tui.theming.for_textual import as_textual

Result = TypeVar("Result")


class BareApp(App[Result]):
    """Looks like Keeptabs and does nothing."""

    CSS_PATH = "../../tui/app.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__()
        for theme in find_themes().themes.values():
            self.register_theme(as_textual(theme))
        self.theme = "dark"

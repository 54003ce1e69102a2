"""Choosing a theme: each is shown live while the marker stands on it."""

import os
from typing import TYPE_CHECKING

from tui.screens.pick import Option, PickScreen
from tui.theming.choice import ChosenTheme

if TYPE_CHECKING:
    from tui.app import KeeptabsApp


def choose_theme(app: "KeeptabsApp") -> None:
    """Offer every theme; Enter keeps the one that is shown, Esc brings the former one back."""
    before = app.theme
    options = [
        Option(name, theme.title, "" if theme.origin == "shipped" else theme.origin)
        for name, theme in sorted(app.themes.themes.items(), key=lambda item: item[1].title)
        if not os.environ.get("NO_COLOR") or theme.ansi
    ]

    def show(name: str) -> None:
        app.theme = name

    def chosen(taken: list[str] | None) -> None:
        app.theme = taken[0] if taken else before
        if taken:
            ChosenTheme(app.desk.root).save(taken[0])

    app.push_screen(PickScreen("Themes", options, marked=before, on_marked=show), chosen)

"""The palette: every command that works now, by name."""

from typing import TYPE_CHECKING

from tui.commands import Command, CommandHost, available_commands
from tui.screens.pick import Option, PickScreen
from tui.widgets.footer import key_name, keys_of

if TYPE_CHECKING:
    from tui.app import KeeptabsApp


def open_palette(app: "KeeptabsApp") -> None:
    """Offer the commands of the screen in front; the one taken is done there."""
    offered: dict[str, tuple[type[Command], CommandHost]] = {
        command.name(): (command, host)
        for command, host in available_commands(app.screen)
        if command.in_palette
    }
    options = [
        Option(name, command.title(), " ".join(key_name(key) for key in keys_of(app, command)[:1]))
        for name, (command, _) in offered.items()
    ]

    async def do(taken: list[str] | None) -> None:
        if taken:
            await offered[taken[0]][1].action_command(taken[0])

    app.push_screen(PickScreen("Commands", options), do)

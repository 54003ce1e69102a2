"""The palette: every command that works now, by name."""

from typing import TYPE_CHECKING

from tui.commands import Command, CommandHost, available_commands, other_commands
from tui.screens.base import AppScreen
from tui.screens.pick import Option, PickScreen
from tui.widgets.footer import key_name, keys_of

if TYPE_CHECKING:
    from tui.app import KeeptabsApp


def open_palette(app: "KeeptabsApp") -> None:
    """Offer the commands of the screen in front, those that work now first; the one taken is done there."""
    offered: dict[str, tuple[type[Command], CommandHost]] = {
        command.name(): (command, host)
        for command, host in available_commands(app.screen)
        if command.in_palette
    }
    options = [
        Option(
            name,
            command.title(),
            " ".join(key_name(key) for key in keys_of(app, command)[:1]),
            also=name.replace("_", " "),
        )
        for name, (command, _) in offered.items()
    ]

    not_now = [
        Option(command.name(), command.title(), "not now", "muted", command.name().replace("_", " "))
        for command in other_commands(app.screen)
        if command.in_palette
    ]

    async def do(taken: list[str] | None) -> None:
        if taken and taken[0] not in offered:
            if isinstance(app.screen, AppScreen):
                app.screen.say("That does not work here at the moment.", "warn")
        elif taken:
            await offered[taken[0]][1].action_command(taken[0])

    app.push_screen(PickScreen("Commands", [*options, *not_now]), do)

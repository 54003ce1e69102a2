"""Everything a person can do, one class each."""

from tui.commands.command import Command, CommandHost, available_commands, other_commands

__all__ = ["Command", "CommandHost", "available_commands", "other_commands"]

"""The lists that a business keeps for its customers, each on a screen of its own."""

from tui.commands.command import Command


class ManageLabels(Command):
    """Manage labels."""


class ManageCustomFields(Command):
    """Manage additional fields of customers."""


class ManageBranches(Command):
    """Manage branches."""


class ManagePartners(Command):
    """Manage partners."""


class ManageLocations(Command):
    """Manage locations."""


class ManageServices(Command):
    """Manage services."""

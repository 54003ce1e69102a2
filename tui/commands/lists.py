"""The lists that a business keeps for its customers, each on a screen of its own."""

from tui.commands.command import Command


class ManageLabels(Command):
    """Manage labels."""

    permission = "labels:write"


class ManageCustomFields(Command):
    """Manage additional fields of customers."""

    permission = "custom-fields:write"


class ManageBranches(Command):
    """Manage branches."""

    permission = "branches:write"


class ManagePartners(Command):
    """Manage partners."""

    permission = "partners:write"


class ManageLocations(Command):
    """Manage locations."""

    permission = "locations:write"


class ManageServices(Command):
    """Manage services."""

    permission = "services:write"


class ManagePlans(Command):
    """Manage plans of memberships."""

    permission = "plans:write"


class ManageFormTemplates(Command):
    """Manage forms that customers are given."""

    permission = "form-templates:write"


class ManageTaxRates(Command):
    """Manage rates of sales tax."""

    permission = "tax-rates:write"


class ManageStaff(Command):
    """Manage colleagues and their sign-ins."""

    permission = "staff:write"


MANAGING = (
    ManageLabels,
    ManageCustomFields,
    ManageBranches,
    ManagePartners,
    ManageLocations,
    ManageServices,
    ManagePlans,
    ManageFormTemplates,
    ManageStaff,
    ManageTaxRates,
)
"""Each shows the list in `tui.tabs.reference_lists` that it is named after."""

"""What can be done to several customers of a list at once, and to reports."""

from tui.commands.command import Command


class MarkCustomer(Command):
    """Mark the customer for work on several."""

    keys = "ctrl+s,space,f11"
    footer = "mark"
    permission = "customers:write"


class MarkAll(Command):
    """Mark all customers found, or take all marks off."""

    keys = "asterisk"
    permission = "customers:write"


class WorkOnMarked(Command):
    """Do something with the marked customers: labels, archive."""

    keys = "f2"
    footer = "do"
    urgent = True
    permission = "customers:write"


class ShowReports(Command):
    """Show the reports: customers found by conditions."""

    keys = "f10"
    permission = "reports:read"
    feature = "reports"

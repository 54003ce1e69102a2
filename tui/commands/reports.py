"""What can be done with reports."""

from tui.commands.command import Command


class LeaveReports(Command):
    """Go back."""

    keys = "escape"
    footer = "back"


class OpenReport(Command):
    """Show the customers whom the report finds."""

    keys = "enter"
    footer = "show"


class NewReport(Command):
    """Make a new report."""

    keys = "a"
    footer = "new"


class EditReport(Command):
    """Change the conditions of the report."""

    keys = "e"
    footer = "conditions"


class RemoveReport(Command):
    """Remove the report."""

    keys = "d"
    footer = "remove"
    permission = "reports:delete"


class LeaveBuilder(Command):
    """Go back; conditions that are not saved are kept as a draft."""

    keys = "escape"
    footer = "back"


class AddCondition(Command):
    """Add a condition."""

    keys = "a"
    footer = "add"


class EditCondition(Command):
    """Change the condition."""

    keys = "e,enter"


class RemoveCondition(Command):
    """Take the condition out."""

    keys = "d"
    footer = "remove"


class SaveReport(Command):
    """Save the report under a name, for oneself or shared."""

    keys = "s,ctrl+s,f2"
    footer = "save"
    permission = "reports:write"


class ShowFound(Command):
    """Show the customers that are found."""

    keys = "o"
    footer = "show"


class DropDraft(Command):
    """Begin again from what is saved."""

    keys = "x"


class SortReport(Command):
    """Sort by a column."""

    keys = "s,f7"
    footer = "sort"


class MarketReport(Command):
    """Make a marketing list of those found, without who said no."""

    keys = "m,ctrl+g"
    footer = "marketing"
    permission = "consents:read"


class ExportReport(Command):
    """Export those found as a table, as cards or for programs."""

    keys = "x"
    footer = "export"
    permission = "customers:export"

"""What can be done on the list of customers."""

from tui.commands.command import Command


class OpenCustomer(Command):
    """Open the marked customer."""

    keys = "enter"
    footer = "open"


class ClearSearch(Command):
    """Clear the search, then the filters."""

    keys = "escape"
    footer = "clear"


class NewCustomer(Command):
    """Add a new customer."""

    keys = "ctrl+n,f4"
    footer = "new"
    permission = "customers:write"


class FilterCustomers(Command):
    """Filter by status, label, branch and more."""

    keys = "ctrl+f,f3"
    footer = "filter"


class SortCustomers(Command):
    """Sort by a column."""

    keys = "f7,ctrl+o"
    footer = "sort"


class MarketingList(Command):
    """Make a marketing list of those shown, without who said no."""

    keys = "ctrl+g,f12"
    permission = "customers:read"


class ExportCustomers(Command):
    """Export those shown as a table, as cards or for programs."""

    permission = "customers:export"


class FindDuplicates(Command):
    """Find customers who are likely the same person."""

    permission = "customers:read"
    feature = "merging"


class ImportCustomers(Command):
    """Import customers from a table."""

    permission = "imports:write"
    feature = "imports"


class ShowRecents(Command):
    """Show recent and pinned customers alone, or all again."""

    keys = "ctrl+r,f5"
    footer = "recent"


class PinCustomer(Command):
    """Pin the marked customer to the top, or unpin."""

    keys = "ctrl+t,insert"
    footer = "pin"


class FirstCustomer(Command):
    """Go to the top of the list."""

    keys = "ctrl+home"


class LastCustomer(Command):
    """Go to the end of what has been fetched."""

    keys = "ctrl+end"

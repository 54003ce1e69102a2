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
    """Make a marketing list of those shown."""

    keys = "ctrl+g,f12"
    permission = "customers:read"


class ExportCustomers(Command):
    """Export those shown to a file."""

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
    """Show recent and pinned customers, or all."""

    keys = "ctrl+r,f5"
    footer = "recent"


class PinCustomer(Command):
    """Pin or unpin the marked customer."""

    keys = "ctrl+t,insert"
    footer = "pin"


class FirstCustomer(Command):
    """Go to the top of the list."""

    keys = "ctrl+home"


class LastCustomer(Command):
    """Go to the end of what was fetched."""

    keys = "ctrl+end"

"""What can be done on the map of an address."""

from tui.commands.command import Command


class ZoomIn(Command):
    """Show less, and larger."""

    keys = "plus,equals_sign"
    footer = "closer"


class ZoomOut(Command):
    """Show more, and smaller."""

    keys = "minus"
    footer = "farther"


class ShowTown(Command):
    """Show the town around the address."""

    keys = "t"
    footer = "town"


class ShowCountry(Command):
    """Show the country."""

    keys = "c"
    footer = "country"


class ShowWorld(Command):
    """Show the whole world."""

    keys = "w"
    footer = "world"


class BackToAddress(Command):
    """Go back to the address and to where the map began."""

    keys = "0,home"
    footer = "address"


class PanLeft(Command):
    """Move the map to the west."""

    keys = "left"
    in_palette = False


class PanRight(Command):
    """Move the map to the east."""

    keys = "right"
    in_palette = False


class PanUp(Command):
    """Move the map to the north."""

    keys = "up"
    in_palette = False


class PanDown(Command):
    """Move the map to the south."""

    keys = "down"
    in_palette = False


class OpenWebMap(Command):
    """Open the place on OpenStreetMap, where this machine has a desktop; else copy the link."""

    keys = "o"
    footer = "web map"


class CopyMapLink(Command):
    """Copy the link to the place on OpenStreetMap."""

    keys = "y"


class LeaveMap(Command):
    """Go back to the customer."""

    keys = "escape,q,M"
    footer = "back"
    in_palette = False


MAP = (
    LeaveMap,
    ZoomIn,
    ZoomOut,
    ShowTown,
    ShowCountry,
    ShowWorld,
    BackToAddress,
    OpenWebMap,
    CopyMapLink,
    PanLeft,
    PanRight,
    PanUp,
    PanDown,
)
"""What a map offers."""

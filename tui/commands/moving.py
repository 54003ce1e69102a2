"""Moving over the rows of any list."""

from tui.commands.command import Command


class Previous(Command):
    """Move up."""

    keys = "up"
    in_palette = False


class Next(Command):
    """Move down."""

    keys = "down"
    in_palette = False


class PageBack(Command):
    """Move up a page."""

    keys = "pageup"
    in_palette = False


class PageForward(Command):
    """Move down a page."""

    keys = "pagedown"
    in_palette = False


class First(Command):
    """Go to the first row."""

    keys = "home"
    in_palette = False


class Last(Command):
    """Go to the last row."""

    keys = "end"
    in_palette = False


class Choose(Command):
    """Open or choose the marked row."""

    keys = "enter"
    in_palette = False


class JumpTo(Command):
    """Jump to a row by its letter."""

    keys = "apostrophe"


class JumpFromBox(Command):
    """Jump to a row by its letter, from the text box."""

    keys = "ctrl+y"


MOVING = (Previous, Next, PageBack, PageForward, First, Last, Choose, JumpTo)
"""What every list offers."""

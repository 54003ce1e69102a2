"""What can be done on every screen."""

from tui.commands.command import Command


class ShowHelp(Command):
    """Show the keys that work here."""

    keys = "question_mark,f1"
    footer = "keys"


class OpenPalette(Command):
    """Find a command by name."""

    keys = "ctrl+p,f9"
    in_palette = False


class SwitchCustomer(Command):
    """Switch between open customers."""

    keys = "f6"


class Redraw(Command):
    """Draw the screen anew."""

    keys = "ctrl+l"


class ShowUnsent(Command):
    """Show edits that wait for the link."""


class ChooseTheme(Command):
    """Choose a theme."""


class HowTheLinkIs(Command):
    """Show how the link is, and what went over it."""


class LockTheScreen(Command):
    """Lock the screen."""


class SignOut(Command):
    """Sign out on this machine."""


class Suspend(Command):
    """Go to the shell; fg comes back."""

    keys = "ctrl+z"


class Quit(Command):
    """Leave Keeptabs."""

    keys = "ctrl+q,f8"

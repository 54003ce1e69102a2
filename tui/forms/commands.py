"""What can be done on a page of fields and while one is typed in."""

from tui.commands import Command


class Edit(Command):
    """Edit the marked field."""

    keys = "e"
    footer = "edit"


class Add(Command):
    """Add an item to the marked list."""

    keys = "a,insert"
    footer = "add"


class Remove(Command):
    """Remove the marked item."""

    keys = "d,delete"
    footer = "remove"


class MakePrimary(Command):
    """Make the marked item the primary one."""

    keys = "p"
    footer = "primary"


class Switch(Command):
    """Go to the next value of a choice, or switch between yes and no."""

    keys = "space"
    footer = "change"


class CopyField(Command):
    """Copy the marked field."""

    keys = "y"
    footer = "copy"


class RevertField(Command):
    """Bring the saved value of the marked field back."""

    keys = "u,backspace"
    footer = "undo"


class FieldHistory(Command):
    """Show who changed the marked field, and when."""

    keys = "h"


class NextField(Command):
    """Keep what is typed and go to the next field."""

    keys = "tab"
    footer = "next"
    in_palette = False


class PreviousField(Command):
    """Keep what is typed and go to the field before."""

    keys = "shift+tab"
    in_palette = False


class FieldBelow(Command):
    """Keep what is typed and go to the field below."""

    keys = "down"
    in_palette = False


class FieldAbove(Command):
    """Keep what is typed and go to the field above."""

    keys = "up"
    in_palette = False


class Accept(Command):
    """Keep what is typed and go on."""

    keys = "enter"
    footer = "keep"
    in_palette = False


class ShowSecret(Command):
    """Show the password that is typed, or hide it again."""

    keys = "f4"
    footer = "show"
    in_palette = False


class LeaveField(Command):
    """Stop typing; what is typed stays."""

    keys = "escape"
    footer = "stop"
    in_palette = False


class SubmitForm(Command):
    """Save what the form says."""

    keys = "f2,ctrl+s"
    footer = "save"


class TakeForm(Command):
    """Take what the form says over into the page below, to be saved with the rest."""

    keys = "f2,ctrl+s"
    footer = "done"


class CloseForm(Command):
    """Close the form; what is typed is kept."""

    keys = "escape"
    footer = "close"

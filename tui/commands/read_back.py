"""What can be done while something is read back to a caller."""

from tui.commands.command import Command


class LeaveReadBack(Command):
    """Close the read-back."""

    keys = "escape,q,r,R,enter"
    in_palette = False


class NextToSpell(Command):
    """Spell the next: name, e-mail, postcode, number, phone."""

    keys = "tab,right,space"


class PreviousToSpell(Command):
    """Spell the one before."""

    keys = "shift+tab,left"


class SwitchAlphabet(Command):
    """Spell with the alphabet of the next language."""

    keys = "l"

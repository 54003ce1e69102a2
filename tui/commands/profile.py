"""What can be done in a customer's profile."""

from tui.commands.command import Command


class SaveChanges(Command):
    """Save what was changed."""

    keys = "f2,ctrl+s"
    footer = "save"
    urgent = True
    permission = "customers:write"


class UndoChange(Command):
    """Undo the last change."""

    keys = "u"
    footer = "undo"
    permission = "customers:write"


class WriteNote(Command):
    """Write a note on this customer."""

    keys = "n"
    footer = "note"
    permission = "notes:write"


class WriteMessage(Command):
    """Write an e-mail to this customer."""

    keys = "m"
    footer = "message"
    permission = "messages:write"


class TellCustomer(Command):
    """E-mail the customer what is saved next, or not."""

    keys = "E"
    permission = "customers:write"
    feature = "messages"


class SendConfirmation(Command):
    """Send the e-mail by which the customer confirms the portal account."""

    permission = "portal-account:write"
    feature = "portal_account"


class SetStatus(Command):
    """Set the status."""

    keys = "s"
    permission = "customers:write"


class SetAccess(Command):
    """Set what the customer may book."""

    keys = "b"
    permission = "customers:write"


class PutLabels(Command):
    """Put labels on this customer or take them off."""

    keys = "l"
    footer = "labels"
    permission = "customers:write"


class SetWeight(Command):
    """Note the weight."""

    keys = "W"
    permission = "customers:write"


class ForgetWeight(Command):
    """Take the weight away."""

    permission = "customers:write"


class Warn(Command):
    """Warn colleagues of something, or clear a warning."""

    keys = "exclamation_mark"
    permission = "customers:write"


class SetPrivilege(Command):
    """Make this customer staff or admin, or neither."""

    permission = "staff:write"


class GoToTab(Command):
    """Go to the tab of that number."""

    keys = "1,2,3,4,5,6,7,8,9,0"
    takes_key = True
    in_palette = False


class NextTab(Command):
    """Go to the next tab."""

    keys = "right_square_bracket,ctrl+right"
    in_palette = False


class PreviousTab(Command):
    """Go to the tab before."""

    keys = "left_square_bracket,ctrl+left"
    in_palette = False


class SearchAgain(Command):
    """Find another customer."""

    keys = "slash"
    footer = "find"


class Reload(Command):
    """Fetch this customer anew."""

    keys = "f5"


class PinThisCustomer(Command):
    """Pin this customer to the top of the list, or unpin."""

    keys = "asterisk"


class CopyWhole(Command):
    """Copy name, number, phone, e-mail and address."""

    keys = "Y"


class ShowPlainText(Command):
    """Show the customer as plain text, to mark and copy by hand."""


class Dial(Command):
    """Dial the primary phone number."""

    keys = "t"


class WriteMail(Command):
    """Write to the primary e-mail address."""

    keys = "w"


class ReadBack(Command):
    """Spell name, e-mail, postcode and number for the phone."""

    # Lists of records have an r of their own, for what is returned or answered.
    keys = "r,R"


class ShowMap(Command):
    """Show the address on a map."""

    keys = "M"


class ArchiveCustomer(Command):
    """Archive this customer, or take it back from the archive."""

    permission = "customers:write"


class DeleteCustomer(Command):
    """Delete this customer for good."""

    permission = "customers:delete"


class MergeCustomer(Command):
    """Merge with another customer: two records of one person become one."""

    permission = "customers:delete"
    feature = "merging"


class ExportPersonalData(Command):
    """Export the personal data of this customer: all that is held."""

    permission = "personal-data:read"
    feature = "personal_data"


class ErasePersonalData(Command):
    """Erase the personal data of this customer for good; the books stay."""

    permission = "personal-data:delete"
    feature = "personal_data"


class CloseCustomer(Command):
    """Close this customer and go back to the list."""

    keys = "x"


class BackToList(Command):
    """Go back to the list; the customer stays open."""

    keys = "escape"
    footer = "back"
